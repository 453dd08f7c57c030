#pragma once
// The filter of a scan, asked of many rows at once on all threads, before they are printed by one: row ranges in turn,
// small ones first, so that a limit that is soon reached costs little, and each as a plan in which a bit says of each
// row whether it passes. Belongs to one query.

#include <cstdint>

#include "engine/query/query_run.h"
#include "engine/scan/scan_plan.h"

namespace sarsen::engine {

class RowsAhead {
 public:
  /// `plan` and `run` must outlive it. `backwards`: ranges from the last to the first.
  RowsAhead(const ScanPlan& plan, bool backwards, const QueryRun& run);

  /// The next range; nullptr at the end. Valid until the next call.
  const ScanPlan* next();

 private:
  static constexpr std::uint32_t kRangeRowsMax = 64 * kMorselRows;

  void decide(const Morsel& morsel);

  const ScanPlan& plan_;
  bool backwards_;
  const QueryRun& run_;
  bool decided_;             // the plan knows its rows already
  std::uint32_t begin_row_;  // what is left: [begin_row_, end_row_)
  std::uint32_t end_row_;
  std::uint32_t range_rows_ = kMorselRows;
  ScanPlan range_;
};

}  // namespace sarsen::engine
