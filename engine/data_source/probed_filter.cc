#include "engine/data_source/probed_filter.h"

#include <algorithm>

#include "engine/exec/poll.h"
#include "engine/vector/kinds_only.h"
#include "engine/vector/routed_sources.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/segment_sources.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

/// Columns below may be of other kinds than those above, and computed for rows that would have been left out: then the
/// filter is asked above only.
bool is_of_the_filter(const Error& error) {
  return error.category() == ErrorCategory::kInvalidInput || error.category() == ErrorCategory::kUnsupported ||
         error.category() == ErrorCategory::kRuntimeFailure;
}

}  // namespace

/// Columns that remember whether one was asked for that is not theirs to give.
class ProbedFilter::Watched final : public RoutedSources {
 public:
  Watched(ColumnSources& columns, NameTest is_elsewhere) : columns_(columns), is_elsewhere_(std::move(is_elsewhere)) {}
  bool asked_elsewhere() const noexcept { return asked_elsewhere_; }

 private:
  ColumnSources& of(std::string_view column) const override {
    asked_elsewhere_ = asked_elsewhere_ || is_elsewhere_(column);
    return columns_;
  }

  ColumnSources& columns_;
  NameTest is_elsewhere_;
  mutable bool asked_elsewhere_ = false;
};

ProbedFilter::ProbedFilter(const Filter& filter, const storage::Segment& segment, const VirtualColumns* virtual_columns,
                           NameTest is_elsewhere, Use use)
    : rows_(segment.row_count()), stored_(std::make_unique<SegmentSources>(segment)) {
  if (use == Use::kToLearn) kinds_ = kinds_only(stored_.get());
  watched_ = std::make_unique<Watched>(kinds_ ? *kinds_ : *stored_, std::move(is_elsewhere));
  if (virtual_columns != nullptr) virtual_.emplace(*watched_, *virtual_columns);
  try {
    matcher_ = filter.bind(virtual_ ? static_cast<ColumnSources&>(*virtual_) : *watched_, {.row_count = rows_});
  } catch (const Error& error) {
    if (!is_of_the_filter(error)) throw;
  }
}

ProbedFilter::~ProbedFilter() = default;

bool ProbedFilter::is_within() const noexcept { return matcher_ != nullptr && !watched_->asked_elsewhere(); }

std::optional<std::vector<std::uint64_t>> ProbedFilter::mask() {
  std::vector<std::uint64_t> mask(mask_words(rows_));
  try {
    for (std::uint32_t begin = 0; begin < rows_; begin += kVectorRows) {
      poll_now();
      matcher_->match(begin, std::min(kVectorRows, rows_ - begin), false, mask.data() + begin / 64);
    }
  } catch (const Error& error) {
    if (!is_of_the_filter(error)) throw;
    return std::nullopt;
  }
  return mask;
}

}  // namespace sarsen::engine
