#pragma once
// Touches every byte of a segment that any query could touch: for tests and fuzzing of corrupt segments.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "storage/base/error.h"
#include "storage/column/spatial_index.h"
#include "storage/segment/segment.h"

namespace sarsen::storage {

inline constexpr std::uint32_t kReadRows = 2048;
inline constexpr std::uint32_t kStructuredRows = 256;

template <class T>
void read_numbers(NumericReader<T>* reader, std::uint32_t row_count) {
  if (reader == nullptr) return;
  std::vector<T> scratch(kReadRows);
  std::vector<std::uint64_t> nulls(kReadRows / 64);
  for (std::uint32_t row = 0; row < row_count; row += kReadRows) {
    const std::uint32_t count = std::min(kReadRows, row_count - row);
    const T* values = reader->read(row, count, scratch.data());
    // The last value is looked at, so that a pointer to nowhere is found out.
    volatile T last = values[count - 1];
    static_cast<void>(last);
    reader->read_nulls(row, count, nulls.data());
  }
}

inline void read_strings(const Column& column) {
  const std::unique_ptr<StringReader> reader = column.string_reader();
  if (reader == nullptr) return;
  std::vector<std::uint32_t> scratch(kReadRows);
  const std::uint32_t dictionary_size = column.dictionary()->size();
  const auto check = [&](const std::uint32_t* ids, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      if (ids[i] >= dictionary_size) throw Error(ErrorCategory::kDefensive, "an id past the dictionary got through");
    }
  };
  for (std::uint32_t row = 0; row < column.row_count(); row += kReadRows) {
    const std::uint32_t count = std::min(kReadRows, column.row_count() - row);
    if (column.multiple_values()) {
      const StringReader::Lists lists = reader->read_lists(row, count);
      check(lists.ids, lists.offsets[count]);
    } else {
      check(reader->read_ids(row, count, scratch.data()), count);
    }
  }
}

inline void read_dictionary_values(const Dictionary& dictionary) {
  std::size_t size = 0;
  for (std::uint32_t id = 0; id < dictionary.size(); ++id) size += dictionary.value(id).value_or("").size();
  dictionary.find("Oslo");
  dictionary.find(std::nullopt);
  if (dictionary.sorted()) size += dictionary.lower_bound("b");
  static_cast<void>(size);
}

inline void read_bitmaps(const BitmapIndex& bitmaps, std::uint32_t row_count) {
  std::vector<std::uint64_t> words((static_cast<std::size_t>(row_count) + 63) / 64);
  for (std::uint32_t id = 0; id < bitmaps.size(); ++id) {
    bitmaps.cardinality(id);
    bitmaps.or_into(id, words);
  }
}

inline void read_values(const ValueDictionary& values) {
  for (std::uint32_t id = 0; id < values.size(); ++id) values.value(id);
}

inline void read_ids(const Column& column) {
  const std::unique_ptr<IdReader> reader = column.id_reader();
  if (reader == nullptr) return;
  std::vector<std::uint32_t> scratch(kReadRows);
  const std::uint32_t size = column.value_dictionary()->size();
  for (std::uint32_t row = 0; row < column.row_count(); row += kReadRows) {
    const std::uint32_t count = std::min(kReadRows, column.row_count() - row);
    const std::uint32_t* ids = reader->read(row, count, scratch.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      if (ids[i] >= size) throw Error(ErrorCategory::kDefensive, "an id past the dictionary got through");
    }
  }
}

// Few bytes can stand for rows with long arrays; and values of ids were all read already.
inline void read_structured(const Column& column) {
  const std::unique_ptr<StructuredReader> reader = column.structured_reader();
  if (reader == nullptr) return;
  const std::uint32_t rows = std::min(column.row_count(), kStructuredRows);
  for (std::uint32_t row = 0; row < rows; ++row) reader->read(row);
}

inline void read_value_column(const Column& column) {
  if (column.value_dictionary() != nullptr) read_values(*column.value_dictionary());
  if (column.element_dictionary() != nullptr) read_values(*column.element_dictionary());
  if (column.element_index() != nullptr) read_bitmaps(*column.element_index(), column.row_count());
  read_ids(column);
  read_structured(column);
}

inline void read_column(const Column& column);

inline void read_fields(const NestedFields& fields) {
  for (std::uint32_t field = 0; field < fields.size(); ++field) {
    static_cast<void>(fields.path(field));
    read_column(fields.column(field));
  }
}

inline void read_points(const SpatialIndex& index, std::uint32_t row_count) {
  std::vector<std::uint64_t> words((static_cast<std::size_t>(row_count) + 63) / 64);
  index.visit([&](const SpatialPoint& point) { index.or_into(point, words); });
  index.or_into(SpatialRectangle({-10, -10}, {10, 10}), words);
}

inline void read_column(const Column& column) {
  static_cast<void>(column.encoding());
  read_numbers(column.long_reader().get(), column.row_count());
  read_numbers(column.float_reader().get(), column.row_count());
  read_numbers(column.double_reader().get(), column.row_count());
  read_strings(column);
  if (column.dictionary() != nullptr) read_dictionary_values(*column.dictionary());
  if (column.bitmap_index() != nullptr) read_bitmaps(*column.bitmap_index(), column.row_count());
  read_value_column(column);
  if (column.nested_fields() != nullptr) read_fields(*column.nested_fields());
  if (column.spatial_index() != nullptr) read_points(*column.spatial_index(), column.row_count());
  if (const std::unique_ptr<ComplexReader> reader = column.complex_reader()) {
    for (std::uint32_t row = 0; row < column.row_count(); ++row) reader->read(row);
  }
}

/// Reads all of it; returns how many columns could be read whole. An Error that only our own bug explains goes on.
inline std::size_t read_everything(const Segment& segment) {
  std::size_t readable = 0;
  std::vector<std::string> names = segment.dimensions();
  names.insert(names.end(), segment.metrics().begin(), segment.metrics().end());
  names.emplace_back(kTimeColumn);
  const auto attempt = [&](auto&& action) {
    try {
      action();
      return true;
    } catch (const Error& error) {
      if (error.category() == ErrorCategory::kDefensive) throw;
      return false;
    }
  };
  for (const std::string& name : names) {
    if (attempt([&] { read_column(*segment.column(name)); })) ++readable;
  }
  attempt([&] { segment.time_bounds(); });
  const std::size_t projections = std::min<std::size_t>(segment.projections().size(), 8);
  for (std::size_t i = 0; i < projections; ++i)
    attempt([&] { read_everything(*segment.projection(segment.projections()[i].name)); });
  return readable;
}

}  // namespace sarsen::storage
