#pragma once
// A dimension of a topN or groupBy: the column to group by, its name in the answer, and the type it is answered in.
// DimensionSpec is the parsed form; a DimensionReader is its join with one cursor: every row has one id or several, and
// ids have values.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/result/value.h"
#include "engine/vector/column_sources.h"
#include "storage/base/json.h"

namespace sarsen::engine {

struct DimensionSpec {
  std::string dimension;
  std::string output_name;
  storage::ValueType output_type = storage::ValueType::kString;
  std::string array_type = {};  // "ARRAY<LONG>" where arrays are grouped by as arrays; else they are text
};

/// From "page" or {"type": "default", "dimension", "outputName", "outputType"}. Throws kInvalidInput naming the field.
DimensionSpec parse_dimension(const JsonField& json);

/// Belongs to one cursor.
class DimensionReader {
 public:
  virtual ~DimensionReader() = default;

  /// Every id is below this. At most 2^32.
  virtual std::uint64_t radix() const noexcept = 0;
  virtual bool multiple_values() const noexcept { return false; }
  /// REQUIRES: !multiple_values(). Rows [begin, begin + size); valid until the next call.
  virtual const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) = 0;
  /// REQUIRES: multiple_values(). A row without values is in the group of null_id().
  virtual storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size);
  virtual std::uint32_t null_id() const noexcept { return 0; }

  /// The value of an id, in the output type.
  virtual Value value(std::uint32_t id) const = 0;
};

/// Throws kUnsupported where the column cannot be grouped by.
std::unique_ptr<DimensionReader> bind_dimension(const DimensionSpec& spec, ColumnSources& columns);

}  // namespace sarsen::engine
