#pragma once
// A column as queries see it: typed, immutable, read vector by vector. Mapped segments and the live index both show
// this interface, so that the engine never asks which one it has.
//
// Thread safety: a Column is shared by threads; a Reader belongs to one cursor. A Column lives as long as its Segment.
// Row numbers are std::uint32_t; ranges are half open. Nulls are bits (row i -> bit i % 64 of word i / 64).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/base/json.h"

namespace sarsen::storage {

/// kVariant: arrays, and scalars of mixed types, by id; Column::logical_type() says which.
enum class ValueType : std::uint8_t { kString, kLong, kFloat, kDouble, kComplex, kVariant };

/// Druid's name: "STRING", "LONG", "FLOAT", "DOUBLE", "COMPLEX"; "VARIANT".
std::string_view name_of(ValueType type) noexcept;

/// The values of one numeric column. T is std::int64_t, float or double.
template <class T>
class NumericReader {
 public:
  virtual ~NumericReader() = default;

  /// Rows [begin, begin + count): a pointer into the column where they lie together there, else `scratch`, filled.
  /// Null rows hold 0. Valid until the next call. REQUIRES: `scratch` has room for `count`; the rows exist.
  /// Throws where a block cannot be decoded.
  virtual const T* read(std::uint32_t begin, std::uint32_t count, T* scratch) = 0;

  /// Sets the bits of null rows in `words` ((count + 63) / 64 words, others cleared) and returns true; or returns false
  /// and leaves them alone when none of these rows is null. REQUIRES: `begin` is a multiple of 64.
  virtual bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) = 0;
};

/// Distinct values by id. Null, where it occurs, is a value of its own. Values stay valid as long as the column.
class Dictionary {
 public:
  virtual ~Dictionary() = default;
  virtual std::uint32_t size() const noexcept = 0;
  /// REQUIRES: id < size().
  virtual std::optional<std::string_view> value(std::uint32_t id) const = 0;
  /// The values of these will be asked for soon: where they lie far apart, they come from memory side by side.
  virtual void prefetch(std::span<const std::uint32_t> /*ids*/) const {}
  /// True: ids ascend in Java's string order (UTF-16 code units), null first. The live index answers false.
  virtual bool sorted() const noexcept = 0;
  virtual std::optional<std::uint32_t> find(std::optional<std::string_view> value) const = 0;
  /// The first id whose value is not less than `value`; size() where all are less. Null is less than all. REQUIRES:
  /// sorted().
  virtual std::uint32_t lower_bound(std::string_view value) const = 0;
};

/// Distinct values of any type by id, of the columns that Druid calls auto: null first, then strings, longs, doubles
/// and arrays, each kind ascending.
class ValueDictionary {
 public:
  virtual ~ValueDictionary() = default;
  virtual std::uint32_t size() const noexcept = 0;
  /// Null, a string, an integer, a double, or an array of these. REQUIRES: id < size(). Throws on corrupt bytes.
  virtual Json value(std::uint32_t id) const = 0;
};

/// One set of row numbers per dictionary id.
class BitmapIndex {
 public:
  virtual ~BitmapIndex() = default;
  virtual std::uint32_t size() const noexcept = 0;
  /// The number of rows of `id`, from the bitmap's header where it says. Throws on corrupt bytes.
  virtual std::uint64_t cardinality(std::uint32_t id) const = 0;
  /// Sets the bits of the rows of `id`. REQUIRES: `words` covers the column's rows. Throws on corrupt bytes.
  virtual void or_into(std::uint32_t id, std::span<std::uint64_t> words) const = 0;
};

/// Dictionary ids by row.
class StringReader {
 public:
  virtual ~StringReader() = default;

  /// Single-valued columns: one id per row, as NumericReader::read.
  virtual const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) = 0;

  /// Multi-valued columns: row i of the range has ids[offsets[i]] up to ids[offsets[i + 1]]. An empty row has none and
  /// counts as null. Valid until the next call.
  struct Lists {
    const std::uint32_t* offsets;  // count + 1
    const std::uint32_t* ids;
  };
  virtual Lists read_lists(std::uint32_t begin, std::uint32_t count) = 0;
};

/// Values of a complex column: their serialised bytes, as the aggregator of `complex_type` reads them.
class ComplexReader {
 public:
  virtual ~ComplexReader() = default;
  /// Null for a null value. Valid until the next call.
  virtual std::optional<std::span<const std::byte>> read(std::uint32_t row) = 0;
};

/// Dictionary ids by row, into Column::value_dictionary().
class IdReader {
 public:
  virtual ~IdReader() = default;
  /// As NumericReader::read.
  virtual const std::uint32_t* read(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) = 0;
};

/// Whole values of columns of JSON, row by row: slow, for those who need the value itself.
class StructuredReader {
 public:
  virtual ~StructuredReader() = default;
  virtual Json read(std::uint32_t row) = 0;
};

class NestedFields;
class SpatialIndex;

class Column {
 public:
  virtual ~Column() = default;

  virtual ValueType type() const noexcept = 0;
  virtual std::uint32_t row_count() const noexcept = 0;

  /// True where a row may hold several strings.
  virtual bool multiple_values() const noexcept { return false; }
  /// False only where it is certain that no row is null.
  virtual bool may_have_nulls() const noexcept { return true; }
  /// "hyperUnique", "json" and so on; empty unless type() is kComplex.
  virtual std::string_view complex_type() const noexcept { return {}; }
  /// Druid's name of the type: "LONG", "COMPLEX<hyperUnique>", "ARRAY<LONG>".
  virtual std::string logical_type() const;
  /// True of auto columns whose values were all cast to logical_type() when they came in (castToType).
  virtual bool enforces_type() const noexcept { return false; }
  /// Bytes of the stored form, for dump and segmentMetadata; 0 where there is none.
  virtual std::size_t size_bytes() const noexcept { return 0; }
  /// A word or two on the stored form, for dump: "lz4, 8192 rows a block".
  virtual std::string encoding() const { return {}; }

  // Exactly the ones that fit type() are not null.
  virtual std::unique_ptr<NumericReader<std::int64_t>> long_reader() const { return nullptr; }
  virtual std::unique_ptr<NumericReader<float>> float_reader() const { return nullptr; }
  virtual std::unique_ptr<NumericReader<double>> double_reader() const { return nullptr; }
  virtual std::unique_ptr<StringReader> string_reader() const { return nullptr; }
  virtual std::unique_ptr<ComplexReader> complex_reader() const { return nullptr; }  // of "json": SMILE
  virtual std::unique_ptr<IdReader> id_reader() const { return nullptr; }  // where value_dictionary() is not null
  /// kVariant and COMPLEX<json> only.
  virtual std::unique_ptr<StructuredReader> structured_reader() const { return nullptr; }

  /// Strings only. Null elsewhere.
  virtual const Dictionary* dictionary() const { return nullptr; }
  /// kVariant, and the strings, longs and doubles of auto columns (strings: the same ids as dictionary()). Null
  /// elsewhere.
  virtual const ValueDictionary* value_dictionary() const { return nullptr; }
  /// By id of dictionary() or value_dictionary(). Null where the column has no bitmaps (the live index,
  /// createBitmapIndex false, plain numbers).
  virtual const BitmapIndex* bitmap_index() const { return nullptr; }
  /// The distinct elements of the arrays of this column. Null where there are no arrays.
  virtual const ValueDictionary* element_dictionary() const { return nullptr; }
  /// By id of element_dictionary(): the rows whose array has that element.
  virtual const BitmapIndex* element_index() const { return nullptr; }
  /// COMPLEX<json> only.
  virtual const NestedFields* nested_fields() const { return nullptr; }
  /// Strings that are coordinates. Null elsewhere.
  virtual const SpatialIndex* spatial_index() const { return nullptr; }
};

/// The fields of a column of JSON: one column per path, with a type of its own.
class NestedFields {
 public:
  virtual ~NestedFields() = default;
  virtual std::uint32_t size() const noexcept = 0;
  /// As Druid writes it, "$.a.b[0]"; `$` is the value itself. Paths ascend.
  virtual std::string_view path(std::uint32_t field) const = 0;
  /// kString, kLong, kDouble or kVariant, with value_dictionary() and bitmap_index(). Parsed at first touch. Throws on
  /// corrupt bytes.
  virtual const Column& column(std::uint32_t field) const = 0;
};

}  // namespace sarsen::storage
