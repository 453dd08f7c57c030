#pragma once
// Where aggregators, filters and dimensions get their vectors: columns by name, in the type asked for. Behind this
// stand the columns of a segment (segment_sources.h), a batch of input rows at ingestion (ingest/incremental_index),
// and virtual columns.
//
// A ColumnSources belongs to one cursor: sources keep the vector last read, so that two consumers of a column read it
// once. Not thread-safe.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/result/value.h"
#include "engine/vector/selection.h"
#include "storage/column/column.h"

namespace sarsen::engine {

/// Values of rows [begin, begin + size). Null rows hold 0 and have their bit set in `nulls`; nullptr: none is null.
template <class T>
struct NumericVector {
  const T* values;
  const std::uint64_t* nulls;
};

template <class T>
class NumericSource {
 public:
  virtual ~NumericSource() = default;
  /// Valid until the next call. REQUIRES: begin is a multiple of 64, size <= kVectorRows.
  virtual NumericVector<T> read(std::uint32_t begin, std::uint32_t size) = 0;
};

/// Dictionary ids.
class StringSource {
 public:
  virtual ~StringSource() = default;
  virtual const storage::Dictionary& dictionary() const = 0;
  virtual const storage::BitmapIndex* bitmap_index() const { return nullptr; }
  /// True: the dictionary gains entries while rows are read (its ids stay as they are), as that of an expression over
  /// several columns. Id 0 is then null, and the dictionary is not sorted.
  virtual bool grows() const { return false; }
  virtual bool multiple_values() const = 0;
  /// REQUIRES: !multiple_values().
  virtual const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) = 0;
  /// REQUIRES: multiple_values().
  virtual storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) = 0;
};

/// A row's value as it is, for consumers that have no vector form (sketches over raw input). Views live until the next
/// call.
using ValueView =
    std::variant<std::monostate, std::int64_t, float, double, std::string_view, std::span<const std::byte>,
                 std::vector<std::optional<std::string_view>>,  // the strings of a multi-valued row
                 List, Nested>;                                 // arrays; JSON

/// The same as a value of its own: text of several values as a List.
Value value_of_view(const ValueView& view);

class ValueSource {
 public:
  virtual ~ValueSource() = default;
  virtual ValueView value(std::uint32_t row) = 0;
};

struct ColumnKind {
  storage::ValueType type;
  std::string complex_type;
  bool multiple_values = false;
  std::string logical_type = {};  // Druid's name, where the column says it: "ARRAY<LONG>"
  bool mixed = false;             // values() may give values of other types, as expressions do: scan shows those

  /// "LONG", "COMPLEX<HLLSketch>", "ARRAY<LONG>": for messages.
  std::string type_name() const;
};

/// Throws kUnsupported, naming the column and its type, for arrays and JSON: who calls it does not read them.
void refuse_structured(const ColumnKind& kind, std::string_view column);

/// Columns of mixed scalars have the type that Druid gives them: that of all their values, or STRING.
ColumnKind kind_of(const storage::Column& column);

/// Where a cursor stands: its vector, and the rows of it that are still alive, which only become fewer before the next.
struct CursorPosition {
  std::uint32_t begin = 0;
  Selection selection;
};

class ColumnSources {
 public:
  virtual ~ColumnSources() = default;

  /// nullptr where no cursor reads these columns. Rows that are not alive need no value: computed columns leave them
  /// out where a value is dear or can fail.
  virtual const CursorPosition* position() const noexcept { return nullptr; }

  /// nullopt: no such column; it then reads as null everywhere.
  virtual std::optional<ColumnKind> kind(std::string_view column) const = 0;

  // The column in that type, whatever it is stored as: Java's casts between numbers; text is parsed, once per
  // dictionary entry; what does not parse is null; a missing column is all null. References live as long as this.
  virtual NumericSource<std::int64_t>& longs(std::string_view column) = 0;
  virtual NumericSource<float>& floats(std::string_view column) = 0;
  virtual NumericSource<double>& doubles(std::string_view column) = 0;

  /// nullptr unless the column is a string column with a dictionary.
  virtual StringSource* strings(std::string_view column) = 0;

  /// Any column, row by row.
  virtual ValueSource& values(std::string_view column) = 0;

  /// The column as it is stored, for those who read its parts; nullptr where there is none, or where it is computed.
  virtual const storage::Column* stored(std::string_view /*column*/) const { return nullptr; }
};

}  // namespace sarsen::engine
