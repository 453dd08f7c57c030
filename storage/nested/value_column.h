#pragma once
// A column of ids into a dictionary of values: every auto column (strings, longs, doubles, arrays, mixed types) and
// every field of a JSON column. Strings can be read as any column of strings, numbers from their own stored values.
// Thread safety: as Column.

#include <memory>
#include <optional>
#include <string>

#include "storage/bitmap/bitmap_index.h"
#include "storage/bitmap/null_rows.h"
#include "storage/column/column.h"
#include "storage/column/numeric_values.h"
#include "storage/column/packed_ids.h"
#include "storage/nested/global_dictionary.h"

namespace sarsen::storage {

struct ValueColumnParts {
  ValueType type;            // kString, kLong, kDouble or kVariant
  std::string logical_type;  // Druid's
  bool enforces_type = false;
  std::size_t size_bytes = 0;
  bool may_have_nulls = true;
  std::shared_ptr<const GlobalDictionary> global = nullptr;
  std::unique_ptr<const SubsetDictionary> local = nullptr;  // null: ids are global
  std::unique_ptr<const Dictionary> local_strings = nullptr;
  std::unique_ptr<const PackedIds> ids = nullptr;
  std::unique_ptr<const NumericValues<std::int64_t>> longs = nullptr;  // of kLong
  std::unique_ptr<const NumericValues<double>> doubles = nullptr;      // of kDouble
  NullRows nulls = {};                                                 // of numbers
  std::unique_ptr<const MappedBitmapIndex> bitmaps = nullptr;          // perhaps none
  std::unique_ptr<const SubsetDictionary> elements = nullptr;          // of arrays
  std::unique_ptr<const MappedBitmapIndex> element_bitmaps = nullptr;
};

class ValueColumn final : public Column {
 public:
  /// Throws where the parts do not fit each other or `row_count`.
  ValueColumn(ValueColumnParts parts, std::uint32_t row_count, const Place& place);

  const std::shared_ptr<const GlobalDictionary>& global_dictionary() const noexcept { return parts_.global; }

  ValueType type() const noexcept override { return parts_.type; }
  std::uint32_t row_count() const noexcept override { return parts_.ids->size(); }
  bool may_have_nulls() const noexcept override { return parts_.may_have_nulls; }
  std::string logical_type() const override { return parts_.logical_type; }
  bool enforces_type() const noexcept override { return parts_.enforces_type; }
  std::size_t size_bytes() const noexcept override { return parts_.size_bytes; }
  std::string encoding() const override;

  std::unique_ptr<NumericReader<std::int64_t>> long_reader() const override;
  std::unique_ptr<NumericReader<double>> double_reader() const override;
  std::unique_ptr<StringReader> string_reader() const override;
  std::unique_ptr<IdReader> id_reader() const override;
  std::unique_ptr<StructuredReader> structured_reader() const override;

  const Dictionary* dictionary() const override;
  const ValueDictionary* value_dictionary() const override;
  const BitmapIndex* bitmap_index() const override { return parts_.bitmaps.get(); }
  const ValueDictionary* element_dictionary() const override { return parts_.elements.get(); }
  const BitmapIndex* element_index() const override { return parts_.element_bitmaps.get(); }

 private:
  void check(std::uint32_t row_count) const;

  ValueColumnParts parts_;
  Place ids_place_;
  Place numbers_place_;
};

/// Finds the rows that are null in `bitmaps`, where id 0 is null: all of them for numbers, whether there are any for
/// other types, which have an id for null.
void set_nulls(const GenericIndexed& bitmaps, bool begins_with_null, BitmapEncoding encoding, std::uint32_t row_count,
               ValueColumnParts& parts);

}  // namespace sarsen::storage
