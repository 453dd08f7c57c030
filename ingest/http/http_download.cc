#include "ingest/http/http_download.h"

#include <chrono>
#include <thread>

#include "ingest/http/http_exchange.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr int kTriesMax = 5;
constexpr auto kFirstPause = std::chrono::milliseconds(200);  // doubled with each try

}  // namespace

void http_download(const HttpRequest& request, const std::filesystem::path& file) {
  const HttpExchange exchange{.url = request.url,
                              .user = request.user,
                              .password = request.password,
                              .headers = request.headers,
                              .target = file};
  auto pause = kFirstPause;
  for (int tries = 1;; ++tries) {
    const HttpAnswer answer = http_exchange(exchange);
    if (answer.good()) return;
    if (!answer.passing || tries == kTriesMax) {
      const bool missing = answer.status == 404 || answer.status == 410;
      throw Error(missing ? ErrorCategory::kNotFound : ErrorCategory::kRuntimeFailure,
                  "Cannot fetch " + request.url + ": " + answer.problem);
    }
    log_warn("Cannot fetch {}: {}; trying again", request.url, answer.problem);
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

}  // namespace sarsen::ingest
