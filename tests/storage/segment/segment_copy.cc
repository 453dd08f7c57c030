#include "tests/storage/segment/segment_copy.h"

#include <stdexcept>

namespace sarsen::storage {

SegmentCopy::SegmentCopy(std::shared_ptr<const Segment> segment) : segment_(std::move(segment)) {
  data_.interval = segment_->data_interval();
  data_.metadata = segment_->metadata();
  const Json* ordering = data_.metadata.find("ordering");
  data_.sorted_by_time = ordering == nullptr || ordering->array().empty() ||
                         ordering->array()[0].find("columnName")->string() == kTimeColumn;
  data_.times_ms = numbers(*segment_->column(kTimeColumn)->long_reader(), longs_).values;
  for (const std::string& name : segment_->dimensions()) data_.dimensions.push_back(copy(name));
  for (const std::string& name : segment_->metrics()) data_.metrics.push_back(copy(name));
}

ColumnData SegmentCopy::copy(const std::string& name) {
  const Column* column = segment_->column(name);
  if (column == nullptr) throw std::runtime_error("no column " + name);
  if (column->value_dictionary() != nullptr || column->nested_fields() != nullptr)
    return {.name = name, .data = structured(*column)};
  switch (column->type()) {
    case ValueType::kString:
      return {.name = name, .data = strings(*column)};
    case ValueType::kLong:
      return {.name = name, .data = numbers(*column->long_reader(), longs_)};
    case ValueType::kFloat:
      return {.name = name, .data = numbers(*column->float_reader(), floats_)};
    case ValueType::kDouble:
      return {.name = name, .data = numbers(*column->double_reader(), doubles_)};
    case ValueType::kComplex:
      return {.name = name, .data = complex(*column)};
    case ValueType::kVariant:
      break;
  }
  throw std::runtime_error("no type " + name);
}

StringColumnData SegmentCopy::strings(const Column& column) {
  StringColumnData data;
  for (std::uint32_t id = 0; id < column.dictionary()->size(); ++id)
    data.dictionary.push_back(column.dictionary()->value(id));
  data.bitmap_index = column.bitmap_index() != nullptr;
  data.spatial_index = column.spatial_index() != nullptr;
  const auto reader = column.string_reader();
  const std::uint32_t row_count = column.row_count();
  std::vector<std::uint32_t>& ids = ids_.emplace_back(row_count);
  if (column.multiple_values()) {
    std::vector<std::uint32_t>& offsets = ids_.emplace_back(1);
    ids.clear();
    for (std::uint32_t row = 0; row < row_count; ++row) {
      const StringReader::Lists lists = reader->read_lists(row, 1);
      ids.insert(ids.end(), lists.ids + lists.offsets[0], lists.ids + lists.offsets[1]);
      offsets.push_back(static_cast<std::uint32_t>(ids.size()));
    }
    data.offsets = offsets;
  } else if (row_count != 0) {
    const std::uint32_t* read = reader->read_ids(0, row_count, ids.data());
    if (read != ids.data()) ids.assign(read, read + row_count);
  }
  data.ids = ids;
  return data;
}

template <class T>
NumericColumnData<T> SegmentCopy::numbers(NumericReader<T>& reader, std::deque<std::vector<T>>& kept) {
  const std::uint32_t row_count = segment_->row_count();
  std::vector<T>& values = kept.emplace_back(row_count);
  std::vector<std::uint64_t>& nulls = nulls_.emplace_back((row_count + 63) / 64);
  if (row_count == 0) return {};
  const T* read = reader.read(0, row_count, values.data());
  if (read != values.data()) values.assign(read, read + row_count);
  if (!reader.read_nulls(0, row_count, nulls.data())) nulls.clear();
  return {.values = values, .nulls = nulls};
}

ComplexColumnData SegmentCopy::complex(const Column& column) {
  const std::shared_ptr<ComplexReader> reader = column.complex_reader();
  return {.type = std::string(column.complex_type()),
          .value = [reader](std::uint32_t row) { return reader->read(row); }};
}

StructuredColumnData SegmentCopy::structured(const Column& column) {
  const std::uint32_t row_count = column.row_count();
  std::vector<Json>& values = jsons_.emplace_back();
  if (const auto reader = column.structured_reader()) {
    for (std::uint32_t row = 0; row < row_count; ++row) values.push_back(reader->read(row));
  } else {
    std::vector<std::uint32_t> scratch(row_count);
    const auto reader_of_ids = column.id_reader();
    const std::uint32_t* ids = reader_of_ids->read(0, row_count, scratch.data());
    for (std::uint32_t row = 0; row < row_count; ++row) values.push_back(column.value_dictionary()->value(ids[row]));
  }
  return {.json = column.nested_fields() != nullptr, .value = [&values](std::uint32_t row) { return values[row]; }};
}

}  // namespace sarsen::storage
