#include "engine/data_source/row_segment.h"

#include <algorithm>
#include <type_traits>

#include "engine/data_source/memory_columns.h"
#include "engine/exec/poll.h"
#include "engine/query/sub_query_limit.h"
#include "storage/base/check.h"
#include "storage/base/memory_count.h"

namespace sarsen::engine {
namespace {

/// What all values of a column are, apart from nulls.
struct Census {
  bool longs = true;
  bool floats = true;
  bool doubles = true;  // or longs
  bool strings = true;
  bool string_lists = true;  // or strings
  bool bytes = true;
  bool json = false;  // some are objects, or booleans
  bool any = false;
};

bool holds_strings(const List& list) {
  return std::all_of(list.elements().begin(), list.elements().end(), [](const Value& element) {
    return is_null(element) || std::holds_alternative<std::string>(element);
  });
}

Census take_census(const std::vector<Value>& values) {
  Census census;
  for (const Value& value : values) {
    if (is_null(value)) continue;
    census.any = true;
    const bool is_long = std::holds_alternative<std::int64_t>(value);
    const bool is_string = std::holds_alternative<std::string>(value);
    const List* list = std::get_if<List>(&value);
    census.longs &= is_long;
    census.floats &= std::holds_alternative<float>(value);
    census.doubles &= is_long || std::holds_alternative<double>(value);
    census.strings &= is_string;
    census.string_lists &= is_string || (list != nullptr && holds_strings(*list));
    census.bytes &= std::holds_alternative<ComplexBytes>(value);
    census.json |= std::holds_alternative<Nested>(value);
  }
  return census;
}

template <class T>
T number_of(const Value& value) {
  return std::visit(
      [](const auto& held) -> T {
        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(held)>>) return static_cast<T>(held);
        return T{};
      },
      value);
}

template <class T>
std::unique_ptr<storage::Column> numbers(const std::vector<Value>& values, std::string type) {
  std::vector<T> numbers;
  std::vector<std::uint64_t> nulls;
  numbers.reserve(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    poll();
    numbers.push_back(number_of<T>(values[row]));
    if (!is_null(values[row])) continue;
    if (nulls.empty()) nulls.resize((values.size() + 63) / 64);
    nulls[row / 64] |= std::uint64_t{1} << (row % 64);
  }
  return std::make_unique<MemoryNumbers<T>>(std::move(numbers), std::move(nulls), std::move(type));
}

MemoryStrings::Text text_of(Value& value) {
  auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::nullopt : MemoryStrings::Text(std::move(*text));
}

std::unique_ptr<storage::Column> strings(std::vector<Value> values, std::string type) {
  std::vector<MemoryStrings::Text> rows;
  rows.reserve(values.size());
  for (Value& value : values) rows.push_back(text_of(value));
  return std::make_unique<MemoryStrings>(rows, std::move(type));
}

std::unique_ptr<storage::Column> string_lists(std::vector<Value> values, std::string type) {
  std::vector<std::vector<MemoryStrings::Text>> rows(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    poll();
    if (const List* list = std::get_if<List>(&values[row])) {
      for (Value element : list->elements()) rows[row].push_back(text_of(element));
    } else {
      rows[row].push_back(text_of(values[row]));  // null is a value, no list without any
    }
  }
  return std::make_unique<MemoryStrings>(rows, true, std::move(type));
}

std::unique_ptr<storage::Column> bytes(std::vector<Value> values, const std::string& type) {
  std::vector<std::optional<std::string>> rows;
  for (Value& value : values) {
    auto* held = std::get_if<ComplexBytes>(&value);
    rows.push_back(held == nullptr ? std::nullopt : std::optional<std::string>(std::move(held->bytes)));
  }
  return make_complex_column(std::move(rows), type);
}

std::unique_ptr<storage::Column> mixed(const std::vector<Value>& values, std::string type, bool json) {
  std::vector<Json> rows;
  rows.reserve(values.size());
  for (const Value& value : values) rows.push_back(json_of(value));
  return make_mixed_column(std::move(rows), std::move(type), json);
}

/// "HLLSketch" of "COMPLEX<HLLSketch>"; empty for other types.
std::string complex_name(const std::string& type) {
  constexpr std::string_view kStart = "COMPLEX<";
  if (!type.starts_with(kStart) || !type.ends_with('>')) return {};
  return type.substr(kStart.size(), type.size() - kStart.size() - 1);
}

std::unique_ptr<storage::Column> make_untyped(std::vector<Value> values, const Census& census) {
  if (!census.any || census.strings) return strings(std::move(values), "");
  if (census.longs) return numbers<std::int64_t>(values, "");
  if (census.floats) return numbers<float>(values, "");
  if (census.string_lists) return string_lists(std::move(values), "");
  return mixed(values, "", false);  // read as text and as numbers, too: Druid does not know that they are JSON
}

}  // namespace

std::unique_ptr<storage::Column> make_column(std::vector<Value> values, const std::string& type) {
  const Census census = take_census(values);
  const std::string complex = complex_name(type);
  if (type == "LONG" && census.longs) return numbers<std::int64_t>(values, type);
  if (type == "FLOAT" && (census.floats || census.doubles)) return numbers<float>(values, type);
  if (type == "DOUBLE" && census.doubles) return numbers<double>(values, type);
  if (type == "DOUBLE" && census.floats) return numbers<double>(values, type);
  if (type == "STRING" && census.strings) return strings(std::move(values), type);
  if (type == "STRING" && census.string_lists) return string_lists(std::move(values), type);
  if (!complex.empty() && complex != "json" && census.bytes) return bytes(std::move(values), complex);
  if (type.empty()) return make_untyped(std::move(values), census);
  return mixed(values, type, census.json || complex == "json");
}

const storage::Column* RowSegment::column(std::string_view name) const {
  const auto found = columns_.find(name);
  return found == columns_.end() ? nullptr : found->second.get();
}

void RowSegmentBuilder::start(const RowSignature& signature) {
  signature_ = signature;
  values_.resize(signature.size());
}

bool RowSegmentBuilder::row(std::vector<Value>& values) {
  if (rows_ == UINT32_MAX) throw Error(ErrorCategory::kResourceLimit, "More than 4294967295 rows of a query in memory");
  for (std::size_t i = 0; i < values_.size(); ++i) {
    bytes_ += row_bytes(values[i]);
    values_[i].push_back(std::move(values[i]));
  }
  check_memory();
  if (bytes_ > bytes_max_)
    throw Error(ErrorCategory::kResourceLimit,
                "The rows of a query in the data source need more memory than sarsen.query.maxBytesPerQuery allows: " +
                    std::to_string(bytes_max_));
  ++rows_;
  return true;
}

std::shared_ptr<const RowSegment> RowSegmentBuilder::finish() {
  auto segment = std::make_shared<RowSegment>();
  segment->row_count_ = rows_;
  std::vector<std::int64_t> times(rows_, time_ms_);
  for (std::size_t i = 0; i < signature_.size(); ++i) {
    check_memory();
    const std::string& name = signature_[i].name;
    if (name == storage::kTimeColumn) {
      for (std::uint32_t row = 0; row < rows_; ++row) {
        const auto* time_ms = std::get_if<std::int64_t>(&values_[i][row]);
        if (time_ms == nullptr && !is_null(values_[i][row]))
          throw Error(ErrorCategory::kInvalidInput, "The values of __time must be milliseconds since 1970");
        times[row] = time_ms == nullptr ? 0 : *time_ms;
      }
    } else {
      segment->columns_[name] = make_column(std::move(values_[i]), signature_[i].type);
    }
    if (std::find(segment->names_.begin(), segment->names_.end(), name) != segment->names_.end()) continue;
    segment->names_.push_back(name);
    if (name != storage::kTimeColumn) segment->dimensions_.push_back(name);
  }
  segment->sorted_by_time_ = std::is_sorted(times.begin(), times.end());
  if (rows_ > 0) {
    const auto [first, last] = std::minmax_element(times.begin(), times.end());
    segment->bounds_ = Interval{*first, *last};
  }
  segment->columns_[std::string(storage::kTimeColumn)] =
      std::make_unique<MemoryNumbers<std::int64_t>>(std::move(times), std::vector<std::uint64_t>(), "LONG");
  return segment;
}

}  // namespace sarsen::engine
