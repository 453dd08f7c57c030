#pragma once
// A request that is made again while there is hope for it. Thread safety: from any thread.

#include <chrono>
#include <string>
#include <string_view>

#include "ingest/http/http_exchange.h"

namespace sarsen::ingest {

struct HttpRetries {
  int tries_max;
  std::chrono::milliseconds first_pause;  // doubled with each try
};

/// What the body of an answer says of a problem.
using HttpExplanation = std::string (*)(std::string_view body);

/// A good answer. Throws kNotFound where there is nothing (404, 410), and kRuntimeFailure: "Cannot " + `what` + why.
HttpAnswer http_exchange(const HttpExchange& exchange, const std::string& what, const HttpRetries& retries,
                         HttpExplanation explain = nullptr);

}  // namespace sarsen::ingest
