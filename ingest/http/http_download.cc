#include "ingest/http/http_download.h"

#include "ingest/http/http_retries.h"

namespace sarsen::ingest {
namespace {

constexpr HttpRetries kRetries{.tries_max = 5, .first_pause = std::chrono::milliseconds(200)};

}  // namespace

void http_download(const HttpRequest& request, const std::filesystem::path& file) {
  const HttpExchange exchange{.url = request.url,
                              .user = request.user,
                              .password = request.password,
                              .headers = request.headers,
                              .target = file};
  http_exchange(exchange, "fetch " + request.url, kRetries);
}

}  // namespace sarsen::ingest
