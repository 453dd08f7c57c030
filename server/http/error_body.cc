#include "server/http/error_body.h"

namespace sarsen::server {
namespace {

/// A failure that older versions of Druid already had a word for.
struct LegacyError {
  int status;
  std::string_view code;         // "Query timeout"
  std::string_view error_class;  // Java's name, where clients may look for one; else empty: null
  std::string_view category;
};

constexpr LegacyError kUnreadable{400, "Json parse failed", "com.fasterxml.jackson.core.JsonParseException",
                                  "INVALID_INPUT"};
constexpr LegacyError kBadContext{400, "Query context parse failed", "org.apache.druid.query.BadQueryContextException",
                                  "INVALID_INPUT"};
constexpr LegacyError kResourceLimit{400, "Resource limit exceeded",
                                     "org.apache.druid.query.ResourceLimitExceededException", "INVALID_INPUT"};
constexpr LegacyError kCapacity{429, "Query capacity exceeded", "org.apache.druid.query.QueryCapacityExceededException",
                                "CAPACITY_EXCEEDED"};
constexpr LegacyError kUnsupported{501, "Unsupported query", "org.apache.druid.query.QueryUnsupportedException",
                                   "UNSUPPORTED"};
constexpr LegacyError kTimeout{504, "Query timeout", "org.apache.druid.query.QueryTimeoutException", "TIMEOUT"};
constexpr LegacyError kCanceled{500, "Query cancelled", "org.apache.druid.query.QueryInterruptedException", "CANCELED"};
constexpr LegacyError kUnknown{500, "Unknown exception", "", "RUNTIME_FAILURE"};

void put_class(JsonWriter& writer, std::string_view error_class) {
  writer.key("errorClass");
  if (error_class.empty())
    writer.null();
  else
    writer.string(error_class);
}

ErrorAnswer shape_a(const LegacyError& error, std::string_view message, JsonStyle style) {
  JsonWriter writer(style);
  writer.begin_object().key("error").string(error.code).key("errorMessage").string(message);
  put_class(writer, error.error_class);
  writer.key("host").null().end_object();
  return {error.status, writer.take()};
}

ErrorAnswer shape_b(const LegacyError& error, std::string_view message, JsonStyle style) {
  JsonWriter writer(style);
  writer.begin_object().key("error").string(error.code);
  put_class(writer, error.error_class);
  writer.key("host").null().key("errorCode").string("legacyQueryException").key("persona").string("OPERATOR");
  writer.key("category").string(error.category).key("errorMessage").string(message);
  writer.key("context").begin_object().key("host").null();
  put_class(writer, error.error_class);
  writer.key("legacyErrorCode").string(error.code).end_object().end_object();
  return {error.status, writer.take()};
}

ErrorAnswer shape_c(int status, const StructuredError& error, JsonStyle style) {
  return {status, error_body(error, style)};
}

/// Complaints about the query's context are told in Druid's own words, and under a code of their own.
bool is_about_context(std::string_view message) noexcept {
  return message.starts_with("Expected key [") || message.starts_with("Timeout [") ||
         message.starts_with("Configured timeout = ");
}

}  // namespace

std::string error_body(const StructuredError& error, JsonStyle style) {
  JsonWriter writer(style);
  writer.begin_object().key("error").string("druidException").key("errorCode").string(error.code);
  writer.key("persona").string(error.persona).key("category").string(error.category);
  writer.key("errorMessage").string(error.message).key("context").begin_object().end_object().end_object();
  return writer.take();
}

ErrorAnswer unreadable_answer(const Error& error, JsonStyle style) { return shape_a(kUnreadable, error.what(), style); }

ErrorAnswer error_answer(const Error& error, JsonStyle style) {
  const std::string_view message = error.what();
  switch (error.category()) {
    case ErrorCategory::kInvalidInput:
      if (is_about_context(message)) return shape_b(kBadContext, message, style);
      return shape_c(400, {"invalidInput", "USER", "INVALID_INPUT", message}, style);
    case ErrorCategory::kResourceLimit:
      return shape_b(kResourceLimit, message, style);
    case ErrorCategory::kForbidden:
      return shape_c(403, {"forbidden", "USER", "FORBIDDEN", message}, style);
    case ErrorCategory::kNotFound:
      return shape_c(404, {"notFound", "USER", "NOT_FOUND", message}, style);
    case ErrorCategory::kCapacityExceeded:
      return shape_b(kCapacity, message, style);
    case ErrorCategory::kUnsupported:
      return shape_b(kUnsupported, message, style);
    case ErrorCategory::kTimeout:
      return shape_b(kTimeout, message, style);
    case ErrorCategory::kCanceled:
      return shape_b(kCanceled, message, style);
    case ErrorCategory::kRuntimeFailure:
      return shape_b(kUnknown, message, style);
    case ErrorCategory::kDefensive:
      return shape_c(500, {"general", "DEVELOPER", "DEFENSIVE", message}, style);
  }
  return shape_b(kUnknown, message, style);
}

ErrorAnswer error_answer(const std::exception& error, JsonStyle style) {
  if (const auto* known = dynamic_cast<const Error*>(&error)) return error_answer(*known, style);
  return shape_b(kUnknown, error.what(), style);
}

JsonStyle style_of(const Request& request) noexcept {
  return request.has_parameter("pretty") ? JsonStyle::kPretty : JsonStyle::kCompact;
}

}  // namespace sarsen::server
