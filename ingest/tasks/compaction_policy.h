#pragma once
// Which chunks are compacted first, and which may be at all: Druid's CompactionCandidateSearchPolicy. Values; all
// functions are pure.

#include <optional>
#include <string>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// A chunk of a data source.
struct CompactionPlace {
  std::string data_source;
  Interval interval;
};

struct CompactionPolicy {
  std::string priority_data_source;  // is compacted before the others; empty: none
  /// Type fixedIntervalOrder: what lies within these, in their order, and nothing else. Absent: type
  /// newestSegmentFirst.
  std::optional<std::vector<CompactionPlace>> eligible;

  /// The default where there is none. Throws kInvalidInput naming the field.
  static CompactionPolicy parse(const JsonField& json);
  Json to_json() const;

  bool is_eligible(const CompactionPlace& place) const;
  bool comes_before(const CompactionPlace& left, const CompactionPlace& right) const;
};

}  // namespace sarsen::ingest
