#pragma once
// The loops that aggregators share, written once. A numeric aggregator names its state, the type it reads, and how one
// value, a vector of values, and another state are folded in; NumericAggregatorOf does nulls, selections and groups.

#include <array>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "engine/aggregator/aggregator.h"
#include "engine/aggregator/packs_states.h"
#include "engine/aggregator/ranked_states.h"
#include "engine/expression/expression_sources.h"
#include "engine/expression/parser.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/aggregated_number.h"
#include "engine/vector/narrow_source.h"
#include "engine/vector/row_mask.h"
#include "storage/base/error.h"

namespace sarsen::engine {

template <class State>
State& state_at(std::byte* address) noexcept {
  return *std::launder(reinterpret_cast<State*>(address));
}
template <class State>
const State& state_at(const std::byte* address) noexcept {
  return *std::launder(reinterpret_cast<const State*>(address));
}

/// AggregatorFactory::merge_groups, without a virtual call for each: merge(into, from) of states.
template <class State, class Merge>
void merge_each(std::byte* into, const std::uint32_t* groups, const std::byte* from, std::size_t stride,
                std::uint32_t count, Merge merge) {
  for (std::uint32_t i = 0; i < count; ++i)
    merge(state_at<State>(into + groups[i] * stride), state_at<State>(from + i * stride));
}

/// Of three constants, the one for numbers of type T.
template <class T, class Constant>
constexpr Constant by_type(Constant of_long, Constant of_float, Constant of_double) noexcept {
  return std::is_same_v<T, std::int64_t> ? of_long : std::is_same_v<T, float> ? of_float : of_double;
}

template <class T>
inline constexpr storage::ValueType kTypeOf =
    by_type<T>(storage::ValueType::kLong, storage::ValueType::kFloat, storage::ValueType::kDouble);

/// The column, read as numbers of type T.
template <class T>
NumericSource<T>& numbers_of(ColumnSources& columns, std::string_view column) {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    return columns.longs(column);
  } else if constexpr (std::is_same_v<T, float>) {
    return columns.floats(column);
  } else {
    return columns.doubles(column);
  }
}

/// Rows of a vector that are selected and not null, as a mask or as all rows.
/// Kept on the stack of one fold: no allocation.
class LiveRows {
 public:
  LiveRows(const Selection& selection, const std::uint64_t* nulls) {
    if (nulls == nullptr) {
      mask_ = selection.mask;
    } else {
      const std::size_t words = mask_words(selection.size);
      if (selection.mask != nullptr) {
        std::copy_n(selection.mask, words, words_.data());
      } else {
        fill_mask(words_.data(), selection.size, true);
      }
      kernels::mask_and_not(words_.data(), nulls, words);
      mask_ = words_.data();
    }
    count_ = mask_ == nullptr ? selection.size : kernels::mask_count(mask_, mask_words(selection.size));
  }

  const std::uint64_t* mask() const noexcept { return mask_; }  // nullptr: all
  std::uint64_t count() const noexcept { return count_; }

 private:
  std::array<std::uint64_t, kVectorWords> words_;
  const std::uint64_t* mask_;
  std::uint64_t count_;
};

/// Whether it has: static kDependsOnOrder, and that is true.
template <class Fold>
inline constexpr bool kDependsOnOrder = false;
template <class Fold>
  requires requires { Fold::kDependsOnOrder; }
inline constexpr bool kDependsOnOrder<Fold> = Fold::kDependsOnOrder;

/// `Fold` has: using Value (what is read), using State; static void vector(State&, const Value*, size) for all rows,
/// static void masked(State&, const Value*, const uint64_t* mask, size), static void one(State&, Value).
template <class Fold>
class NumericAggregatorOf final : public Aggregator {
 public:
  using Value = typename Fold::Value;
  using State = typename Fold::State;

  explicit NumericAggregatorOf(NumericSource<Value>& source)
      : source_(source), narrow_(dynamic_cast<NarrowSource<Value>*>(&source)) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    if constexpr (kReadsCodes)
      if (narrow_ != nullptr && fold_narrow(state_at<State>(state), begin, selection)) return;
    const NumericVector<Value> vector = source_.read(begin, selection.size);
    State& into = state_at<State>(state);
    if (selection.positions != nullptr) return fold_each(into, vector, selection);
    if constexpr (kDependsOnOrder<Fold>)
      if (vector.nulls != nullptr) return fold_each(into, vector, selection);  // one by one, as Druid does then
    const LiveRows rows(selection, vector.nulls);
    if (rows.count() == 0) return;
    if (rows.mask() == nullptr) {
      Fold::vector(into, vector.values, selection.size);
    } else {
      Fold::masked(into, vector.values, rows.mask(), selection.size);
    }
  }

  /// Where the fold has: static narrow_run(State&, NarrowSource<Value>&, begin).
  bool folds_runs() const override { return kReadsRuns && narrow_ != nullptr && !narrow_->has_nulls(); }
  void fold_run(std::byte* state, std::uint32_t begin) override {
    if constexpr (kReadsRuns) Fold::narrow_run(state_at<State>(state), *narrow_, begin);
  }

  void fold_masked(std::byte* states, std::size_t stride, const MaskedGroups& groups, std::uint32_t begin) override {
    if constexpr (kReadsCodesMasked)
      if (narrow_ != nullptr && groups.count > 1 && narrow_->nulls(begin, groups.size) == nullptr) {
        const storage::NarrowCodes codes = narrow_->codes(begin, groups.size);
        if (codes.codes != nullptr) return Fold::narrow_masked(states, stride, codes, groups);
      }
    Aggregator::fold_masked(states, stride, groups, begin);
  }

  /// Where the fold has: static exact(const NarrowForm&, rows).
  bool folds_exactly(std::uint32_t rows) const override {
    if constexpr (requires(const storage::NarrowForm& form) { Fold::exact(form, rows); })
      return narrow_ != nullptr && Fold::exact(narrow_->form(), rows);
    return false;
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    const NumericVector<Value> vector = source_.read(begin, selection.size);
    if (vector.nulls != nullptr)
      return scatter(states, stride, groups, selection, [&](std::uint32_t row, State& state) {
        if (!mask_has(vector.nulls, row)) Fold::one(state, vector.values[row]);
      });
    scatter(states, stride, groups, selection,
            [&](std::uint32_t row, State& state) { Fold::one(state, vector.values[row]); });
  }

 private:
  static constexpr bool kReadsCodes = requires(State& state, const storage::NarrowCodes& codes) {
    Fold::narrow(state, codes, nullptr, std::uint32_t{0});
  };

  static constexpr bool kReadsRuns =
      requires(State& state, NarrowSource<Value>& source) { Fold::narrow_run(state, source, std::uint32_t{0}); };
  static constexpr bool kReadsCodesMasked =
      requires(std::byte* states, const storage::NarrowCodes& codes, const MaskedGroups& groups) {
        Fold::narrow_masked(states, std::size_t{0}, codes, groups);
      };

  /// The same from the codes. False: nothing was done.
  bool fold_narrow(State& into, std::uint32_t begin, const Selection& selection) {
    if (selection.positions != nullptr) return false;
    if constexpr (requires(const storage::CodeBounds& bounds) { Fold::bounds(into, *narrow_, bounds); })
      if (selection.all() && selection.size == kVectorRows && begin % kVectorRows == 0 && !narrow_->has_nulls()) {
        Fold::bounds(into, *narrow_, narrow_->bounds(begin));
        return true;
      }
    const storage::NarrowCodes codes = narrow_->codes(begin, selection.size);
    if (codes.codes == nullptr) return false;
    const LiveRows rows(selection, narrow_->nulls(begin, selection.size));
    if (rows.count() > 0) Fold::narrow(into, codes, rows.mask(), selection.size);
    return true;
  }

  static void fold_each(State& into, const NumericVector<Value>& vector, const Selection& selection) {
    for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) {
      if (vector.nulls == nullptr || !mask_has(vector.nulls, row)) Fold::one(into, vector.values[row]);
    });
  }

  template <class Each>
  static void scatter(std::byte* states, std::size_t stride, const std::uint32_t* groups, const Selection& selection,
                      Each each) {
    if (selection.positions == nullptr) {
      for (std::uint32_t row = 0; row < selection.size; ++row)
        each(row, state_at<State>(states + groups[row] * stride));
    } else {
      for (std::uint32_t i = 0; i < selection.count; ++i)
        each(selection.positions[i], state_at<State>(states + groups[i] * stride));
    }
  }

  NumericSource<Value>& source_;
  NarrowSource<Value>* narrow_;  // nullptr: it has no codes
};

/// The same over a string column: each dictionary entry is parsed once; each element of a row counts. Text that is no
/// number, and null among others, count as the seed of the aggregation and so end "no value yet", as in Druid; a row
/// that is null does not.
template <class Fold>
class DictionaryAggregatorOf final : public Aggregator {
 public:
  using Value = typename Fold::Value;
  using State = typename Fold::State;

  explicit DictionaryAggregatorOf(StringSource& source) : source_(source) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    each_number(begin, selection, [&](std::uint32_t, Value value) { Fold::one(state_at<State>(state), value); });
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    each_number(begin, selection,
                [&](std::uint32_t i, Value value) { Fold::one(state_at<State>(states + groups[i] * stride), value); });
  }

 private:
  static Value number_or(std::optional<std::string_view> text, Value seed) {
    return text ? aggregated_number<Value>(*text).value_or(seed) : seed;
  }

  /// Calls each(i, value) for the elements of the i-th selected row.
  template <class Each>
  void each_number(std::uint32_t begin, const Selection& selection, Each each) {
    const bool lists = source_.multiple_values();
    const std::uint32_t* ids = lists ? nullptr : source_.read_ids(begin, selection.size);
    const storage::StringReader::Lists rows =
        lists ? source_.read_lists(begin, selection.size) : storage::StringReader::Lists{nullptr, nullptr};
    learn_numbers();
    const auto each_known = [&](std::uint32_t i, const std::uint32_t* first, const std::uint32_t* last) {
      if (last - first == 1 && *first == null_id_) return;
      for (; first != last; ++first) each(i, numbers_[*first]);
    };
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      if (!lists) return each_known(i, ids + row, ids + row + 1);
      each_known(i, rows.ids + rows.offsets[row], rows.ids + rows.offsets[row + 1]);
    });
  }

  /// Of the entries of the dictionary, which may have grown.
  void learn_numbers() {
    for (std::size_t id = numbers_.size(); id < source_.dictionary().size(); ++id) {
      const std::optional<std::string_view> text = source_.dictionary().value(static_cast<std::uint32_t>(id));
      if (!text) null_id_ = static_cast<std::uint32_t>(id);
      numbers_.push_back(number_or(text, Fold::kSeed));
    }
  }

  StringSource& source_;
  std::vector<Value> numbers_;
  std::uint32_t null_id_ = UINT32_MAX;  // none yet
};

/// An expression's numbers, which are the aggregator's own.
template <class Fold>
class ExpressionAggregatorOf final : public Aggregator {
 public:
  explicit ExpressionAggregatorOf(std::unique_ptr<NumericSource<typename Fold::Value>> source)
      : source_(std::move(source)), numbers_(*source_) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    numbers_.fold(state, begin, selection);
  }
  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    numbers_.fold_groups(states, stride, groups, begin, selection);
  }

 private:
  std::unique_ptr<NumericSource<typename Fold::Value>> source_;
  NumericAggregatorOf<Fold> numbers_;
};

/// The factory for aggregators of one numeric field, or of an expression, stored in the type they read: {"type",
/// "name", "fieldName" or "expression"}.
template <class Fold>
class NumericFactoryOf final : public AggregatorFactory, public RankedStates, public PacksStates {
 public:
  using State = typename Fold::State;

  NumericFactoryOf(std::string name, std::string field_name)
      : AggregatorFactory(std::move(name)), field_name_(std::move(field_name)) {}
  NumericFactoryOf(std::string name, std::string text, expression::ExprPtr expr)
      : AggregatorFactory(std::move(name)), expression_(std::move(text)), expr_(std::move(expr)) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const JsonField text = json["expression"];
    if (text.present() && json["fieldName"].present()) json.fail("give either fieldName or expression, not both");
    if (text.present())
      return std::make_shared<NumericFactoryOf>(json["name"].string(), text.string(),
                                                expression::parse_expression(text));
    return std::make_shared<NumericFactoryOf>(json["name"].string(), json["fieldName"].string());
  }

  std::vector<std::string> required_columns() const override {
    return expr_ != nullptr ? expr_->analyze().free : std::vector<std::string>{field_name_};
  }
  std::size_t state_size() const noexcept override { return sizeof(State); }
  void init(std::byte* state) const noexcept override { new (state) State(); }
  void merge(std::byte* into, const std::byte* from) const override {
    state_at<State>(into).merge(state_at<State>(from));
  }
  void merge_groups(std::byte* into, const std::uint32_t* groups, const std::byte* from, std::size_t stride,
                    std::uint32_t count) const override {
    merge_each<State>(into, groups, from, stride, count, [](State& to, const State& other) { to.merge(other); });
  }
  bool merges_associatively() const noexcept override { return State::kAssociative; }
  bool depends_on_order() const noexcept override { return kDependsOnOrder<Fold>; }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    if (expr_ != nullptr) return bind_expression(columns);
    if (StringSource* strings = is_typed(columns) ? columns.strings(field_name_) : nullptr)
      return std::make_unique<DictionaryAggregatorOf<Fold>>(*strings);
    return std::make_unique<NumericAggregatorOf<Fold>>(numbers_of<typename Fold::Value>(columns, field_name_));
  }

  /// Where the fold has: static pack(NarrowSource<Value>&, rows).
  std::unique_ptr<PackedStates> bind_packed(ColumnSources& columns, std::uint32_t rows) const override {
    using Narrow = NarrowSource<typename Fold::Value>;
    if constexpr (requires(Narrow& source) { Fold::pack(source, rows); }) {
      if (expr_ != nullptr || columns.strings(field_name_) != nullptr) return nullptr;
      auto* const source = dynamic_cast<Narrow*>(&numbers_of<typename Fold::Value>(columns, field_name_));
      if (source != nullptr) return Fold::pack(*source, rows);
    }
    return nullptr;
  }

  engine::Value finalise(const std::byte* state) const override { return state_at<State>(state).value(); }
  double rank(const std::byte* state) const noexcept override { return state_at<State>(state).rank(); }
  void ranks(const std::byte* states, std::size_t stride, std::span<const std::uint32_t> groups,
             double* ranks) const noexcept override {
    for (const std::uint32_t group : groups) *ranks++ = rank(states + group * stride);
  }
  ColumnKind intermediate_kind() const override { return {Fold::kType, "", false}; }

  std::unique_ptr<AggregatorFactory> folding(const std::string& column) const override {
    return std::make_unique<NumericFactoryOf>(column, column);
  }

  Json to_json() const override {
    if (expr_ != nullptr) return Json::Object{{"type", Fold::kName}, {"name", name()}, {"expression", expression_}};
    return Json::Object{{"type", Fold::kName}, {"name", name()}, {"fieldName", field_name_}};
  }

 private:
  /// Where the fold has: static bind_expression(const Expr&, ColumnSources&).
  std::unique_ptr<Aggregator> bind_expression(ColumnSources& columns) const {
    if constexpr (requires { Fold::bind_expression(*expr_, columns); })
      if (auto aggregator = Fold::bind_expression(*expr_, columns)) return aggregator;
    return std::make_unique<ExpressionAggregatorOf<Fold>>(
        expression::numeric_source<typename Fold::Value>(expr_, columns));
  }

  /// Where Druid does not know a column's type, as of some values in memory, it takes them for numbers: text that is
  /// none is null.
  bool is_typed(const ColumnSources& columns) const {
    const storage::Column* stored = columns.stored(field_name_);
    return stored == nullptr || !stored->logical_type().empty();
  }

  std::string field_name_;
  std::string expression_;
  expression::ExprPtr expr_;  // nullptr: the field
};

}  // namespace sarsen::engine
