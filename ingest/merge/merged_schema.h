#pragma once
// The columns of several segments as those of one: names, types, and the order in which rows are sorted, as Druid's
// IndexMerger decides them. Thread-safe: no state.

#include <cstdint>
#include <string>
#include <vector>

#include "ingest/merge/merge_options.h"
#include "ingest/merge/source_rows.h"
#include "storage/column/column.h"

namespace sarsen::ingest {

/// How values of a column are written. kStructured: what Druid calls auto and json.
enum class MergedKind : std::uint8_t { kString, kLong, kFloat, kDouble, kComplex, kStructured };

struct MergedColumn {
  std::string name;
  /// By source. Null where the segment does not have it, or only nulls of another type: its rows are null then.
  std::vector<const storage::Column*> columns;
  MergedKind kind = MergedKind::kString;
  std::string complex_type = {};  // kComplex
  bool json = false;              // kStructured: COMPLEX<json> whatever it holds
  std::string cast_to = {};       // kStructured: what all values were cast to; empty: not all to one type
  bool multiple_values = false;   // kString
  bool bitmap_index = true;       // kString
  bool spatial_index = false;     // kString
};

struct MergedSchema {
  std::vector<MergedColumn> dimensions;  // in their order
  std::vector<MergedColumn> metrics;     // by name
  /// Rows are sorted by so many dimensions, then by time, then by the other dimensions.
  std::size_t time_place = 0;
};

/// Throws kInvalidInput, naming column and types, where a column's types differ, kUnsupported for what cannot be
/// merged.
MergedSchema merge_schemas(const Sources& sources, const MergeOptions& options);

/// How many of `dimensions`, from the first on, are among those that rows are sorted by before the time.
std::size_t count_before_time(const std::vector<std::string>& dimensions, const std::vector<std::string>& before_time);

/// Whether it is what Druid calls auto or json.
bool is_structured(const storage::Column& column);

/// The names of the columns by which the segment says that its rows are sorted; __time alone where it does not say.
/// Throws where the metadata is not as it must be.
std::vector<std::string> stated_ordering(const storage::Segment& segment);

}  // namespace sarsen::ingest
