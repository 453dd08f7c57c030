#pragma once
// What an auto or JSON column in Druid's common form says of itself, and where its parts are. Thread safety: a value.

#include <bit>
#include <memory>
#include <string>

#include "storage/bitmap/bitmap.h"
#include "storage/column/column_source.h"
#include "storage/nested/column_files.h"
#include "storage/nested/global_dictionary.h"

namespace sarsen::storage {

struct CommonFormat {
  std::endian byte_order;
  BitmapEncoding bitmaps;
  std::string logical_type;  // as the descriptor says
  bool enforces_type;
  bool has_nulls;
  // Fields of one type of numbers have a bitmap of their null rows instead of one for each value.
  bool null_index_of_longs;
  bool null_index_of_doubles;
  std::uint32_t row_count;
  ColumnFiles files;
};

/// Which of the four dictionaries a layout has.
struct DictionaryKinds {
  bool strings = false;
  bool longs = false;
  bool doubles = false;
  bool arrays = false;
};

/// From the column's files.
std::shared_ptr<const GlobalDictionary> read_global_dictionary(const CommonFormat& format, DictionaryKinds kinds,
                                                               const Place& place);
/// Those of the base table's column, for a column of a projection. Throws where that is no column of this kind.
std::shared_ptr<const GlobalDictionary> shared_global_dictionary(const Column& parent);

/// The layout of objects: COMPLEX<json>. The reader of `source` is behind the name of the files.
std::unique_ptr<Column> parse_json_column(const ColumnSource& source, CommonFormat format);

}  // namespace sarsen::storage
