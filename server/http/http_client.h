#pragma once
// The small HTTP client of `sarsen query --url`. It speaks HTTP/1.0, so that the end of the answer is the end of the
// connection; http:// only.

#include <cstdint>
#include <string>
#include <string_view>

namespace sarsen::server {

struct HttpUrl {
  std::string host;
  std::string port = "80";
  std::string path;  // as given, perhaps empty
};

/// "http://HOST[:PORT][/PATH]", the scheme may be left out. Throws kInvalidInput.
HttpUrl parse_http_url(std::string_view text);

struct HttpAnswer {
  int status;
  std::string body;
};

/// POSTs JSON and waits for the whole answer. Throws kRuntimeFailure where the server cannot be reached or does not
/// speak HTTP.
HttpAnswer http_post(const HttpUrl& url, std::string_view path, std::string_view json);

}  // namespace sarsen::server
