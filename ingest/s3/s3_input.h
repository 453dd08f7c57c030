#pragma once
// Druid's input source s3: objects in buckets, named one by one or by what their keys begin with, and how one asks for
// them. What the specification leaves open is as druid.s3.* of this process says. Thread safety: immutable once parsed.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/batch/line_reader.h"
#include "ingest/s3/object_glob.h"
#include "ingest/s3/s3_client.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

struct S3Object {
  std::string bucket;
  std::string key;
  std::uint64_t bytes = 0;  // 0 where it was not listed
  std::string text = "s3://" + bucket + "/" + key;
};

/// Of this process: where S3 is and who asks. To be called before the first specification is parsed.
void set_s3_input_connection(S3Connection connection);

class S3Input {
 public:
  /// Throws kInvalidInput naming the field, kUnsupported for what is not built. Asks no server.
  static S3Input parse(const JsonField& json);

  /// Those that match objectGlob; of prefixes what the server lists now, but nothing that is empty. Throws
  /// kRuntimeFailure and kNotFound with the server's words.
  std::vector<S3Object> objects() const;

  /// Fetches it into a temporary folder below `scratch`, which goes when the reader does. How it is packed is told by
  /// the suffix of its key.
  std::unique_ptr<LineReader> open(const S3Object& object, const std::filesystem::path& scratch) const;

 private:
  explicit S3Input(S3Connection connection) : client_(std::move(connection)) {}
  void append_listed(const S3Object& prefix, std::vector<S3Object>& objects) const;
  bool wants(const S3Object& object) const { return !glob_ || glob_->matches(object.key); }

  S3Client client_;
  std::vector<S3Object> named_;
  std::vector<S3Object> prefixes_;
  std::shared_ptr<const ObjectGlob> glob_;
};

}  // namespace sarsen::ingest
