#pragma once
// One request over http or https and its answer: the only door to libcurl. Nothing is tried again here. Thread safety:
// from any thread.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sarsen::ingest {

struct HttpExchange {
  std::string method = "GET";
  std::string url;
  std::string user = {};  // empty: without authentication
  std::string password = {};
  std::string signature = {};  // "aws:amz:REGION:s3": by that scheme, with user and password as the keys
  std::string proxy = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool follow_redirects = true;
  std::optional<std::filesystem::path> body = {};    // the file that is sent
  std::uint64_t body_from = 0;                       // of it: where what is sent begins
  std::optional<std::uint64_t> body_bytes = {};      // and how much; else all the rest
  std::optional<std::string> text = {};              // what is sent, where it is no file
  std::optional<std::filesystem::path> target = {};  // the file that a good answer goes to; else it is kept in memory
};

struct HttpAnswer {
  long status = 0;              // 0: there was none
  std::string body;             // what went to no file, its first 8 MiB
  std::string entity_tag = {};  // its ETag, with the quotes
  std::string problem;          // what to tell a person where it is not good()
  bool passing = false;         // the server is away, or has too much to do: later it may go well

  bool good() const noexcept { return status >= 200 && status < 300 && problem.empty(); }
};

/// Memory does not grow with files. Throws kRuntimeFailure where a file cannot be read or written, kUnsupported where
/// the build has no libcurl.
HttpAnswer http_exchange(const HttpExchange& exchange);

}  // namespace sarsen::ingest
