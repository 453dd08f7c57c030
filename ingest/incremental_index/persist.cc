#include "ingest/incremental_index/persist.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "ingest/incremental_index/row_order.h"
#include "storage/base/check.h"
#include "storage/segment/segment_writer.h"

namespace sarsen::ingest {
namespace {

using Order = std::vector<std::uint32_t>;

using storage::OwnedColumnValues;

/// Values in the order of the segment.
struct StringColumn {
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> offsets;
};

template <class T>
struct NumericColumn {
  std::vector<T> values;
  std::vector<std::uint64_t> nulls;
};

template <class T>
OwnedColumnValues numeric_values(storage::NumericReader<T>& reader, const Order& order) {
  const auto row_count = static_cast<std::uint32_t>(order.size());
  const std::size_t word_count = (order.size() + 63) / 64;
  std::vector<T> scratch(row_count);
  std::vector<std::uint64_t> null_words(word_count);
  const T* values = reader.read(0, row_count, scratch.data());
  const bool any_null = reader.read_nulls(0, row_count, null_words.data());
  const auto column = std::make_shared<NumericColumn<T>>();
  column->values.reserve(row_count);
  for (const std::uint32_t row : order) column->values.push_back(values[row]);
  if (any_null) {
    column->nulls.assign(word_count, 0);
    for (std::uint32_t i = 0; i < row_count; ++i)
      column->nulls[i / 64] |= (null_words[order[i] / 64] >> order[i] % 64 & 1) << i % 64;
  }
  return {storage::NumericColumnData<T>{.values = column->values, .nulls = column->nulls}, column};
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

OwnedColumnValues string_values(const PublishedDimension& published, const Order& order, SortedDictionary& dictionary) {
  const auto& dimension = static_cast<const LiveStringDimension&>(*published.dimension);
  const auto column = std::make_shared<StringColumn>();
  if (published.has_lists)
    append_lists(dimension, order, dictionary.new_ids, *column);
  else
    append_values(dimension, order, dictionary.new_ids, column->ids);
  return {storage::StringColumnData{.dictionary = std::exchange(dictionary.values, {}),
                                    .ids = column->ids,
                                    .offsets = column->offsets,
                                    .bitmap_index = dimension.schema().bitmap_index,
                                    .spatial_index = dimension.schema().spatial},
          column};
}

OwnedColumnValues complex_values(const storage::Column& source, const Order& order) {
  const std::shared_ptr<storage::ComplexReader> reader = source.complex_reader();
  return {storage::ComplexColumnData{
              .type = std::string(source.complex_type()),
              .value = [reader = reader.get(), &order](std::uint32_t row) { return reader->read(order[row]); }},
          reader};
}

OwnedColumnValues column_values(const storage::Column& source, const Order& order) {
  switch (source.type()) {
    case storage::ValueType::kLong:
      return numeric_values(*source.long_reader(), order);
    case storage::ValueType::kFloat:
      return numeric_values(*source.float_reader(), order);
    case storage::ValueType::kDouble:
      return numeric_values(*source.double_reader(), order);
    default:
      return complex_values(source, order);
  }
}

OwnedColumnValues structured_values(const LiveStructuredDimension& dimension, const Order& order) {
  return {
      storage::StructuredColumnData{
          .cast_to = dimension.schema().cast_to,
          .value = [&dimension, &order](std::uint32_t row) { return dimension.value(dimension.ids()[order[row]]); }},
      nullptr};
}

/// Of the dimension's dictionary nothing is left.
OwnedColumnValues dimension_values(const LiveSegment& segment, std::size_t index, const Order& order,
                                   SortedDictionary& dictionary) {
  const PublishedDimension& published = segment.published().dimensions[index];
  switch (published.dimension->schema().type) {
    case storage::ValueType::kString:
      return string_values(published, order, dictionary);
    case storage::ValueType::kVariant:
      return structured_values(static_cast<const LiveStructuredDimension&>(*published.dimension), order);
    default:
      return column_values(*segment.column(segment.dimensions()[index]), order);
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

/// A column that is made when it is written, and then gone: its memory serves the next.
storage::ColumnData later(const std::string& name, std::function<OwnedColumnValues()> make) {
  return {.name = name, .data = {}, .make = std::move(make)};
}

/// Nobody asked for it, and no row has a value of it: as in Druid, such a column is not stored. Who lists dimensions
/// and has strings discovered beside them asks for all (includeAllDimensions).
bool holds_nothing(const LiveSegment& segment, std::size_t index, const SortedDictionary& dictionary) {
  const DimensionsSpec& spec = segment.rows().schema->dimensions_spec;
  const DimensionSchema& schema = segment.published().dimensions[index].dimension->schema();
  if (!spec.discovery || !spec.dimensions.empty() || schema.type != storage::ValueType::kString) return false;
  return std::none_of(dictionary.values.begin(), dictionary.values.end(),
                      [](const auto& text) { return text.has_value(); });
}

std::vector<SortedDictionary> sort_dictionaries(const LiveSegment& segment) {
  std::vector<SortedDictionary> sorted;
  for (const PublishedDimension& dimension : segment.published().dimensions) sorted.push_back(order_values(dimension));
  return sorted;
}

}  // namespace

std::uint64_t persist(const LiveSegment& segment, const std::filesystem::path& directory,
                      const storage::IndexSpec& spec, unsigned threads, bool durable) {
  DCHECK(segment.row_count() != 0);
  std::vector<SortedDictionary> dictionaries = sort_dictionaries(segment);
  const Order order = sort_rows(segment, dictionaries);
  std::vector<std::int64_t> times_ms;
  times_ms.reserve(order.size());
  for (const std::uint32_t row : order) times_ms.push_back(segment.rows().times_ms[row]);

  storage::SegmentData data;
  data.durable = durable;
  data.interval = segment.data_interval();
  data.times_ms = times_ms;
  data.metadata = segment.metadata();
  data.sorted_by_time = segment.rows().schema->dimensions_spec.time_place == 0;
  for (std::size_t i = 0; i < segment.dimensions().size(); ++i)
    if (!holds_nothing(segment, i, dictionaries[i]))
      data.dimensions.push_back(later(segment.dimensions()[i], [&segment, &order, &dictionary = dictionaries[i], i] {
        return dimension_values(segment, i, order, dictionary);
      }));
  for (const std::string& name : segment.metrics())
    data.metrics.push_back(
        later(name, [&segment, &order, &name] { return column_values(*segment.column(name), order); }));
  return storage::write_segment(directory, data, spec, threads);
}

}  // namespace sarsen::ingest
