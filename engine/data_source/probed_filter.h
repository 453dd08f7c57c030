#pragma once
// A filter bound to one segment alone, to learn whether it reads that segment and nothing else, and to ask it of all
// rows. Belongs to one thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/filter/filter.h"
#include "engine/virtual_column/virtual_column.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

class ProbedFilter {
 public:
  /// Of a column's name: whether it is not the segment's to give.
  using NameTest = std::function<bool(std::string_view)>;
  enum class Use : std::uint8_t { kToAsk, kToLearn };

  /// `virtual_columns`: nullptr: none. All must outlive it. kToLearn costs nothing, whatever the filter is.
  ProbedFilter(const Filter& filter, const storage::Segment& segment, const VirtualColumns* virtual_columns,
               NameTest is_elsewhere, Use use);
  ~ProbedFilter();

  bool is_within() const noexcept;

  /// One bit per row of the segment; nullopt: some row cannot be asked. REQUIRES: is_within(), kToAsk.
  std::optional<std::vector<std::uint64_t>> mask();

 private:
  class Watched;

  std::uint32_t rows_;
  std::unique_ptr<ColumnSources> stored_;
  std::unique_ptr<ColumnSources> kinds_;  // kToLearn
  std::unique_ptr<Watched> watched_;
  std::optional<VirtualSources> virtual_;
  std::unique_ptr<FilterMatcher> matcher_;
};

}  // namespace sarsen::engine
