#include "engine/query/sub_query_limit.h"

#include <algorithm>

#include "engine/query/query.h"
#include "engine/text/java_case.h"
#include "storage/base/error.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

/// "auto": half of the memory, shared by the queries that Druid's broker runs at a time by default.
constexpr std::uint64_t kQueriesAtATime = 32;

bool is_word(const std::string& text, std::string_view word) {
  return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

std::uint64_t auto_bytes(const QueryLimits& limits) {
  const auto memory = static_cast<std::uint64_t>(limits.memory_bytes_max);
  return limits.memory_bytes_max == INT64_MAX ? limits.query_bytes_max / 2
                                              : std::max<std::uint64_t>(memory / 2 / kQueriesAtATime, 1);
}

/// nullopt: rows are counted instead.
std::optional<std::uint64_t> parse_bytes(const std::string& text, const QueryLimits& limits) {
  if (is_word(text, "disabled")) return std::nullopt;
  if (is_word(text, "auto")) return auto_bytes(limits);
  const std::optional<std::int64_t> bytes = exact_long(text);
  if (!bytes)
    throw Error(ErrorCategory::kInvalidInput,
                "Unable to parse the provided maxSubqueryLimit [" + text +
                    "] to a valid number. Valid values for the maxSubqueryLimits can be 'auto', 'disabled' or a "
                    "positive integer representing bytes to reserve.");
  if (*bytes < 0) throw Error(ErrorCategory::kInvalidInput, "Limit too large");
  return static_cast<std::uint64_t>(*bytes);
}

}  // namespace

std::size_t row_bytes(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return sizeof(Value) + text->size();
  if (const auto* bytes = std::get_if<ComplexBytes>(&value)) return sizeof(Value) + bytes->bytes.size();
  if (const auto* nested = std::get_if<Nested>(&value)) return sizeof(Value) + nested->json.dump().size();
  std::size_t size = sizeof(Value);
  if (const auto* list = std::get_if<List>(&value))
    for (const Value& element : list->elements()) size += row_bytes(element);
  return size;
}

SubQueryLimit::SubQueryLimit(const QueryContext& context, const QueryLimits& limits)
    : rows_max_(context.integer_or("maxSubqueryRows", limits.sub_query_rows_max)),
      bytes_max_(parse_bytes(context.text("maxSubqueryBytes").value_or(limits.sub_query_bytes_max), limits)) {
  if (rows_max_ < 0) rows_max_ = INT32_MAX;
}

void SubQueryLimit::start(const RowSignature& signature) {
  if (std::any_of(signature.begin(), signature.end(), [](const auto& column) { return column.type.empty(); }))
    knew_types_ = false;  // and from here on for all, as in Druid
  by_bytes_ = bytes_max_ && knew_types_;
  if (by_bytes_) {
    check_bytes(bytes_);
  } else {
    check_rows(rows_ + 1);
  }
}

void SubQueryLimit::count(const std::vector<Value>& row) {
  ++rows_;
  if (!by_bytes_) return check_rows(rows_);
  for (const Value& value : row) bytes_ += row_bytes(value);
  check_bytes(bytes_);
}

void SubQueryLimit::check_rows(std::int64_t rows) const {
  if (rows <= rows_max_) return;
  throw Error(ErrorCategory::kResourceLimit,
              "Cannot issue the query, subqueries generated results beyond maximum[" + std::to_string(rows_max_) +
                  "] rows. Try setting the 'maxSubqueryBytes' in the query context to 'auto' for enabling byte based "
                  "limit, which chooses an optimal limit based on memory size and result's heap usage or manually "
                  "configure the values of either 'maxSubqueryBytes' or 'maxSubqueryRows' in the query context. "
                  "Manually alter the value carefully as it can cause the broker to go out of memory.");
}

void SubQueryLimit::check_bytes(std::uint64_t bytes) const {
  if (bytes < *bytes_max_) return;
  throw Error(ErrorCategory::kResourceLimit,
              "Cannot issue the query, subqueries generated results beyond maximum[" + std::to_string(*bytes_max_) +
                  "] bytes. Increase the JVM's memory or set the 'maxSubqueryBytes' in the query context to increase "
                  "the space allocated for subqueries to materialize their results. Manually alter the value "
                  "carefully as it can cause the broker to go out of memory.");
}

}  // namespace sarsen::engine
