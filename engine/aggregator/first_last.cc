// longFirst, longLast, doubleFirst, doubleLast, floatFirst, floatLast: numbers by time. Stored as pairs of time and
// number, which carry their own times.

#include "engine/aggregator/first_last.h"

#include <bit>
#include <limits>
#include <type_traits>

#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine {
namespace {

template <class T, bool kLast>
struct TimedNumber {
  std::int64_t time = ByTime<kLast>::kBegin;
  T value = 0;
  std::uint32_t null = 1;

  void set(std::optional<T> number) noexcept {
    null = number ? 0 : 1;
    value = number.value_or(0);
  }
};

template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

/// A column of numbers, or of text that is parsed.
template <class T>
class NumbersInTime {
 public:
  NumbersInTime(NumericSource<std::int64_t>& times, NumericSource<T>& numbers) : times_(times), numbers_(numbers) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    times_.read(begin, size);
    vector_ = numbers_.read(begin, size);
  }
  std::optional<std::int64_t> time(std::uint32_t row) const noexcept { return times_.at(row); }
  template <class State>
  void set(State& state, std::uint32_t row) noexcept {
    const bool null = vector_.nulls != nullptr && mask_has(vector_.nulls, row);
    state.set(null ? std::nullopt : std::optional(vector_.values[row]));
  }

 private:
  TimeColumn times_;
  NumericSource<T>& numbers_;
  NumericVector<T> vector_{nullptr, nullptr};
};

/// Text with several values in a row: Druid refuses the rows that have more than one.
template <class T>
class ListsInTime {
 public:
  ListsInTime(NumericSource<std::int64_t>& times, StringSource& strings) : times_(times), strings_(strings) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    times_.read(begin, size);
    lists_ = strings_.read_lists(begin, size);
  }

  std::optional<std::int64_t> time(std::uint32_t row) const {
    if (lists_.offsets[row + 1] - lists_.offsets[row] > 1)
      throw Error(ErrorCategory::kInvalidInput,
                  "A row with several values cannot be read as a number, as first and "
                  "last values of numbers need it");
    return times_.at(row);
  }

  template <class State>
  void set(State& state, std::uint32_t row) {
    const std::uint32_t begin = lists_.offsets[row];
    std::optional<std::string_view> text;
    if (begin != lists_.offsets[row + 1]) text = strings_.dictionary().value(lists_.ids[begin]);
    state.set(text ? aggregated_number<T>(*text) : std::nullopt);
  }

 private:
  TimeColumn times_;
  StringSource& strings_;
  storage::StringReader::Lists lists_{nullptr, nullptr};
};

/// Stored pairs.
template <class T>
class PairsInTime {
 public:
  explicit PairsInTime(ValueSource& source) : source_(source) {}

  void read(std::uint32_t begin, std::uint32_t) { begin_ = begin; }

  std::optional<std::int64_t> time(std::uint32_t row) {
    const ValueView value = source_.value(begin_ + row);
    const auto* bytes = std::get_if<std::span<const std::byte>>(&value);
    if (bytes == nullptr || bytes->empty()) return std::nullopt;
    ByteReader reader(*bytes, "pair of time and number");
    const auto time = reader.read_be<std::int64_t>();
    number_ = reader.read_byte() != 0 ? std::nullopt : std::optional(std::bit_cast<T>(reader.read_be<BitsOf<T>>()));
    row_ = row;
    return time;
  }

  template <class State>
  void set(State& state, std::uint32_t row) {
    if (row != row_) time(row);
    state.set(number_);
  }

 private:
  ValueSource& source_;
  std::uint32_t begin_ = 0;
  std::uint32_t row_ = 0;
  std::optional<T> number_;
};

template <class T>
constexpr std::string_view kTypeWord = by_type<T>("long", "float", "double");
template <class T>
constexpr const char* kPairType =
    by_type<T>("serializablePairLongLong", "serializablePairLongFloat", "serializablePairLongDouble");

template <class T, bool kLast>
class FirstLast final : public AggregatorFactory {
 public:
  using State = TimedNumber<T, kLast>;

  FirstLast(std::string name, FirstLastFields fields)
      : AggregatorFactory(std::move(name)), fields_(std::move(fields)) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    return std::make_shared<FirstLast>(json["name"].string(), FirstLastFields::parse(json));
  }

  std::vector<std::string> required_columns() const override { return {fields_.time_column, fields_.field_name}; }
  std::size_t state_size() const noexcept override { return sizeof(State); }
  void init(std::byte* state) const noexcept override { new (state) State(); }
  void merge(std::byte* into, const std::byte* from) const override {
    const State& other = state_at<State>(from);
    if (ByTime<kLast>::wins(other.time, state_at<State>(into).time)) state_at<State>(into) = other;
  }

  bool depends_on_order() const noexcept override { return true; }
  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> kind = columns.kind(fields_.field_name);
    if (kind && kind->type == storage::ValueType::kComplex) return bind_pairs(*kind, columns);
    if (kind) refuse_structured(*kind, fields_.field_name);
    NumericSource<std::int64_t>& times = columns.longs(fields_.time_column);
    StringSource* strings = columns.strings(fields_.field_name);
    // Lists that an expression makes have no number, and are not refused.
    if (strings != nullptr && strings->multiple_values() && !strings->grows())
      return std::make_unique<FirstLastAggregator<kLast, State, ListsInTime<T>>>(times, *strings);
    return std::make_unique<FirstLastAggregator<kLast, State, NumbersInTime<T>>>(
        times, numbers_of<T>(columns, fields_.field_name));
  }

  Value finalise(const std::byte* state) const override {
    const State& held = state_at<State>(state);
    return held.null != 0 ? Value() : Value(held.value);
  }
  /// To Druid a time without a value is no null, but the least: it comes first where a topN is inverted.
  Value ordered_by(const std::byte* state) const override {
    const Value value = finalise(state);
    return is_null(value) ? Value(-std::numeric_limits<double>::infinity()) : value;
  }
  Value intermediate(const std::byte* state) const override {
    return time_and_value(state_at<State>(state).time, finalise(state));
  }
  Value stored(const std::byte* state) const override {
    const State& held = state_at<State>(state);
    ByteWriter out;
    out.write_be(held.time);
    out.write_be(static_cast<std::uint8_t>(held.null));
    if (held.null == 0) out.write_be(std::bit_cast<BitsOf<T>>(held.value));
    return ComplexBytes{{reinterpret_cast<const char*>(out.view().data()), out.view().size()}};
  }

  ColumnKind intermediate_kind() const override { return {storage::ValueType::kComplex, kPairType<T>, false}; }
  std::unique_ptr<AggregatorFactory> combining() const override {
    return std::make_unique<FirstLast>(name(), FirstLastFields{name(), fields_.time_column});
  }
  Json to_json() const override {
    return Json::Object{{"type", std::string(kTypeWord<T>) + (kLast ? "Last" : "First")},
                        {"name", name()},
                        {"fieldName", fields_.field_name},
                        {"timeColumn", fields_.time_column}};
  }

 private:
  std::unique_ptr<Aggregator> bind_pairs(const ColumnKind& kind, ColumnSources& columns) const {
    if (kind.complex_type != kPairType<T>)
      throw Error(ErrorCategory::kInvalidInput, "aggregator \"" + name() + "\": column \"" + fields_.field_name +
                                                    "\" holds " + kind.type_name() + ", which is no input for it");
    return std::make_unique<FirstLastAggregator<kLast, State, PairsInTime<T>>>(columns.values(fields_.field_name));
  }

  FirstLastFields fields_;
};

template <class T>
void add(AggregatorRegistry& registry, std::string_view first, std::string_view last) {
  registry.add({.type = first, .parse = FirstLast<T, false>::parse, .doc = "The number at the earliest time."});
  registry.add({.type = last, .parse = FirstLast<T, true>::parse, .doc = "The number at the latest time."});
}

}  // namespace

void register_first_last(AggregatorRegistry& registry) {
  add<std::int64_t>(registry, "longFirst", "longLast");
  add<double>(registry, "doubleFirst", "doubleLast");
  add<float>(registry, "floatFirst", "floatLast");
}

}  // namespace sarsen::engine
