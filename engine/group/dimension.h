#pragma once
// A dimension of a topN or groupBy: the column to group by, its name in the answer, and the type it is answered in.
// DimensionSpec is the parsed form; a DimensionReader is its join with one cursor: every row has one id or several, and
// ids have values.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/extraction/extraction_function.h"
#include "engine/result/value.h"
#include "engine/vector/column_sources.h"
#include "storage/base/json.h"
#include "storage/column/string_dictionary.h"

namespace sarsen::engine {

class ValueNumbers;

/// Which values of a row count: text, or null, to yes or no.
using ValueFilter = std::function<bool(std::optional<std::string_view>)>;

struct DimensionSpec {
  std::string dimension;
  std::string output_name;
  storage::ValueType output_type = storage::ValueType::kString;
  std::string array_type = {};  // "ARRAY<LONG>" where arrays are grouped by as arrays; else they are text

  /// Druid's name of the type that it is answered in.
  std::string type_name() const { return array_type.empty() ? std::string(storage::name_of(output_type)) : array_type; }
  ExtractionPtr function = nullptr;         // what values are turned into; nullptr: nothing
  std::vector<ValueFilter> filters = {};    // all of them let the values through that count, after the function
  ExtractionPtr result_function = nullptr;  // what values are turned into when they are shown
  /// Groups of a segment are those of the ids of its dictionary, also where several of them become one value, and rows
  /// without values are apart from null. They meet where segments do: it tells where merging is no further folding.
  bool by_id = false;

  /// Leaves a one-to-one function to the end, as Druid does: groups are those of the column's values, in their order,
  /// even where the function turns out to make several of them equal.
  void defer_one_to_one();
  /// A group's value as it is shown.
  Value shown(const Value& value) const;
};

/// From "page" or {"type": "default" | "extraction" | "lookup" | "listFiltered" | "regexFiltered" | "prefixFiltered",
/// …}; another type is "default", as in Druid. Throws kInvalidInput naming the field.
DimensionSpec parse_dimension(const JsonField& json);

/// Belongs to one cursor.
class DimensionReader {
 public:
  virtual ~DimensionReader() = default;

  /// Every id is below this. At most 2^32.
  virtual std::uint64_t radix() const noexcept = 0;
  virtual bool multiple_values() const noexcept { return false; }
  /// True: a row has one id, and ids are counted from 1 as values are met, so that there are no more than rows; 0:
  /// null.
  virtual bool counts_ids() const noexcept { return false; }
  /// True: each row has an id that no other row of the segment has.
  virtual bool tells_rows_apart() const noexcept { return false; }
  /// REQUIRES: !multiple_values(). Rows [begin, begin + size); valid until the next call.
  virtual const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) = 0;
  /// REQUIRES: multiple_values(). A row without values is in the group of null_id().
  virtual storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size);
  virtual std::uint32_t null_id() const noexcept { return 0; }

  /// The value of an id, in the output type.
  virtual Value value(std::uint32_t id) const = 0;

  /// Numbers of the values of ids, as `numbers` counts them: what value() would get, without making each.
  virtual void number(std::span<const std::uint32_t> ids, ValueNumbers& numbers, std::uint32_t* out) const;

  /// The dictionary whose texts and null the ids stand for, one id more being null; nullptr: it is no stored one, or
  /// values are something else.
  virtual const storage::StoredDictionary* stored_dictionary() const noexcept { return nullptr; }

  /// True: different ids have different values.
  virtual bool ids_are_distinct() const noexcept { return false; }
  /// True: ids ascend with their values (compare_values), null first. Implies ids_are_distinct().
  virtual bool ids_ascend() const noexcept { return false; }

  /// Whether it can translate ids of `other`, which reads the same dimension in another cursor of the same segment.
  virtual bool understands(const DimensionReader& /*other*/) const noexcept { return false; }
  /// True where translate() leaves all ids as they are.
  virtual bool shares_ids(const DimensionReader& /*other*/) const noexcept { return false; }
  /// Exchanges ids of `other` for this reader's ids of the same values. REQUIRES: understands(other).
  virtual void translate(const DimensionReader& other, std::span<std::uint32_t> ids);
};

/// Rows [begin, end) of a segment.
struct RowRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Throws kUnsupported where the column cannot be grouped by. `rows`: no others are read; none: they are not known.
std::unique_ptr<DimensionReader> bind_dimension(const DimensionSpec& spec, ColumnSources& columns, RowRange rows = {});

/// What `function` makes of the values of `inner`: one id for each distinct text, or `by_id` for each id.
std::unique_ptr<DimensionReader> extract_dimension(std::unique_ptr<DimensionReader> inner, ExtractionPtr function,
                                                   storage::ValueType output_type, bool by_id = false);
/// Only the values of `inner`, which are text, that all `filters` let through; a row may have none.
std::unique_ptr<DimensionReader> filter_dimension(std::unique_ptr<DimensionReader> inner,
                                                  std::vector<ValueFilter> filters, storage::ValueType output_type);

}  // namespace sarsen::engine
