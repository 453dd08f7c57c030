#include "ingest/incremental_index/persist.h"

#include <deque>
#include <variant>
#include <vector>

#include "ingest/incremental_index/row_order.h"
#include "storage/base/check.h"
#include "storage/segment/segment_writer.h"

namespace sarsen::ingest {
namespace {

using Order = std::vector<std::uint32_t>;

/// Values in the order of the segment; spans of SegmentData point in here.
struct StringColumn {
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> offsets;
};

template <class T>
struct NumericColumn {
  std::vector<T> values;
  std::vector<std::uint64_t> nulls;
};

/// Elements of a deque stay where they are.
struct Columns {
  std::deque<StringColumn> strings;
  std::deque<NumericColumn<std::int64_t>> longs;
  std::deque<NumericColumn<float>> floats;
  std::deque<NumericColumn<double>> doubles;
  std::deque<std::unique_ptr<storage::ComplexReader>> complex;
};

template <class T>
storage::NumericColumnData<T> numeric_data(storage::NumericReader<T>& reader, const Order& order,
                                           std::deque<NumericColumn<T>>& columns) {
  const auto row_count = static_cast<std::uint32_t>(order.size());
  const std::size_t word_count = (order.size() + 63) / 64;
  std::vector<T> scratch(row_count);
  std::vector<std::uint64_t> null_words(word_count);
  const T* values = reader.read(0, row_count, scratch.data());
  const bool any_null = reader.read_nulls(0, row_count, null_words.data());
  NumericColumn<T>& column = columns.emplace_back();
  column.values.reserve(row_count);
  for (const std::uint32_t row : order) column.values.push_back(values[row]);
  if (any_null) {
    column.nulls.assign(word_count, 0);
    for (std::uint32_t i = 0; i < row_count; ++i)
      column.nulls[i / 64] |= (null_words[order[i] / 64] >> order[i] % 64 & 1) << i % 64;
  }
  return {column.values, column.nulls};
}

/// Ids are translated in the order of arrival, in which new values come one after another, and only then put into the
/// order of rows, so that no more than four bytes a row are read here and there.
void append_values(const LiveStringDimension& dimension, const Order& order, const std::vector<std::uint32_t>& new_ids,
                   std::vector<std::uint32_t>& ids) {
  std::vector<std::uint32_t> arrived(order.size());
  dimension.codes().copy(0, static_cast<std::uint32_t>(order.size()), arrived.data());
  for (std::uint32_t& code : arrived)
    code = new_ids[code == LiveStringDimension::kEmptyList ? dimension.null_id() : code];
  ids.reserve(order.size());
  for (const std::uint32_t row : order) ids.push_back(arrived[row]);
}

void append_lists(const LiveStringDimension& dimension, const Order& order, const std::vector<std::uint32_t>& new_ids,
                  StringColumn& column) {
  column.offsets.push_back(0);
  for (const std::uint32_t row : order) {
    const std::uint32_t code = dimension.codes()[row];
    const std::uint32_t number = code & ~LiveStringDimension::kListBit;
    const bool list = (code & LiveStringDimension::kListBit) != 0;
    const std::uint32_t size = list ? dimension.list_size(number) : 1;
    for (std::uint32_t i = 0; i < size; ++i) column.ids.push_back(new_ids[list ? dimension.list_id(number, i) : code]);
    column.offsets.push_back(static_cast<std::uint32_t>(column.ids.size()));
  }
}

storage::StringColumnData string_data(const PublishedDimension& published, const Order& order,
                                      const SortedDictionary& dictionary, Columns& columns) {
  const auto& dimension = static_cast<const LiveStringDimension&>(*published.dimension);
  StringColumn& column = columns.strings.emplace_back();
  if (published.has_lists)
    append_lists(dimension, order, dictionary.new_ids, column);
  else
    append_values(dimension, order, dictionary.new_ids, column.ids);
  return {dictionary.values, column.ids, column.offsets, dimension.schema().bitmap_index};
}

storage::ComplexColumnData complex_data(const storage::Column& source, const Order& order, Columns& columns) {
  storage::ComplexReader* reader = columns.complex.emplace_back(source.complex_reader()).get();
  return {std::string(source.complex_type()), [reader, &order](std::uint32_t row) { return reader->read(order[row]); }};
}

storage::ColumnData column_data(const LiveSegment& segment, const std::string& name, const Order& order,
                                Columns& columns) {
  const storage::Column& source = *segment.column(name);
  switch (source.type()) {
    case storage::ValueType::kLong:
      return {name, numeric_data(*source.long_reader(), order, columns.longs)};
    case storage::ValueType::kFloat:
      return {name, numeric_data(*source.float_reader(), order, columns.floats)};
    case storage::ValueType::kDouble:
      return {name, numeric_data(*source.double_reader(), order, columns.doubles)};
    default:
      return {name, complex_data(source, order, columns)};
  }
}

storage::StructuredColumnData structured_data(const LiveStructuredDimension& dimension, const Order& order) {
  return {.cast_to = dimension.schema().cast_to,
          .value = [&dimension, &order](std::uint32_t row) { return dimension.value(dimension.ids()[order[row]]); }};
}

storage::ColumnData dimension_data(const LiveSegment& segment, std::size_t index, const Order& order,
                                   const SortedDictionary& dictionary, Columns& columns) {
  const PublishedDimension& published = segment.published().dimensions[index];
  const std::string& name = segment.dimensions()[index];
  switch (published.dimension->schema().type) {
    case storage::ValueType::kString:
      return {name, string_data(published, order, dictionary, columns)};
    case storage::ValueType::kVariant:
      return {name, structured_data(static_cast<const LiveStructuredDimension&>(*published.dimension), order)};
    default:
      return column_data(segment, name, order, columns);
  }
}

SortedDictionary order_values(const PublishedDimension& published) {
  const LiveDimension& dimension = *published.dimension;
  switch (dimension.schema().type) {
    case storage::ValueType::kVariant:
      return {
          .values = {},
          .new_ids = rank_values(static_cast<const LiveStructuredDimension&>(dimension), published.dictionary_size)};
    case storage::ValueType::kString:
      return sort_dictionary(static_cast<const LiveStringDimension&>(dimension).dictionary(),
                             published.dictionary_size);
    default:
      return {};
  }
}

std::vector<SortedDictionary> sort_dictionaries(const LiveSegment& segment) {
  std::vector<SortedDictionary> sorted;
  for (const PublishedDimension& dimension : segment.published().dimensions) sorted.push_back(order_values(dimension));
  return sorted;
}

}  // namespace

std::uint64_t persist(const LiveSegment& segment, const std::filesystem::path& directory,
                      const storage::IndexSpec& spec, unsigned threads) {
  DCHECK(segment.row_count() != 0);
  const std::vector<SortedDictionary> dictionaries = sort_dictionaries(segment);
  const Order order = sort_rows(segment, dictionaries);
  std::vector<std::int64_t> times_ms;
  times_ms.reserve(order.size());
  for (const std::uint32_t row : order) times_ms.push_back(segment.rows().times_ms[row]);

  Columns columns;
  storage::SegmentData data;
  data.interval = segment.data_interval();
  data.times_ms = times_ms;
  data.metadata = segment.metadata();
  for (std::size_t i = 0; i < segment.dimensions().size(); ++i)
    data.dimensions.push_back(dimension_data(segment, i, order, dictionaries[i], columns));
  for (const std::string& name : segment.metrics()) data.metrics.push_back(column_data(segment, name, order, columns));
  return storage::write_segment(directory, data, spec, threads);
}

}  // namespace sarsen::ingest
