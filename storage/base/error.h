#pragma once
// The one exception type. Its categories are Druid's (org.apache.druid.error.DruidException), so that an error body
// is a direct translation; see server/http/error_body.h. Thread safety: a value, free to copy.

#include <cstdint>
#include <stdexcept>
#include <string>

namespace sarsen {

enum class ErrorCategory : std::uint8_t {
  kInvalidInput,      // 400: the request or file given by a user is wrong
  kForbidden,         // 403
  kNotFound,          // 404
  kCapacityExceeded,  // 429: the server is busy
  kResourceLimit,     // 400: this query wants more memory or rows than it may (Druid's "Resource limit exceeded")
  kUnsupported,       // 501: understood, but not built
  kTimeout,           // 504
  kCanceled,          // 500
  kRuntimeFailure,    // 500: corrupt bytes, failing disk
  kDefensive,         // 500: our own bug
};

class Error : public std::runtime_error {
 public:
  /// `message` is written for the person who reads the response: static text first, runtime values last.
  Error(ErrorCategory category, const std::string& message)
      : std::runtime_error(message), category_(category) {}

  ErrorCategory category() const noexcept { return category_; }

 private:
  ErrorCategory category_;
};

}  // namespace sarsen
