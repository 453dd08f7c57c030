#include "engine/data_source/probed_filter.h"

#include <algorithm>

#include "engine/exec/poll.h"
#include "engine/vector/growing_dictionary.h"
#include "engine/vector/routed_sources.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/segment_sources.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

template <class T>
class NoNumbers final : public NumericSource<T> {
 public:
  NumericVector<T> read(std::uint32_t, std::uint32_t) override { return {nullptr, nullptr}; }
};

class NoStrings final : public StringSource {
 public:
  explicit NoStrings(bool multiple_values) : multiple_values_(multiple_values) {}
  const storage::Dictionary& dictionary() const override { return dictionary_; }
  bool grows() const override { return true; }
  bool multiple_values() const override { return multiple_values_; }
  const std::uint32_t* read_ids(std::uint32_t, std::uint32_t) override { return nullptr; }
  storage::StringReader::Lists read_lists(std::uint32_t, std::uint32_t) override { return {nullptr, nullptr}; }

 private:
  GrowingDictionary dictionary_;
  bool multiple_values_;
};

class NoValues final : public ValueSource {
 public:
  ValueView value(std::uint32_t) override { return {}; }
};

/// Columns of the kinds of a segment's, without a row: what is bound to them costs nothing, and cannot be read.
class KindsOnly final : public ColumnSources {
 public:
  explicit KindsOnly(ColumnSources& columns) : columns_(columns) {}

  std::optional<ColumnKind> kind(std::string_view column) const override { return columns_.kind(column); }
  NumericSource<std::int64_t>& longs(std::string_view) override { return longs_; }
  NumericSource<float>& floats(std::string_view) override { return floats_; }
  NumericSource<double>& doubles(std::string_view) override { return doubles_; }
  StringSource* strings(std::string_view column) override {
    const std::optional<ColumnKind> found = kind(column);
    if (!found || found->type != storage::ValueType::kString) return nullptr;
    return found->multiple_values ? &lists_ : &strings_;
  }
  ValueSource& values(std::string_view) override { return values_; }

 private:
  ColumnSources& columns_;
  NoNumbers<std::int64_t> longs_;
  NoNumbers<float> floats_;
  NoNumbers<double> doubles_;
  NoStrings strings_{false};
  NoStrings lists_{true};
  NoValues values_;
};

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
  if (use == Use::kToLearn) kinds_ = std::make_unique<KindsOnly>(*stored_);
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
