#pragma once
// JSONPath as Druid's flattenSpec has it: Jayway's language over raw values, with the habits that Druid's provider
// gives it. Children by dot and bracket, several of them, indexes, slices, wildcards, deep scans, filters, and the
// functions length(), min(), max(), sum(), avg(), keys(). A path that finds nothing is null, or an empty list where it
// could have found several; a member that is missing below a wildcard is a null of its own.
//
// Immutable; thread-safe.

#include <memory>
#include <string>
#include <string_view>

#include "ingest/row/raw_value.h"
#include "ingest/row/row_arena.h"

namespace sarsen::ingest {

/// Bytes of one path.
inline constexpr std::size_t kJsonPathBytesMax = 16 * 1024;
/// Values that one path may find in one row.
inline constexpr std::size_t kJsonPathFoundMax = std::size_t{1} << 20;

class JsonPath {
 public:
  /// Throws kInvalidInput for what is no path, kUnsupported for what Jayway has and this does not.
  static JsonPath parse(std::string_view text);

  /// What it finds in `root`. New lists and objects are kept in `arena`. Throws kInvalidInput where a function cannot
  /// be computed, kResourceLimit where it finds more than kJsonPathFoundMax.
  RawValue find(const RawValue& root, RowArena& arena) const;

  class Step;

 private:
  explicit JsonPath(std::shared_ptr<const Step> first) : first_(std::move(first)) {}

  std::shared_ptr<const Step> first_;  // null: the root itself
};

/// The member of an object; nullptr where it is no object, or has none of that name.
const RawValue* member_of(const RawValue& object, std::string_view name) noexcept;

}  // namespace sarsen::ingest
