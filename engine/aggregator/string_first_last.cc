// stringFirst, stringLast: the text at the earliest or the latest time, cut to maxStringBytes. Stored as pairs of time
// and text, which carry their own times. Only times are compared while rows are read: text appears where a row wins.

#include "engine/aggregator/first_last.h"
#include "engine/aggregator/held_text.h"
#include "engine/aggregator/row_text.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kBytesDefault = 1024;
constexpr std::int32_t kEmptyText = -1;  // the length of empty text in stored pairs, where 0 is null
constexpr const char* kPairType = "serializablePairLongString";

template <bool kLast>
struct TimedText {
  std::int64_t time = ByTime<kLast>::kBegin;
  HeldText text;
};

/// Rows of a segment count whatever they hold; input rows without text do not.
class TextsInTime {
 public:
  TextsInTime(NumericSource<std::int64_t>& times, std::unique_ptr<RowText> texts, std::size_t bytes_max,
              bool skip_nulls)
      : times_(times), texts_(std::move(texts)), bytes_max_(bytes_max), skip_nulls_(skip_nulls) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    times_.read(begin, size);
    texts_->read(begin, size);
  }
  std::optional<std::int64_t> time(std::uint32_t row) const {
    return skip_nulls_ && !texts_->of(row) ? std::nullopt : times_.at(row);
  }
  template <class State>
  void set(State& state, std::uint32_t row) {
    const std::optional<std::string_view> text = texts_->of(row);
    state.text.assign(text ? std::optional(chopped(*text, bytes_max_)) : std::nullopt);
  }

 private:
  TimeColumn times_;
  std::unique_ptr<RowText> texts_;
  std::size_t bytes_max_;
  bool skip_nulls_;
};

class PairsInTime {
 public:
  PairsInTime(ValueSource& source, std::size_t bytes_max) : source_(source), bytes_max_(bytes_max) {}

  void read(std::uint32_t begin, std::uint32_t) { begin_ = begin; }

  std::optional<std::int64_t> time(std::uint32_t row) {
    const ValueView value = source_.value(begin_ + row);
    const auto* bytes = std::get_if<std::span<const std::byte>>(&value);
    if (bytes == nullptr || bytes->empty()) return std::nullopt;
    return ByteReader(*bytes, "pair of time and text").read_be<std::int64_t>();
  }

  template <class State>
  void set(State& state, std::uint32_t row) {
    const ValueView value = source_.value(begin_ + row);
    ByteReader reader(std::get<std::span<const std::byte>>(value), "pair of time and text");
    reader.skip(sizeof(std::int64_t));
    const auto size = reader.read_be<std::int32_t>();
    reader.check(size >= kEmptyText, "text of negative length");
    if (size == 0) return state.text.assign(std::nullopt);
    const std::span<const std::byte> text = reader.bytes(size == kEmptyText ? 0 : static_cast<std::size_t>(size));
    state.text.assign(chopped({reinterpret_cast<const char*>(text.data()), text.size()}, bytes_max_));
  }

 private:
  ValueSource& source_;
  std::size_t bytes_max_;
  std::uint32_t begin_ = 0;
};

/// Rows that come in: their texts, or the stored pairs of rows that are ingested again.
class InputsInTime {
 public:
  InputsInTime(TextsInTime texts, ValueSource& source, std::size_t bytes_max)
      : texts_(std::move(texts)), pairs_(source, bytes_max), source_(source) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    begin_ = begin;
    texts_.read(begin, size);
    pairs_.read(begin, size);
  }
  std::optional<std::int64_t> time(std::uint32_t row) { return is_pair(row) ? pairs_.time(row) : texts_.time(row); }
  template <class State>
  void set(State& state, std::uint32_t row) {
    is_pair(row) ? pairs_.set(state, row) : texts_.set(state, row);
  }

 private:
  bool is_pair(std::uint32_t row) const {
    return std::holds_alternative<std::span<const std::byte>>(source_.value(begin_ + row));
  }

  TextsInTime texts_;
  PairsInTime pairs_;
  ValueSource& source_;
  std::uint32_t begin_ = 0;
};

template <bool kLast>
class StringFirstLast final : public AggregatorFactory {
 public:
  using State = TimedText<kLast>;

  StringFirstLast(std::string name, FirstLastFields fields, std::size_t bytes_max)
      : AggregatorFactory(std::move(name)), fields_(std::move(fields)), bytes_max_(bytes_max) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const std::int64_t bytes_max = json["maxStringBytes"].integer_or(kBytesDefault);
    if (bytes_max < 0 || bytes_max > std::numeric_limits<std::int32_t>::max())
      json["maxStringBytes"].fail("must not be negative, and less than 2 GiB");
    return std::make_shared<StringFirstLast>(json["name"].string(), FirstLastFields::parse(json),
                                             static_cast<std::size_t>(bytes_max));
  }

  std::vector<std::string> required_columns() const override { return {fields_.time_column, fields_.field_name}; }
  std::size_t state_size() const noexcept override { return sizeof(State); }
  void init(std::byte* state) const noexcept override { new (state) State(); }
  bool trivially_destroyed() const noexcept override { return false; }
  void destroy(std::byte* state) const noexcept override { state_at<State>(state).text.release(); }
  void save(const std::byte* state, ByteWriter& out) const override {
    out.write_le(state_at<State>(state).time);
    state_at<State>(state).text.save(out);
  }
  void load(std::byte* state, ByteReader& in) const override {
    state_at<State>(state).time = in.read_le<std::int64_t>();
    state_at<State>(state).text.load(in);
  }
  void merge(std::byte* into, const std::byte* from) const override {
    const State& other = state_at<State>(from);
    State& mine = state_at<State>(into);
    if (!ByTime<kLast>::wins(other.time, mine.time)) return;
    mine.time = other.time;
    mine.text.assign(other.text.get());
  }

  bool depends_on_order() const noexcept override { return true; }
  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> kind = columns.kind(fields_.field_name);
    if (!kind) return std::make_unique<FirstLastAggregator<kLast, State, NoTimes>>();
    if (kind->type == storage::ValueType::kComplex && kind->complex_type == kPairType)
      return std::make_unique<FirstLastAggregator<kLast, State, PairsInTime>>(columns.values(fields_.field_name),
                                                                              bytes_max_);
    const bool ingests = kind->type == storage::ValueType::kString && columns.strings(fields_.field_name) == nullptr;
    TextsInTime texts(columns.longs(fields_.time_column),
                      bind_row_text(fields_.field_name, columns, {.wide_floats = true, .of_input = ingests}),
                      bytes_max_, ingests);
    if (!ingests) return std::make_unique<FirstLastAggregator<kLast, State, TextsInTime>>(std::move(texts));
    return std::make_unique<FirstLastAggregator<kLast, State, InputsInTime>>(
        std::move(texts), columns.values(fields_.field_name), bytes_max_);
  }

  Value finalise(const std::byte* state) const override {
    const std::optional<std::string_view> text = state_at<State>(state).text.get();
    return text ? Value(std::string(*text)) : Value();
  }
  Value intermediate(const std::byte* state) const override { return time_and_value(time(state), finalise(state)); }
  Value stored(const std::byte* state) const override {
    const std::optional<std::string_view> text = state_at<State>(state).text.get();
    ByteWriter out;
    out.write_be(time(state));
    out.write_be(!text ? std::int32_t{0} : text->empty() ? kEmptyText : static_cast<std::int32_t>(text->size()));
    if (text) out.write(*text);
    return ComplexBytes{{reinterpret_cast<const char*>(out.view().data()), out.view().size()}};
  }

  ColumnKind intermediate_kind() const override { return {storage::ValueType::kComplex, kPairType, false}; }
  std::unique_ptr<AggregatorFactory> combining() const override {
    return std::make_unique<StringFirstLast>(name(), FirstLastFields{name(), fields_.time_column}, bytes_max_);
  }
  Json to_json() const override {
    return Json::Object{{"type", kLast ? "stringLast" : "stringFirst"},
                        {"name", name()},
                        {"fieldName", fields_.field_name},
                        {"timeColumn", fields_.time_column},
                        {"maxStringBytes", static_cast<std::int64_t>(bytes_max_)}};
  }

 private:
  /// Where no row won, Druid shows the bounds of its calendar.
  static std::int64_t time(const std::byte* state) noexcept {
    const std::int64_t time = state_at<State>(state).time;
    if (time != ByTime<kLast>::kBegin) return time;
    return kLast ? kEternity.start_ms : kEternity.end_ms;
  }

  FirstLastFields fields_;
  std::size_t bytes_max_;
};

}  // namespace

void register_string_first_last(AggregatorRegistry& registry) {
  registry.add(
      {.type = "stringFirst", .parse = StringFirstLast<false>::parse, .doc = "The text at the earliest time."});
  registry.add({.type = "stringLast", .parse = StringFirstLast<true>::parse, .doc = "The text at the latest time."});
}

}  // namespace sarsen::engine
