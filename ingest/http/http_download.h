#pragma once
// Fetches a URL into a file, over http and https. Thread safety: from any thread.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sarsen::ingest {

struct HttpRequest {
  std::string url;
  std::string user;  // empty: without authentication
  std::string password = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// Waits for the whole body, whose bytes go to `file` as they come: memory does not grow with it. Follows redirects to
/// http and https, and tries again where the server is away or says 5xx. Throws kRuntimeFailure naming the URL,
/// kNotFound for 404 and 410, kUnsupported where the build has no libcurl.
void http_download(const HttpRequest& request, const std::filesystem::path& file);

}  // namespace sarsen::ingest
