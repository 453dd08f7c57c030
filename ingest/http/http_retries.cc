#include "ingest/http/http_retries.h"

#include <thread>

#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {

HttpAnswer http_exchange(const HttpExchange& exchange, const std::string& what, const HttpRetries& retries,
                         HttpExplanation explain) {
  auto pause = retries.first_pause;
  for (int tries = 1;; ++tries) {
    HttpAnswer answer = http_exchange(exchange);
    if (answer.good()) return answer;
    std::string problem = "Cannot " + what + ": " + answer.problem;
    if (explain != nullptr) problem += explain(answer.body);
    if (answer.status == 404 || answer.status == 410) throw Error(ErrorCategory::kNotFound, problem);
    if (!answer.passing || tries == retries.tries_max) throw Error(ErrorCategory::kRuntimeFailure, problem);
    log_warn("{}; trying again", problem);
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

}  // namespace sarsen::ingest
