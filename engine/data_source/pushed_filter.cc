#include "engine/data_source/pushed_filter.h"

#include <algorithm>
#include <optional>

#include "engine/data_source/gathered_segment.h"
#include "engine/exec/poll.h"
#include "engine/filter/logical.h"
#include "engine/vector/growing_dictionary.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/segment_sources.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

using NameTest = std::function<bool(std::string_view)>;

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

/// Columns that remember whether one was asked for that is not theirs to give.
class WatchedColumns final : public ColumnSources {
 public:
  WatchedColumns(ColumnSources& columns, NameTest is_elsewhere)
      : columns_(columns), is_elsewhere_(std::move(is_elsewhere)) {}

  bool asked_elsewhere() const noexcept { return asked_elsewhere_; }

  std::optional<ColumnKind> kind(std::string_view column) const override { return watched(column).kind(column); }
  NumericSource<std::int64_t>& longs(std::string_view column) override { return watched(column).longs(column); }
  NumericSource<float>& floats(std::string_view column) override { return watched(column).floats(column); }
  NumericSource<double>& doubles(std::string_view column) override { return watched(column).doubles(column); }
  StringSource* strings(std::string_view column) override { return watched(column).strings(column); }
  ValueSource& values(std::string_view column) override { return watched(column).values(column); }
  const storage::Column* stored(std::string_view column) const override { return watched(column).stored(column); }

 private:
  ColumnSources& watched(std::string_view column) const {
    asked_elsewhere_ = asked_elsewhere_ || is_elsewhere_(column);
    return columns_;
  }

  ColumnSources& columns_;
  NameTest is_elsewhere_;
  mutable bool asked_elsewhere_ = false;
};

/// Columns below may be of other kinds than those above, and computed for rows that would have been left out: then the
/// filter is asked above only.
bool is_of_the_filter(const Error& error) {
  return error.category() == ErrorCategory::kInvalidInput || error.category() == ErrorCategory::kUnsupported ||
         error.category() == ErrorCategory::kRuntimeFailure;
}

/// A filter over one segment, to be asked, or only to learn what it reads.
class Bound {
 public:
  enum class Use : std::uint8_t { kToAsk, kToLearn };

  Bound(const Filter& filter, const storage::Segment& segment, const VirtualColumns* virtual_columns,
        NameTest is_elsewhere, Use use)
      : rows_(segment.row_count()),
        stored_(segment),
        kinds_(stored_),
        watched_(use == Use::kToAsk ? static_cast<ColumnSources&>(stored_) : kinds_, std::move(is_elsewhere)) {
    if (virtual_columns != nullptr) virtual_.emplace(watched_, *virtual_columns);
    try {
      matcher_ = filter.bind(virtual_ ? static_cast<ColumnSources&>(*virtual_) : watched_, {.row_count = rows_});
    } catch (const Error& error) {
      if (!is_of_the_filter(error)) throw;
    }
  }

  /// Whether it reads this segment and nothing else.
  bool is_within() const noexcept { return matcher_ != nullptr && !watched_.asked_elsewhere(); }

  /// nullopt: some row cannot be asked. REQUIRES: is_within(), kToAsk.
  std::optional<std::vector<std::uint64_t>> mask() {
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

 private:
  std::uint32_t rows_;
  SegmentSources stored_;
  KindsOnly kinds_;
  WatchedColumns watched_;
  std::optional<VirtualSources> virtual_;
  std::unique_ptr<FilterMatcher> matcher_;
};

template <class Element, class Wanted>
bool contains(const std::vector<Element>& elements, const Wanted& wanted) {
  return std::find(elements.begin(), elements.end(), wanted) != elements.end();
}

bool passes(const storage::Segment& segment, const FilterPtr& conjunct) {
  const auto* gathered = dynamic_cast<const GatheredSegment*>(&segment);
  return gathered != nullptr && contains(gathered->passed(), conjunct);
}

VirtualColumnsPtr joined(const VirtualColumns& first, const VirtualColumns& second) {
  std::vector<VirtualColumnPtr> all = first.all();
  all.insert(all.end(), second.all().begin(), second.all().end());
  return std::make_shared<const VirtualColumns>(std::move(all));
}

}  // namespace

PushedFilter::PushedFilter(const FilterPtr& filter, VirtualColumnsPtr virtual_columns)
    : virtual_columns_(std::move(virtual_columns)) {
  if (filter == nullptr) return;
  for (FilterPtr& conjunct : conjuncts_of(filter)) conjuncts_.push_back({std::move(conjunct), true});
}

PushedFilter PushedFilter::without_prefix(std::string prefix) const {
  PushedFilter below = *this;
  below.prefixes_above_.push_back(std::move(prefix));
  return below;
}

PushedFilter PushedFilter::without_column(std::string name) const {
  PushedFilter below = *this;
  below.names_above_.push_back(std::move(name));
  return below;
}

PushedFilter PushedFilter::with(const FilterPtr& filter) const {
  PushedFilter more = *this;
  if (filter != nullptr)
    for (FilterPtr& conjunct : conjuncts_of(filter)) more.conjuncts_.push_back({std::move(conjunct), false});
  return more;
}

bool PushedFilter::is_above(std::string_view name) const {
  return contains(names_above_, name) ||
         std::any_of(prefixes_above_.begin(), prefixes_above_.end(), [&](const std::string& prefix) {
           return name.size() > prefix.size() && name.starts_with(prefix);
         });
}

PushedFilter::Choice PushedFilter::over(const SourcePart& part, const VirtualColumnsPtr& own,
                                        const std::vector<std::string>& stored) const {
  Choice choice{part.filter, own};
  if (conjuncts_.empty()) return choice;
  // A virtual column would hide a stored one of its name from those who mean that one.
  const std::vector<VirtualColumnPtr>& virtuals = virtual_columns_->all();
  const auto hides_one = [&](const VirtualColumnPtr& column) {
    return part.segment->column(column->name()) != nullptr || contains(stored, column->name()) ||
           own->find(column->name()) != nullptr;
  };
  const bool hides = part.filter != nullptr || std::any_of(virtuals.begin(), virtuals.end(), hides_one);
  bool some_read_virtual = false;
  const auto is_elsewhere = [&](std::string_view name) {
    return is_above(name) || virtual_columns_->find(name) != nullptr;
  };
  for (const Conjunct& conjunct : conjuncts_) {
    if (passes(*part.segment, conjunct.filter)) {
      choice.passed.push_back(conjunct.filter);
      continue;
    }
    const bool reads_virtual = conjunct.reads_virtual_columns && !hides && !virtuals.empty();
    const VirtualColumns* visible = reads_virtual ? virtual_columns_.get() : nullptr;
    if (!Bound(*conjunct.filter, *part.segment, visible, is_elsewhere, Bound::Use::kToLearn).is_within()) continue;
    choice.filter = both(choice.filter, conjunct.filter);
    if (conjunct.reads_virtual_columns) choice.passed.push_back(conjunct.filter);
    some_read_virtual = some_read_virtual || reads_virtual;
  }
  if (some_read_virtual) choice.virtual_columns = joined(*own, *virtual_columns_);
  return choice;
}

void PushedFilter::matches(const storage::Segment& segment, const std::string& prefix, const MaskVisit& visit) const {
  const auto is_elsewhere = [&](std::string_view name) {
    return is_above(name) || name.size() <= prefix.size() || !name.starts_with(prefix);
  };
  for (const Conjunct& conjunct : conjuncts_) {
    Bound bound(*conjunct.filter, segment, conjunct.reads_virtual_columns ? virtual_columns_.get() : nullptr,
                is_elsewhere, Bound::Use::kToAsk);
    if (!bound.is_within()) continue;
    if (const auto mask = bound.mask()) visit(conjunct.filter, *mask);
  }
}

FilterPtr PushedFilter::rest(const FilterPtr& filter, const storage::Segment& segment) {
  const auto* gathered = dynamic_cast<const GatheredSegment*>(&segment);
  if (filter == nullptr || gathered == nullptr || gathered->passed().empty()) return filter;
  FilterPtr rest;
  for (const FilterPtr& conjunct : conjuncts_of(filter))
    if (!contains(gathered->passed(), conjunct)) rest = both(rest, conjunct);
  return rest;
}

}  // namespace sarsen::engine
