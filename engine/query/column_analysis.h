#pragma once
// What segmentMetadata says of one column, of one segment and of several together. Thread safety: pure functions.

#include <cstdint>
#include <optional>
#include <string>

#include "storage/base/json_writer.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

/// Which properties are worked out; the others cost nothing.
struct AnalysisTypes {
  bool cardinality = false;
  bool interval = false;
  bool min_max = false;
  bool size = false;
  bool timestamp_spec = false;
  bool query_granularity = false;
  bool aggregators = false;
  bool rollup = false;
};

struct ColumnAnalysis {
  std::string type_signature;  // "COMPLEX<hyperUnique>"
  std::string type;            // "hyperUnique"
  bool multiple_values = false;
  bool has_nulls = false;
  std::int64_t size = 0;  // as text, roughly
  std::optional<std::int64_t> cardinality;
  std::optional<std::string> min_value;
  std::optional<std::string> max_value;
  std::optional<std::string> error;
};

/// Of the column of that name. Throws where its bytes are corrupt.
ColumnAnalysis analyse_column(const storage::Segment& segment, const std::string& name, const AnalysisTypes& types);

/// Both as one column. Columns of different types are an error, which the answer tells.
ColumnAnalysis merge(const ColumnAnalysis& left, const ColumnAnalysis& right);

void write_json(JsonWriter& json, const ColumnAnalysis& analysis);

}  // namespace sarsen::engine
