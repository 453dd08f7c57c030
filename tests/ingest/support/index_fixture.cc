#include "tests/ingest/support/index_fixture.h"

#include <sstream>

namespace sarsen::ingest {
namespace {

using storage::ValueType;

std::shared_ptr<const DataSchema> parse_schema(std::string_view text) {
  const Json json = Json::parse(text);
  DataSchema schema = DataSchema::parse(JsonField(json));
  if (!schema.input_format) schema.input_format = InputFormat{};
  return std::make_shared<const DataSchema>(std::move(schema));
}

template <class T>
std::vector<std::string> numbers(storage::NumericReader<T>& reader, std::uint32_t count) {
  std::vector<T> scratch(count);
  std::vector<std::uint64_t> nulls(count / 64 + 1);
  const T* values = reader.read(0, count, scratch.data());
  const bool any_null = reader.read_nulls(0, count, nulls.data());
  std::vector<std::string> texts;
  for (std::uint32_t row = 0; row < count; ++row) {
    std::ostringstream text;
    text << values[row];
    texts.push_back(any_null && (nulls[row / 64] >> row % 64 & 1) != 0 ? "~" : text.str());
  }
  return texts;
}

std::string text_at(const storage::Dictionary& dictionary, std::uint32_t id) {
  return std::string(dictionary.value(id).value_or("~"));
}

std::vector<std::string> strings(const storage::Column& column, std::uint32_t count) {
  const auto reader = column.string_reader();
  const storage::Dictionary& dictionary = *column.dictionary();
  std::vector<std::string> texts;
  if (!column.multiple_values()) {
    std::vector<std::uint32_t> scratch(count);
    const std::uint32_t* ids = reader->read_ids(0, count, scratch.data());
    for (std::uint32_t row = 0; row < count; ++row) texts.push_back(text_at(dictionary, ids[row]));
    return texts;
  }
  const auto lists = reader->read_lists(0, count);
  for (std::uint32_t row = 0; row < count; ++row) {
    std::string text;
    for (std::uint32_t i = lists.offsets[row]; i < lists.offsets[row + 1]; ++i)
      text += (text.empty() ? "" : ",") + text_at(dictionary, lists.ids[i]);
    const bool several = lists.offsets[row + 1] - lists.offsets[row] > 1;
    texts.push_back(text.empty() && !several ? (lists.offsets[row] == lists.offsets[row + 1] ? "~" : "")
                    : several                ? "[" + text + "]"
                                             : text);
  }
  return texts;
}

std::vector<std::string> values_of(const storage::Column& column, std::uint32_t count) {
  switch (column.type()) {
    case ValueType::kLong:
      return numbers(*column.long_reader(), count);
    case ValueType::kFloat:
      return numbers(*column.float_reader(), count);
    case ValueType::kDouble:
      return numbers(*column.double_reader(), count);
    case ValueType::kString:
      return strings(column, count);
    case ValueType::kComplex:
    case ValueType::kVariant:
      break;
  }
  std::vector<std::string> texts;
  if (const auto values = column.structured_reader()) {
    for (std::uint32_t row = 0; row < count; ++row) {
      const Json value = values->read(row);
      texts.push_back(value.is_null() ? "~" : value.dump());
    }
    return texts;
  }
  const auto reader = column.complex_reader();
  for (std::uint32_t row = 0; row < count; ++row) {
    const auto bytes = reader->read(row);
    texts.push_back(bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : "~");
  }
  return texts;
}

}  // namespace

IndexFixture::IndexFixture(std::string_view schema, Interval interval)
    : schema_(parse_schema(schema)),
      index_(std::make_unique<IncrementalIndex>(schema_, fields_, interval)),
      reader_(*schema_->input_format, fields_, schema_->dimensions_spec.discovery) {
  fields_.add(schema_->timestamp_spec.column());
}

RowOutcome IndexFixture::add(std::string_view message) {
  RowOutcome outcome = RowOutcome::kUnparseable;
  problems_.clear();
  const auto problem = reader_.read(message, [&](const RawRow& row) {
    const auto time_ms = schema_->timestamp_spec.time_ms(row.value(*fields_.find(schema_->timestamp_spec.column())));
    if (time_ms) outcome = index_->add(row, *time_ms, problems_);
  });
  return problem ? RowOutcome::kUnparseable : outcome;
}

std::vector<std::string> rows_of(const storage::Segment& segment) {
  std::vector<std::string> rows = values_of(*segment.column("__time"), segment.row_count());
  const auto append = [&](const std::string& name) {
    const storage::Column* column = segment.column(name);
    const std::vector<std::string> values =
        column == nullptr ? std::vector<std::string>(rows.size(), "~") : values_of(*column, segment.row_count());
    for (std::size_t row = 0; row < rows.size(); ++row) rows[row] += "|" + values[row];
  };
  for (const std::string& name : segment.dimensions()) append(name);
  for (const std::string& name : segment.metrics()) append(name);
  return rows;
}

}  // namespace sarsen::ingest
