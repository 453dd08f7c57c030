#include "ingest/incremental_index/input_batch.h"

#include <array>
#include <deque>

#include "engine/vector/row_mask.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

/// One field of the batch's rows, in one form.
class InputBatch::Input {
 public:
  Input(std::string_view column, FieldTable& fields, const std::uint32_t& begin)
      : begin_(begin),
        name_(column),
        is_time_(column == storage::kTimeColumn),
        field_(is_time_ ? 0 : fields.add(column)) {}
  virtual ~Input() = default;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  void add(std::uint32_t position, const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems) {
    if (is_time_) {
      set(position, RawValue::of(time_ms));
    } else if (const RawValue& value = row.value(field_); !set(position, value)) {
      problems.push_back(problem(value));
    }
  }
  virtual void clear() = 0;

 protected:
  /// False where the value cannot be read: it is null then.
  virtual bool set(std::uint32_t position, const RawValue& value) = 0;

  /// Where the row of that number is.
  std::uint32_t position_of(std::uint32_t row) const noexcept { return row - begin_; }

 private:
  std::string problem(const RawValue& value) const {
    if (value.kind != RawValue::Kind::kText)
      return "Unknown type[class " + std::string(java_class(value)) + "] for field[" + name_ + "]";
    return "Unable to parse value[" + std::string(value.text) + "] for field[" + name_ + "]";
  }

  const std::uint32_t& begin_;  // the batch's
  const std::string name_;
  const bool is_time_;
  const std::uint32_t field_;
};

template <class T>
class InputBatch::NumericInput final : public Input, public engine::NumericSource<T> {
 public:
  using Input::Input;

  engine::NumericVector<T> read(std::uint32_t begin, std::uint32_t) override {
    const std::uint32_t position = position_of(begin);
    return {values_.data() + position, any_null_ ? nulls_.data() + position / 64 : nullptr};
  }

  void clear() override {
    nulls_.fill(0);
    any_null_ = false;
  }

 protected:
  bool set(std::uint32_t position, const RawValue& value) override {
    if (value.kind == RawValue::Kind::kLong) {  // the most common ones, without a call
      values_[position] = static_cast<T>(value.integer);
      return true;
    }
    const Converted<T> converted = metric_number<T>(value);
    const bool null = converted.null || converted.failed;
    values_[position] = null ? T{} : converted.value;
    nulls_[position / 64] |= std::uint64_t{null} << position % 64;
    any_null_ = any_null_ || null;
    return !converted.failed;
  }

 private:
  std::array<T, engine::kVectorRows> values_{};
  std::array<std::uint64_t, engine::kVectorWords> nulls_{};
  bool any_null_ = false;
};

class InputBatch::ValueInput final : public Input, public engine::ValueSource {
 public:
  using Input::Input;

  engine::ValueView value(std::uint32_t row) override {
    const RawValue& value = values_[position_of(row)];
    switch (value.kind) {
      case RawValue::Kind::kMissing:
      case RawValue::Kind::kNull:
        return std::monostate();
      case RawValue::Kind::kLong:
        return value.integer;
      case RawValue::Kind::kDouble:
        return value.number;
      case RawValue::Kind::kBoolean:
        return std::string_view(value.boolean ? "true" : "false");
      case RawValue::Kind::kText:
        return value.text;
      case RawValue::Kind::kComplex:
        return std::as_bytes(std::span(value.text));
      case RawValue::Kind::kList:
      case RawValue::Kind::kObject:  // kept as text
        break;
    }
    return list(value.list);
  }

  void clear() override {
    values_.clear();
    texts_.clear();
    lists_.clear();
  }

 protected:
  bool set(std::uint32_t, const RawValue& value) override {
    values_.push_back(copy(value));
    return true;
  }

 private:
  RawValue copy(const RawValue& value) {
    std::string scratch;
    RawValue kept = value.kind == RawValue::Kind::kObject ? RawValue::of(*text_of(value, scratch)) : value;
    if (kept.kind == RawValue::Kind::kLong) kept.text = {};
    if (!kept.text.empty()) kept.text = texts_.emplace_back(kept.text);
    if (value.kind == RawValue::Kind::kList) {
      std::vector<RawValue> elements;
      for (const RawValue& element : value.list) elements.push_back(copy(element));
      kept.list = lists_.emplace_back(std::move(elements));
    }
    return kept;
  }

  engine::ValueView list(std::span<const RawValue> elements) {
    std::vector<std::optional<std::string_view>> views;
    element_texts_.clear();
    for (const RawValue& element : elements) {
      std::string scratch;
      const auto text = text_of(element, scratch);
      views.push_back(text ? std::optional<std::string_view>(element_texts_.emplace_back(*text)) : std::nullopt);
    }
    return views;
  }

  std::vector<RawValue> values_;
  std::deque<std::string> texts_;  // what values_ show; elements of a deque stay where they are
  std::deque<std::vector<RawValue>> lists_;
  std::deque<std::string> element_texts_;  // of the list shown last
};

InputBatch::InputBatch(FieldTable& fields) : fields_(fields) {}
InputBatch::~InputBatch() = default;

void InputBatch::clear() {
  constexpr std::uint32_t kLast = UINT32_MAX - 2 * engine::kVectorRows;
  const auto rows = static_cast<std::uint32_t>(engine::mask_words(size_) * 64);
  begin_ = begin_ < kLast ? begin_ + rows : 0;
  size_ = 0;
  for (Input* input : inputs_in_turn_) input->clear();
}

void InputBatch::add(const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems) {
  for (Input* input : inputs_in_turn_) input->add(size_, row, time_ms, problems);
  ++size_;
}

std::optional<engine::ColumnKind> InputBatch::kind(std::string_view column) const {
  return engine::ColumnKind{
      .type = column == storage::kTimeColumn ? storage::ValueType::kLong : storage::ValueType::kString,
      .complex_type = {},
      .multiple_values = false};
}

template <class Wanted>
Wanted& InputBatch::input(std::string_view column, char type) {
  auto& slot = inputs_[{std::string(column), type}];
  if (!slot) inputs_in_turn_.push_back((slot = std::make_unique<Wanted>(column, fields_, begin_)).get());
  return static_cast<Wanted&>(*slot);
}

engine::NumericSource<std::int64_t>& InputBatch::longs(std::string_view column) {
  return input<NumericInput<std::int64_t>>(column, 'l');
}
engine::NumericSource<float>& InputBatch::floats(std::string_view column) {
  return input<NumericInput<float>>(column, 'f');
}
engine::NumericSource<double>& InputBatch::doubles(std::string_view column) {
  return input<NumericInput<double>>(column, 'd');
}
engine::ValueSource& InputBatch::values(std::string_view column) { return input<ValueInput>(column, 'v'); }

}  // namespace sarsen::ingest
