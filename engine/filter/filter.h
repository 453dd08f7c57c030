#pragma once
// Filters: what a query's `filter` says, with SQL's three values. A Filter is the parsed form, immutable and shared;
// bind() joins it to the columns of one cursor and gives a FilterMatcher, which answers two questions: what can the
// bitmap indexes decide, and which rows of this vector remain. Adding one: CONTRIBUTING.md; the simplest is
// selector.cc.
//
// Unknown: a leaf asked about a null row is neither true nor false. `include_unknown` counts such rows as matching;
// `not` asks its field with the flag flipped and complements, which gives SQL's truth tables. A query asks with false.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/vector/column_sources.h"
#include "storage/base/json.h"

namespace sarsen::engine {

/// Belongs to one cursor. Not thread-safe.
class FilterMatcher {
 public:
  virtual ~FilterMatcher() = default;

  /// Sets `mask` to the matching rows of [begin, begin + size): every word is written, bits past `size` are 0.
  /// REQUIRES: begin is a multiple of 64, 0 < size <= kVectorRows.
  virtual void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) = 0;

  /// What deciding by index costs, in row numbers to be set; nullopt where no index can decide.
  virtual std::optional<std::uint64_t> index_cost(bool /*include_unknown*/) const { return std::nullopt; }

  /// Sets `rows` (one bit per row of the segment, all 0 on entry) to the matching rows. REQUIRES: index_cost() has a
  /// value.
  virtual void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const;

  /// Whether Druid has an index for it, which says how a search reads columns there, and so which hits it finds first.
  virtual bool has_index_in_druid() const { return index_cost(false).has_value(); }

  /// The conjuncts of an `and`, so that some can be decided by index and others by value; empty for everything else.
  virtual std::span<const std::unique_ptr<FilterMatcher>> conjuncts() const { return {}; }
};

/// What a filter is bound for.
struct FilterUse {
  /// Rows of the segment, for filters that complement an index.
  std::uint32_t row_count = 0;
  /// Druid asks each row instead of the indexes: inside a filtered aggregator, and where `not` is of fields of which
  /// only some have an index. The two differ for null rows in a few leaves.
  bool by_row = false;
};

class Filter {
 public:
  virtual ~Filter() = default;
  virtual std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const = 0;
};

using FilterPtr = std::shared_ptr<const Filter>;

/// From {"type", …}. Throws kInvalidInput naming the field; unknown types come with a suggestion; types that Druid has
/// and this program does not yet are kUnsupported.
FilterPtr parse_filter(const JsonField& json);

/// nullptr when absent.
FilterPtr parse_optional_filter(const JsonField& json);

/// Rows that pass both; nullptr stands for all rows.
FilterPtr both(FilterPtr left, FilterPtr right);

struct FilterType {
  std::string_view type;  // "selector"
  FilterPtr (*parse)(const JsonField& json);
  std::string_view doc;
};

class FilterRegistry {
 public:
  void add(FilterType type) { types_.push_back(type); }
  const std::vector<FilterType>& types() const noexcept { return types_; }

 private:
  std::vector<FilterType> types_;
};

const FilterRegistry& filters();

}  // namespace sarsen::engine
