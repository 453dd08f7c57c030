#pragma once
// The plans of a scan's parts as their turns come. With a limit, likely few of many parts are read: their filters are
// asked of one part first, and of twice as many each time that more are wanted, those of a step on all threads. Belongs
// to one query.

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "engine/query/query_run.h"
#include "engine/scan/scan_plan.h"

namespace sarsen::engine {

struct RowsSource;

class ChosenPlans {
 public:
  using Plan = std::shared_ptr<const ScanPlan>;

  /// `turns`: indexes of `sources`. `sources`, their plans and `run` must outlive it and what it gives.
  ChosenPlans(const std::vector<RowsSource>& sources, std::vector<std::size_t> turns, const QueryRun& run)
      : sources_(sources), turns_(std::move(turns)), run_(run) {}

  /// That of the source whose turn is next. REQUIRES: it is called once for each source at most.
  Plan next();

 private:
  void choose();

  const std::vector<RowsSource>& sources_;
  std::vector<std::size_t> turns_;
  const QueryRun& run_;
  std::vector<Plan> chosen_;  // of the turns from step_begin_ on
  std::size_t step_begin_ = 0;
  std::size_t next_ = 0;  // turn
};

}  // namespace sarsen::engine
