#pragma once
// Makes the columns of the merged segment, one at a time: values are picked from the sources in the merged order,
// vector by vector. Of rows that fold together the first one's value is taken: right for dimensions, which are equal;
// metrics of rollup are made by folded_metric.h. Thread-safe: no state.

#include <cstdint>
#include <memory>
#include <vector>

#include "ingest/merge/merged_dictionary.h"
#include "ingest/merge/merged_rows.h"
#include "ingest/merge/merged_schema.h"
#include "ingest/merge/row_keys.h"
#include "storage/column/column_data.h"

namespace sarsen::ingest {

/// What all columns are made from.
struct MergeInput {
  Sources sources;
  MergedSchema schema;
  TimeRule time;
  MergedRows rows;
};

std::vector<std::int64_t> make_times(const MergeInput& input);

/// `dictionary`: of string columns, null elsewhere. Throws where a source's bytes are corrupt. What is returned uses
/// all three, which must outlive it.
storage::OwnedColumnValues make_column(const MergeInput& input, const MergedColumn& column,
                                       const MergedDictionary* dictionary);

}  // namespace sarsen::ingest
