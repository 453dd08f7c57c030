#include "engine/query/query.h"

#include <algorithm>
#include <charconv>

#include "storage/base/ascii_case.h"
#include "storage/base/check.h"
#include "storage/base/java_number.h"
#include "storage/base/readable_bytes.h"

namespace sarsen::engine {
namespace {

/// What Jackson makes of a JSON value, as Druid names it in messages.
std::string_view java_class(const Json& value) {
  if (value.is_array()) return "java.util.ArrayList";
  if (value.is_object()) return "java.util.LinkedHashMap";
  if (value.is_string()) return "java.lang.String";
  if (value.is_bool()) return "java.lang.Boolean";
  if (value.is_double()) return "java.lang.Double";
  return value.integer() == static_cast<std::int32_t>(value.integer()) ? "java.lang.Integer" : "java.lang.Long";
}

[[noreturn]] void fail_context(std::string_view key, std::string_view wanted, const Json& value) {
  throw Error(ErrorCategory::kInvalidInput, "Expected key [" + std::string(key) + "] to be " + std::string(wanted) +
                                                ", but got [" + std::string(java_class(value)) + "]");
}

}  // namespace

QueryContext::QueryContext(const JsonField& json) {
  if (!json.present()) return;
  if (!json.json().is_object()) json.fail("must be an object");
  values_ = json.json();
  check_vectorize("vectorize");
  check_vectorize("vectorizeVirtualColumns");
  // Stock Druid would never end.
  if (integer_or("vectorSize", 512) <= 0)
    throw Error(ErrorCategory::kInvalidInput, "Expected key [vectorSize] to be greater than 0");
}

/// Every query runs on vectors here, so the value changes nothing; a wrong one is still a mistake worth telling.
void QueryContext::check_vectorize(std::string_view key) const {
  const Json* value = find(key);
  if (value == nullptr || value->is_bool()) return;
  if (!value->is_string())
    fail_context(key, "referring to one of the values [FALSE,TRUE,FORCE] of enum [Vectorize]", *value);
  for (const std::string_view known : {"false", "true", "force"})
    if (storage::equals_ignoring_case(value->string(), known)) return;
  throw Error(ErrorCategory::kInvalidInput,
              "Expected key [" + std::string(key) +
                  "] to be referring to one of the values [FALSE,TRUE,FORCE] of enum [Vectorize], but got [" +
                  value->string() + "]");
}

const Json* QueryContext::find(std::string_view key) const noexcept {
  const Json* value = values_.find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

bool QueryContext::boolean_or(std::string_view key, bool otherwise) const {
  const Json* value = find(key);
  if (value == nullptr) return otherwise;
  if (value->is_bool()) return value->boolean();
  if (value->is_string()) return storage::equals_ignoring_case(value->string(), "true");
  fail_context(key, "a Boolean", *value);
}

std::int64_t QueryContext::number_or(std::string_view key, std::int64_t otherwise, std::string_view type,
                                     std::string_view format) const {
  const Json* value = find(key);
  if (value == nullptr) return otherwise;
  if (value->is_integer()) return value->integer();
  if (value->is_double()) return java_long(value->number());
  if (!value->is_string()) fail_context(key, type, *value);
  if (const std::optional<std::int64_t> number = exact_long(value->string())) return *number;
  throw Error(ErrorCategory::kInvalidInput, "Expected key [" + std::string(key) + "] to be in " + std::string(format) +
                                                " format, but got [" + value->string() + "]");
}

std::int64_t QueryContext::integer_or(std::string_view key, std::int64_t otherwise) const {
  return number_or(key, otherwise, "a Long", "long");
}

/// Java cuts longer numbers to their lower 32 bits.
std::int64_t QueryContext::int_or(std::string_view key, std::int64_t otherwise) const {
  return static_cast<std::int32_t>(number_or(key, otherwise, "an Integer", "integer"));
}

std::optional<std::string> QueryContext::string(std::string_view key) const {
  const Json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) fail_context(key, "a String", *value);
  return value->string();
}

std::uint64_t QueryContext::bytes_or(std::string_view key, std::uint64_t otherwise) const {
  constexpr std::string_view kWanted = "a human readable number";
  const Json* value = find(key);
  if (value == nullptr) return otherwise;
  if (value->is_integer()) return static_cast<std::uint64_t>(std::max<std::int64_t>(value->integer(), 0));
  if (value->is_double()) return static_cast<std::uint64_t>(std::max<std::int64_t>(java_long(value->number()), 0));
  if (!value->is_string()) fail_context(key, kWanted, *value);
  if (const std::optional<std::uint64_t> bytes = parse_readable_bytes(value->string())) return *bytes;
  throw Error(ErrorCategory::kInvalidInput, "Expected key [" + std::string(key) + "] to be " + std::string(kWanted) +
                                                ", but got [" + value->string() + "]");
}

std::optional<std::string> QueryContext::text(std::string_view key) const {
  const Json* value = find(key);
  if (value == nullptr) return std::nullopt;
  return value->is_string() ? value->string() : value->dump();
}

std::int64_t QueryContext::timeout_ms(std::int64_t otherwise) const {
  const std::int64_t timeout = integer_or("timeout", otherwise);
  if (timeout < 0)
    throw Error(ErrorCategory::kInvalidInput,
                "Timeout [timeout] must be a non negative value, but was " + std::to_string(timeout));
  return timeout;
}

bool QueryContext::is_forced(std::string_view key) const {
  const Json* value = find(key);
  return value != nullptr && value->is_string() && storage::equals_ignoring_case(value->string(), "force");
}

std::string QueryContext::query_id() const { return string("queryId").value_or(""); }

Query::Query(const JsonField& json, Intervals intervals, Columns columns)
    : type_(json["queryType"].string()),
      source_(parse_data_source(json["dataSource"])),
      context_(json["context"]),
      virtual_columns_(columns == Columns::kVirtualToo ? std::make_shared<const VirtualColumns>(json["virtualColumns"])
                                                       : std::make_shared<const VirtualColumns>()) {
  // Druid reads these of every query, whether they matter to it or not.
  for (const char* key : {"finalize", "populateCache", "bySegment"}) context_.boolean_or(key, false);
  const JsonField list = json["intervals"];
  if (list.present()) {
    intervals_ = parse_intervals(list);
    segments_ = parse_segments(list);
  } else if (intervals == Intervals::kEternityWhenAbsent) {
    intervals_ = {kEternity};
  } else {
    list.fail("is required, such as \"2013-08-31/2013-09-01\"");
  }
}

void Query::rows(QueryRun&, RowSink&) const {
  throw Error(ErrorCategory::kInvalidInput, "Query type '" + type_ + "' does not support returning results as arrays");
}

void refuse_present(const JsonField& json, std::string_view what) {
  if (!json.present()) return;
  const Json& value = json.json();
  if ((value.is_array() && value.array().empty()) || (value.is_object() && value.object().empty())) return;
  throw Error(ErrorCategory::kUnsupported, json.path() + ": " + std::string(what) + " not part of this version");
}

}  // namespace sarsen::engine
