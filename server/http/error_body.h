#pragma once
// Druid's error bodies. Three shapes, because its clients know three:
//   A  a query that cannot be read: {error, errorMessage, errorClass, host}
//   B  a failure with a code of old: {error, errorClass, host, errorCode: "legacyQueryException", persona, category,
//      errorMessage, context}
//   C  a structured error: {error: "druidException", errorCode, persona, category, errorMessage, context}
// Where stock Druid answers a wrong query with status 500 and an opaque text, the answer here is 400, shape C, and the
// message names the field.

#include <exception>
#include <string>
#include <string_view>

#include "server/http/request.h"
#include "server/http/response_writer.h"
#include "storage/base/error.h"
#include "storage/base/json_writer.h"

namespace sarsen::server {

struct ErrorAnswer {
  int status;
  std::string body;
};

/// Shape A: the body of the request is no JSON.
ErrorAnswer unreadable_answer(const Error& error, JsonStyle style);

/// Shape B or C, by category, for everything that a query meets after it was read.
ErrorAnswer error_answer(const Error& error, JsonStyle style);

/// As error_answer, for what may be no Error of ours: then it is a failure at run time.
ErrorAnswer error_answer(const std::exception& error, JsonStyle style);

/// The parts of shape C that vary.
struct StructuredError {
  std::string_view code;      // "invalidInput"
  std::string_view persona;   // "USER"
  std::string_view category;  // "INVALID_INPUT"
  std::string_view message;
};

/// Shape C.
std::string error_body(const StructuredError& error, JsonStyle style);

/// Pretty where the request has the parameter `pretty`, whatever its value.
JsonStyle style_of(const Request& request) noexcept;

}  // namespace sarsen::server
