#pragma once
// Objects in S3, or in whatever speaks its protocol. Each call tries again where the server is away or overburdened.
// What is longer than a part is sent in several, which appear as one object or not at all. Thread safety: from any
// thread. Errors: kRuntimeFailure naming bucket and key, with the server's words.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/http/http_exchange.h"

namespace sarsen::ingest {

struct S3Connection {
  std::string endpoint;  // "https://host:port"; empty: Amazon's, of the region
  std::string region = "us-east-1";
  bool path_style = false;  // the bucket is in the path, not in the name of the host
  std::string access_key;
  std::string secret_key;
  std::string session_token = {};
  std::string proxy = {};
  std::uint64_t part_bytes = std::uint64_t{128} << 20;  // S3 wants at least 5 MiB, and at most 5 GiB
};

struct S3Listed {
  std::string key;
  std::uint64_t bytes = 0;
};

class S3Client {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  explicit S3Client(S3Connection connection) : connection_(std::move(connection)) {}

  /// Durable when it returns; what was under the key is replaced.
  void put(const std::string& bucket, const std::string& key, const std::filesystem::path& file,
           const Headers& headers = {}) const;

  /// Of at most 5 GiB, by the server. Throws kNotFound where there is no such object.
  void copy(const std::string& bucket, const std::string& key, const std::string& target_bucket,
            const std::string& target_key, const Headers& headers = {}) const;

  /// Throws kNotFound where there is no such object.
  void get(const std::string& bucket, const std::string& key, const std::filesystem::path& file) const;

  /// Nothing to do where it is gone.
  void remove(const std::string& bucket, const std::string& key) const;

  /// All objects whose keys begin so, in the server's order. Throws where there are more than `listed_max`.
  std::vector<S3Listed> list_objects(const std::string& bucket, const std::string& prefix,
                                     std::size_t listed_max) const;
  /// Their keys; of one segment.
  std::vector<std::string> list(const std::string& bucket, const std::string& prefix) const;

 private:
  std::string url(const std::string& bucket, std::string_view key) const;
  struct Upload {
    std::string url;
    std::string id;
    std::string what;
  };
  void put_in_parts(const Upload& upload, const std::filesystem::path& file, std::uint64_t bytes) const;
  std::string put_part(const Upload& upload, const std::filesystem::path& file, std::uint64_t number,
                       std::uint64_t from, std::uint64_t bytes) const;
  void complete(const Upload& upload, const std::string& parts) const;
  void abort(const Upload& upload) const noexcept;
  HttpAnswer send(HttpExchange exchange, const std::string& what) const;

  const S3Connection connection_;
};

}  // namespace sarsen::ingest
