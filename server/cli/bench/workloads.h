#pragma once
// Standard queries over the columns of a segment: whole scans, filters of several selectivities, groupings. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "storage/base/json.h"
#include "storage/segment/segment.h"

namespace sarsen::server {

struct Workload {
  std::string name;                  // "sum added", "bound page, 50 %"
  Json query;                        // native
  std::vector<std::string> columns;  // that it reads
};

/// `data_source` is the query's "dataSource"; `interval` covers all segments. Columns that cannot be read are left out.
std::vector<Workload> standard_workloads(const storage::Segment& segment, const Json& data_source,
                                         const Interval& interval);

/// A query of a user: its data source becomes `data_source`. The name is `name`; the columns are those of the segment
/// that the query names anywhere.
Workload user_workload(const std::string& name, const Json& query, const Json& data_source,
                       const storage::Segment& segment);

}  // namespace sarsen::server
