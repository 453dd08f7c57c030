#include "engine/query/sub_query_budget.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <variant>

#include "storage/base/error.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

bool is_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [](unsigned char a, char b) { return std::tolower(a) == b; });
}

/// nullopt: disabled. "auto" is what a query may have at all.
std::optional<std::int64_t> bytes_limit(const QueryContext& context, const QueryLimits& limits) {
  const std::optional<std::string> text = context.text("maxSubqueryBytes");
  if (!text || is_word(*text, "disabled")) return std::nullopt;
  if (is_word(*text, "auto")) return static_cast<std::int64_t>(limits.group_bytes_max);
  const std::optional<std::int64_t> bytes = exact_long(*text);
  if (!bytes)
    throw Error(ErrorCategory::kInvalidInput,
                "Unable to parse the provided maxSubqueryLimit [" + *text +
                    "] to a valid number. Valid values for the maxSubqueryLimits can be 'auto', 'disabled' or a "
                    "positive integer representing bytes to reserve.");
  if (*bytes < 0) throw Error(ErrorCategory::kInvalidInput, "Limit too large");
  return bytes;
}

/// Druid's frames: a byte for null and the number, or the text and its length.
std::int64_t bytes_of(const Value& value) {
  constexpr std::int64_t kNumberBytes = 9;
  if (const auto* text = std::get_if<std::string>(&value)) return kNumberBytes + std::ssize(*text);
  if (const auto* complex = std::get_if<ComplexBytes>(&value)) return kNumberBytes + std::ssize(complex->bytes);
  if (const auto* nested = std::get_if<Nested>(&value)) return kNumberBytes + std::ssize(nested->json.dump());
  std::int64_t bytes = kNumberBytes;
  if (const auto* list = std::get_if<List>(&value))
    for (const Value& element : list->elements()) bytes += bytes_of(element);
  return bytes;
}

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCategory::kResourceLimit, "Cannot issue the query, subqueries generated results beyond maximum[" +
                                                 message +
                                                 " Manually alter the value carefully as it can cause the broker to go "
                                                 "out of memory.");
}

}  // namespace

SubQueryBudget::SubQueryBudget(const QueryContext& context, const QueryLimits& limits)
    : rows_max_(context.integer_or("maxSubqueryRows", limits.sub_query_rows_max)) {
  if (const auto bytes = bytes_limit(context, limits)) {
    bytes_max_ = *bytes;
    rows_max_ = INT64_MAX;
  }
}

void SubQueryBudget::count(const std::vector<Value>& row) {
  if (++rows_ > rows_max_)
    refuse(std::to_string(rows_max_) +
           "] rows. Try setting the 'maxSubqueryBytes' in the query context to 'auto' for enabling byte based limit, "
           "which chooses an optimal limit based on memory size and result's heap usage or manually configure the "
           "values of either 'maxSubqueryBytes' or 'maxSubqueryRows' in the query context.");
  if (bytes_max_ == INT64_MAX) return;
  for (const Value& value : row) bytes_ += bytes_of(value);
  if (bytes_ > bytes_max_)
    refuse(std::to_string(bytes_max_) +
           "] bytes. Increase the JVM's memory or set the 'maxSubqueryBytes' in the query context to increase the "
           "space allocated for subqueries to materialize their results.");
}

}  // namespace sarsen::engine
