#pragma once
// The loops that aggregators over sketches share. The state is a pointer to the sketch, made when the first value
// comes: groups without values cost eight bytes. A `Kind` says which sketch, how it takes in text, numbers and stored
// sketches, and how it is read; the column decides which of the inputs below feeds it:
//   a dictionary:     each entry in use is hashed once a query (dictionary_input.h)
//   numbers:          vector by vector
//   stored sketches:  merged
//   raw input values: as ingestion gives them, whatever each one is

#include <array>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/aggregator/aggregator.h"
#include "engine/aggregator/aggregator_of.h"
#include "engine/aggregator/dictionary_input.h"
#include "engine/aggregator/number_sketches.h"
#include "engine/aggregator/sketch_state.h"
#include "engine/exec/poll.h"
#include "engine/sketch/murmur3.h"
#include "engine/sketch/sketch_fields.h"
#include "engine/vector/row_mask.h"
#include "storage/base/error.h"

namespace sarsen::engine {

template <class T>
class NumericInput {
 public:
  explicit NumericInput(NumericSource<T>& source) : source_(source) {}

  void read(std::uint32_t begin, std::uint32_t size) { vector_ = source_.read(begin, size); }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    if (vector_.nulls == nullptr || !mask_has(vector_.nulls, row)) add(vector_.values[row]);
  }

 private:
  NumericSource<T>& source_;
  NumericVector<T> vector_{nullptr, nullptr};
};

/// Whatever a row holds, null too: a row without a value can still make a sketch, an empty one, as in Druid.
class AnyValueInput {
 public:
  explicit AnyValueInput(ValueSource& source) : source_(source) {}

  void read(std::uint32_t begin, std::uint32_t) { begin_ = begin; }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    add(source_.value(begin_ + row));
  }

 private:
  ValueSource& source_;
  std::uint32_t begin_ = 0;
};

/// Stored sketches, and raw input.
class ValueInput {
 public:
  explicit ValueInput(ValueSource& source) : source_(source) {}

  void read(std::uint32_t begin, std::uint32_t) { begin_ = begin; }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    const ValueView value = source_.value(begin_ + row);
    if (!std::holds_alternative<std::monostate>(value)) add(value);
  }

 private:
  ValueSource& source_;
  std::uint32_t begin_ = 0;
};

/// Lists that an expression makes, each as Java's number of an array: that of its only element, else 0.
class ListNumberInput {
 public:
  explicit ListNumberInput(ValueSource& source) : source_(source) {}

  void read(std::uint32_t begin, std::uint32_t) { begin_ = begin; }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    const ValueView value = source_.value(begin_ + row);
    if (!std::holds_alternative<std::monostate>(value)) add(number(value));
  }

 private:
  static double number(const ValueView& value);

  ValueSource& source_;
  std::uint32_t begin_ = 0;
};

/// Reads nothing: a missing column, or one whose type the sketch ignores.
class NoInput {
 public:
  void read(std::uint32_t, std::uint32_t) {}
  template <class Add>
  void each(std::uint32_t, Add) {}
};

template <class Kind, class Input>
class SketchAggregator final : public Aggregator {
 public:
  template <class... Arguments>
  explicit SketchAggregator(const Kind& kind, Arguments&&... arguments)
      : kind_(kind), input_(std::forward<Arguments>(arguments)...) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    if (knows_all(state)) return;
    input_.read(begin, selection.size);
    if (fold_unknown(state, selection)) return;
    for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) { add(state, row); });
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    input_.read(begin, selection.size);
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) { add(states + groups[i] * stride, row); });
  }

 private:
  using State = SketchState<typename Kind::Sketch>;

  bool knows_all(const std::byte* address) const {
    if constexpr (requires(const State& state) { input_.offered_all(*state); }) {
      const State& state = state_at<State>(address);
      return state && input_.offered_all(*state);
    }
    return false;
  }

  /// Leaves out the values that the sketch need not be offered. False: the input cannot tell them.
  bool fold_unknown(std::byte* address, const Selection& selection) {
    if constexpr (requires { input_.forget_offered(); }) {
      const State& state = state_at<State>(address);
      if (state) return input_.each_unknown(*state, selection, [&](auto hash) { kind_.add(*state, hash); });
      input_.forget_offered();
    }
    return false;
  }

  void add(std::byte* address, std::uint32_t row) {
    input_.each(row, [&](const auto& value) {
      State& state = state_at<State>(address);
      if (!state) state = std::make_unique<typename Kind::Sketch>(kind_.make());
      kind_.add(*state, value);
    });
  }

  const Kind& kind_;
  Input input_;
};

/// The hashes that the aggregators of a factory share, where `Kind` has hashes.
template <class Kind>
struct SharedHashesOf {
  using Type = std::monostate;
};
template <class Kind>
  requires requires { typename Kind::Hash; }
struct SharedHashesOf<Kind> {
  using Type = SharedEntryHashes<typename Kind::Hash>;
};

/// The aggregator that adds the hashes of text to sketches of `Kind`; `kind` must outlive it.
template <class Kind>
std::unique_ptr<Aggregator> bind_dictionary(const Kind& kind, StringSource& source,
                                            typename SharedHashesOf<Kind>::Type& shared) {
  using Hashes = EntryHashes<typename Kind::Hash>;
  // One that grows is of this cursor alone.
  std::optional<std::uint32_t> number;
  if constexpr (requires { kind.hash_number(); }) number = kind.hash_number();
  auto hashes =
      source.grows() ? std::make_shared<Hashes>(source.dictionary().size()) : shared.of(source.dictionary(), number);
  return std::make_unique<SketchAggregator<Kind, DictionaryInput<Kind>>>(kind, kind, source, std::move(hashes));
}

/// What the factories of one `Kind` share. Kind has: using Sketch, kComplexType, make(), merge(Sketch&, const Sketch&),
/// stored(const Sketch&) (its bytes in a column), image(const Sketch&) where answers show other bytes, and
/// add(Sketch&, …) for the inputs it is used with; hash_all(numbers, count, hashes) where sketches tell by hashes which
/// they know (number_sketches.h). For
/// dictionaries it has: hash_number() where hashes are worth keeping for other queries (entry_hashes.h), using Hash,
/// hash(text) and hash_null() (nullopt: no value), and kIgnoresRepeats: whether adding a hash again never changes a
/// sketch.
template <class Kind>
class SketchFactoryOf : public AggregatorFactory {
 public:
  using Sketch = typename Kind::Sketch;
  using State = SketchState<Sketch>;

  SketchFactoryOf(std::string name, std::string field_name, Kind kind)
      : AggregatorFactory(std::move(name)), field_name_(std::move(field_name)), kind_(std::move(kind)) {}

  std::vector<std::string> required_columns() const override { return {field_name_}; }
  std::size_t state_size() const noexcept override { return sizeof(State); }
  void init(std::byte* state) const noexcept override { new (state) State(); }
  bool trivially_destroyed() const noexcept override { return false; }
  void destroy(std::byte* state) const noexcept override { state_at<State>(state).~State(); }
  bool depends_on_order() const noexcept override { return true; }

  void merge(std::byte* into, const std::byte* from) const override {
    const State& source = state_at<State>(from);
    if (!source) return;
    State& target = state_at<State>(into);
    if (target) {
      kind_.merge(*target, *source);
    } else {
      target = std::make_unique<Sketch>(*source);
    }
  }
  void take_groups(std::byte* into, const std::uint32_t* groups, std::byte* from, std::size_t stride,
                   std::uint32_t count) const override {
    for (std::uint32_t i = 0; i < count; ++i) {
      poll();
      State& target = state_at<State>(into + groups[i] * stride);
      if (target) {
        merge(into + groups[i] * stride, from + i * stride);
      } else {
        target = std::move(state_at<State>(from + i * stride));
      }
    }
  }

  void save(const std::byte* state, ByteWriter& out) const override {
    const State& sketch = state_at<State>(state);
    out.write_le(static_cast<std::uint8_t>(sketch != nullptr));
    if (sketch == nullptr) return;
    sketch::SaveFields save(out);
    std::as_const(*sketch).fields(save);
  }
  void load(std::byte* state, ByteReader& in) const override {
    if (in.read_byte() == 0) return;
    State sketch = std::make_unique<Sketch>(kind_.make());
    sketch::LoadFields load(in);
    sketch->fields(load);
    state_at<State>(state) = std::move(sketch);
  }

  Value intermediate(const std::byte* state) const override {
    const State& held = state_at<State>(state);
    return ComplexBytes{image(held ? *held : kind_.make())};
  }
  /// Where nothing came in: a value of no bytes, which Druid writes for empty sketches.
  Value stored(const std::byte* state) const override {
    const State& held = state_at<State>(state);
    return ComplexBytes{held ? kind_.stored(*held) : std::string()};
  }

  ColumnKind intermediate_kind() const override { return {storage::ValueType::kComplex, Kind::kComplexType, false}; }

 protected:
  const std::string& field_name() const noexcept { return field_name_; }
  const Kind& kind() const noexcept { return kind_; }
  typename SharedHashesOf<Kind>::Type& hashes() const noexcept { return hashes_; }
  static const Sketch* held(const std::byte* state) noexcept { return state_at<State>(state).get(); }

  template <class Input, class... Arguments>
  std::unique_ptr<Aggregator> aggregator(Arguments&&... arguments) const {
    return std::make_unique<SketchAggregator<Kind, Input>>(kind_, std::forward<Arguments>(arguments)...);
  }

  /// Whether the columns are input rows, not those of a segment: there, text has no dictionary.
  bool ingests(ColumnSources& columns, const std::optional<ColumnKind>& column) const {
    return holds(column, storage::ValueType::kString) && columns.strings(field_name_) == nullptr;
  }

  /// The column as the values of a dictionary, of numbers, or one by one.
  std::unique_ptr<Aggregator> bind_any(ColumnSources& columns) const {
    if (StringSource* strings = columns.strings(field_name_)) return bind_dictionary(kind_, *strings, hashes_);
    const std::optional<ColumnKind> column = kind_of_field(columns);
    if (!column) return aggregator<NoInput>();
    switch (column->type) {
      case storage::ValueType::kLong:
        return numbers(columns.longs(field_name_));
      case storage::ValueType::kFloat:
      case storage::ValueType::kDouble:
        return numbers(columns.doubles(field_name_));
      case storage::ValueType::kString:
      case storage::ValueType::kComplex:
      case storage::ValueType::kVariant:
        break;
    }
    return aggregator<ValueInput>(columns.values(field_name_));
  }

  template <class T>
  std::unique_ptr<Aggregator> numbers(NumericSource<T>& source) const {
    if constexpr (requires(const Kind& kind, const T* numbers, typename Kind::Hash* hashes) {
                    kind.hash_all(numbers, std::size_t{0}, hashes);
                  }) {
      return std::make_unique<NumberSketches<Kind, T>>(kind_, source);
    } else {
      return aggregator<NumericInput<T>>(source);
    }
  }

  /// What the field is; nullopt where there is none. Throws for columns that no query reads.
  std::optional<ColumnKind> kind_of_field(const ColumnSources& columns) const {
    std::optional<ColumnKind> kind = columns.kind(field_name_);
    if (kind) refuse_structured(*kind, field_name_);
    return kind;
  }

  [[noreturn]] void refuse(const ColumnKind& column, std::string_view wanted) const {
    throw Error(ErrorCategory::kInvalidInput, "aggregator \"" + name() + "\": column \"" + field_name_ + "\" holds " +
                                                  column.type_name() + ", which is no input for it; it reads " +
                                                  std::string(wanted));
  }

  static bool holds(const std::optional<ColumnKind>& column, storage::ValueType type) {
    return column && column->type == type;
  }

 private:
  /// In answers, unlike columns, an empty sketch has an image as any other.
  std::string image(const Sketch& sketch) const {
    if constexpr (requires { kind_.image(sketch); }) {
      return kind_.image(sketch);
    } else {
      return kind_.stored(sketch);
    }
  }

  std::string field_name_;
  Kind kind_;
  mutable typename SharedHashesOf<Kind>::Type hashes_;
};

/// What raw input and stored sketches have in common: bytes are merged, and single values, or each of a list, are taken
/// in as they are. `Kind` has add_bytes(Sketch&, bytes), add_text(Sketch&, text) and add(Sketch&, …) for numbers.
template <class Kind>
void add_any(const Kind& kind, typename Kind::Sketch& into, const ValueView& value) {
  if (const auto* bytes = std::get_if<std::span<const std::byte>>(&value)) {
    if (!bytes->empty()) kind.add_bytes(into, *bytes);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    kind.add_text(into, *text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    kind.add(into, *integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    kind.add(into, *number);
  } else if (const auto* narrow = std::get_if<float>(&value)) {
    kind.add(into, static_cast<double>(*narrow));
  } else if (const auto* list = std::get_if<std::vector<std::optional<std::string_view>>>(&value)) {
    for (const auto& element : *list)
      if (element) kind.add_text(into, *element);
  }
}

/// Java's Math.round: halves up.
std::int64_t rounded(double estimate) noexcept;

/// A single raw value as Java prints it; nullopt for null, lists and bytes.
std::optional<std::string> raw_text(const ValueView& value);

/// Text of a column of complex values in JSON input: base64. Throws kInvalidInput naming what was expected.
std::vector<std::byte> sketch_from_base64(std::string_view text, const char* what);

}  // namespace sarsen::engine
