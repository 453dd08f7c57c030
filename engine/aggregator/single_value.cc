// singleValue: the value of the only row. A second row is an error: SQL uses it for subqueries that must give one
// value.

#include "engine/aggregator/aggregator_of.h"
#include "engine/aggregator/held_text.h"
#include "engine/aggregator/row_text.h"
#include "engine/result/value_cast.h"

namespace sarsen::engine {
namespace {

struct SingleState {
  HeldText text;  // the value as text, in Java's form
  std::uint64_t seen = 0;
};

[[noreturn]] void refuse_second() {
  throw Error(ErrorCategory::kInvalidInput, "Subquery expression returned more than one row");
}

class SingleAggregator final : public Aggregator {
 public:
  explicit SingleAggregator(std::unique_ptr<RowText> texts) : texts_(std::move(texts)) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    read(begin, selection.size);
    for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) { take(state_at<SingleState>(state), row); });
  }
  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    read(begin, selection.size);
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      take(state_at<SingleState>(states + groups[i] * stride), row);
    });
  }

 private:
  void read(std::uint32_t begin, std::uint32_t size) {
    if (texts_) texts_->read(begin, size);
  }
  void take(SingleState& state, std::uint32_t row) {
    if (state.seen++ != 0) refuse_second();
    state.text.assign(texts_ ? texts_->of(row) : std::nullopt);
  }

  std::unique_ptr<RowText> texts_;
};

class SingleValue final : public AggregatorFactory {
 public:
  SingleValue(std::string name, std::string field_name, storage::ValueType type)
      : AggregatorFactory(std::move(name)), field_name_(std::move(field_name)), type_(type) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    return std::make_shared<SingleValue>(json["name"].string(), json["fieldName"].string(),
                                         parse_value_type(json["columnType"], storage::ValueType::kString));
  }

  std::vector<std::string> required_columns() const override { return {field_name_}; }
  std::size_t state_size() const noexcept override { return sizeof(SingleState); }
  void init(std::byte* state) const noexcept override { new (state) SingleState(); }
  bool trivially_destroyed() const noexcept override { return false; }
  void destroy(std::byte* state) const noexcept override { state_at<SingleState>(state).text.release(); }
  void save(const std::byte* state, ByteWriter& out) const override {
    state_at<SingleState>(state).text.save(out);
    out.write_le(state_at<SingleState>(state).seen);
  }
  void load(std::byte* state, ByteReader& in) const override {
    state_at<SingleState>(state).text.load(in);
    state_at<SingleState>(state).seen = in.read_le<std::uint64_t>();
  }
  void merge(std::byte* into, const std::byte* from) const override {
    const SingleState& other = state_at<SingleState>(from);
    SingleState& mine = state_at<SingleState>(into);
    if (other.seen == 0) return;
    if (mine.seen != 0) refuse_second();
    mine.seen = other.seen;
    mine.text.assign(other.text.get());
  }
  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    return std::make_unique<SingleAggregator>(bind_row_text(field_name_, columns, {}));
  }
  Value finalise(const std::byte* state) const override {
    const std::optional<std::string_view> text = state_at<SingleState>(state).text.get();
    return text ? cast_value(Value(std::string(*text)), type_) : Value();
  }
  ColumnKind intermediate_kind() const override { return {type_, "", false}; }
  std::unique_ptr<AggregatorFactory> combining() const override {
    return std::make_unique<SingleValue>(name(), name(), type_);
  }
  Json to_json() const override {
    return Json::Object{{"type", "singleValue"},
                        {"name", name()},
                        {"fieldName", field_name_},
                        {"columnType", ColumnKind{type_, "", false}.type_name()}};
  }

 private:
  std::string field_name_;
  storage::ValueType type_;
};

}  // namespace

void register_single_value(AggregatorRegistry& registry) {
  registry.add({.type = "singleValue",
                .parse = SingleValue::parse,
                .doc = "The value of the only row; a second row is an error."});
}

}  // namespace sarsen::engine
