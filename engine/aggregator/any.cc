// longAny, doubleAny, floatAny, stringAny: what the first row met holds, null included. Numbers of text columns are
// null, as in Druid's vectorised engine.

#include <type_traits>

#include "engine/aggregator/aggregator_of.h"
#include "engine/aggregator/held_text.h"
#include "engine/aggregator/row_text.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kBytesDefault = 1024;

/// Calls take(state, row) for the first row that each state meets.
template <class State, class Take>
void take_first(std::byte* states, std::size_t stride, const std::uint32_t* groups, const Selection& selection,
                Take take) {
  for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
    State& state = state_at<State>(states + groups[i] * stride);
    if (state.seen != 0) return;
    state.seen = 1;
    take(state, row);
  });
}

std::uint32_t first_row(const Selection& selection) noexcept {
  if (selection.positions != nullptr) return selection.positions[0];
  if (selection.mask == nullptr) return 0;
  std::uint32_t word = 0;
  while (selection.mask[word] == 0) ++word;
  return word * 64 + static_cast<std::uint32_t>(std::countr_zero(selection.mask[word]));
}

/// `Input` has read(begin, size) and set(State&, row).
template <class State, class Input>
class AnyAggregator final : public Aggregator {
 public:
  template <class... Arguments>
  explicit AnyAggregator(Arguments&&... arguments) : input_(std::forward<Arguments>(arguments)...) {}

  void fold(std::byte* address, std::uint32_t begin, const Selection& selection) override {
    State& state = state_at<State>(address);
    if (state.seen != 0) return;
    state.seen = 1;
    input_.read(begin, selection.size);
    input_.set(state, first_row(selection));
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    input_.read(begin, selection.size);
    take_first<State>(states, stride, groups, selection,
                      [&](State& state, std::uint32_t row) { input_.set(state, row); });
  }

 private:
  Input input_;
};

template <class T>
struct AnyNumber {
  T value = 0;
  std::uint32_t null = 1;
  std::uint32_t seen = 0;
};

template <class T>
class AnyOfNumbers {
 public:
  explicit AnyOfNumbers(NumericSource<T>& source) : source_(source) {}
  void read(std::uint32_t begin, std::uint32_t size) { vector_ = source_.read(begin, size); }
  void set(AnyNumber<T>& state, std::uint32_t row) const noexcept {
    state.null = vector_.nulls != nullptr && mask_has(vector_.nulls, row) ? 1 : 0;
    state.value = vector_.values[row];
  }

 private:
  NumericSource<T>& source_;
  NumericVector<T> vector_{nullptr, nullptr};
};

template <class T>
class AnyIsNull {
 public:
  void read(std::uint32_t, std::uint32_t) {}
  void set(AnyNumber<T>&, std::uint32_t) const noexcept {}
};

template <class T>
class NumberAny final : public AggregatorFactory {
 public:
  using State = AnyNumber<T>;
  static constexpr storage::ValueType kType = kTypeOf<T>;
  static constexpr const char* kName = by_type<T>("longAny", "floatAny", "doubleAny");

  NumberAny(std::string name, std::string field_name)
      : AggregatorFactory(std::move(name)), field_name_(std::move(field_name)) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    return std::make_shared<NumberAny>(json["name"].string(), json["fieldName"].string());
  }

  std::vector<std::string> required_columns() const override { return {field_name_}; }
  std::size_t state_size() const noexcept override { return sizeof(State); }
  void init(std::byte* state) const noexcept override { new (state) State(); }
  void merge(std::byte* into, const std::byte* from) const override {
    if (state_at<State>(into).seen == 0) state_at<State>(into) = state_at<State>(from);
  }

  bool depends_on_order() const noexcept override { return true; }
  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    if (columns.strings(field_name_) != nullptr) return std::make_unique<AnyAggregator<State, AnyIsNull<T>>>();
    return std::make_unique<AnyAggregator<State, AnyOfNumbers<T>>>(numbers_of<T>(columns, field_name_));
  }

  Value finalise(const std::byte* state) const override {
    const State& held = state_at<State>(state);
    return held.null != 0 ? Value() : Value(held.value);
  }
  ColumnKind intermediate_kind() const override { return {kType, "", false}; }
  std::unique_ptr<AggregatorFactory> combining() const override { return std::make_unique<NumberAny>(name(), name()); }
  Json to_json() const override { return Json::Object{{"type", kName}, {"name", name()}, {"fieldName", field_name_}}; }

 private:
  std::string field_name_;
};

struct AnyText {
  HeldText text;
  std::uint64_t seen = 0;
};

/// Text of a column, or null where there is no column.
class AnyOfTexts {
 public:
  AnyOfTexts(std::unique_ptr<RowText> texts, std::size_t bytes_max) : texts_(std::move(texts)), bytes_max_(bytes_max) {}
  void read(std::uint32_t begin, std::uint32_t size) {
    if (texts_) texts_->read(begin, size);
  }
  void set(AnyText& state, std::uint32_t row) const {
    const std::optional<std::string_view> text = texts_ ? texts_->of(row) : std::nullopt;
    state.text.assign(text ? std::optional(chopped(*text, bytes_max_)) : std::nullopt);
  }

 private:
  std::unique_ptr<RowText> texts_;
  std::size_t bytes_max_;
};

class StringAny final : public AggregatorFactory {
 public:
  StringAny(std::string name, std::string field_name, std::size_t bytes_max, bool lists)
      : AggregatorFactory(std::move(name)), field_name_(std::move(field_name)), bytes_max_(bytes_max), lists_(lists) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const std::int64_t bytes_max = json["maxStringBytes"].integer_or(kBytesDefault);
    if (bytes_max < 0) json["maxStringBytes"].fail("must not be negative");
    return std::make_shared<StringAny>(json["name"].string(), json["fieldName"].string(),
                                       static_cast<std::size_t>(bytes_max),
                                       json["aggregateMultipleValues"].boolean_or(true));
  }

  std::vector<std::string> required_columns() const override { return {field_name_}; }
  std::size_t state_size() const noexcept override { return sizeof(AnyText); }
  void init(std::byte* state) const noexcept override { new (state) AnyText(); }
  bool trivially_destroyed() const noexcept override { return false; }
  void destroy(std::byte* state) const noexcept override { state_at<AnyText>(state).text.release(); }
  void save(const std::byte* state, ByteWriter& out) const override {
    state_at<AnyText>(state).text.save(out);
    out.write_le(state_at<AnyText>(state).seen);
  }
  void load(std::byte* state, ByteReader& in) const override {
    state_at<AnyText>(state).text.load(in);
    state_at<AnyText>(state).seen = in.read_le<std::uint64_t>();
  }
  void merge(std::byte* into, const std::byte* from) const override {
    AnyText& mine = state_at<AnyText>(into);
    if (mine.seen != 0) return;
    mine.seen = state_at<AnyText>(from).seen;
    mine.text.assign(state_at<AnyText>(from).text.get());
  }
  bool depends_on_order() const noexcept override { return true; }
  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    return std::make_unique<AnyAggregator<AnyText, AnyOfTexts>>(bind_row_text(field_name_, columns, {.lists = lists_}),
                                                                bytes_max_);
  }
  Value finalise(const std::byte* state) const override {
    const std::optional<std::string_view> text = state_at<AnyText>(state).text.get();
    return text ? Value(std::string(*text)) : Value();
  }
  ColumnKind intermediate_kind() const override { return {storage::ValueType::kString, "", false}; }
  std::unique_ptr<AggregatorFactory> combining() const override {
    return std::make_unique<StringAny>(name(), name(), bytes_max_, lists_);
  }
  Json to_json() const override {
    return Json::Object{{"type", "stringAny"},
                        {"name", name()},
                        {"fieldName", field_name_},
                        {"maxStringBytes", static_cast<std::int64_t>(bytes_max_)},
                        {"aggregateMultipleValues", lists_}};
  }

 private:
  std::string field_name_;
  std::size_t bytes_max_;
  bool lists_;
};

template <class T>
void add(AggregatorRegistry& registry) {
  registry.add({.type = NumberAny<T>::kName, .parse = NumberAny<T>::parse, .doc = "The number of any row."});
}

}  // namespace

void register_any(AggregatorRegistry& registry) {
  add<std::int64_t>(registry);
  add<double>(registry);
  add<float>(registry);
  registry.add({.type = "stringAny", .parse = StringAny::parse, .doc = "The text of any row."});
}

}  // namespace sarsen::engine
