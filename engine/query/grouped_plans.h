#pragma once
// What an aggregating query reads of each of its parts, and how it groups there: by the part's rows, or by those of a
// projection that the segment keeps. Immutable; shared by scans.

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/query/projection_match.h"
#include "engine/query/query_run.h"

namespace sarsen::engine {

struct GroupedPlans {
  std::vector<ScanPlan> plans;

  const Grouping& grouping(const ScanPlan& plan) const noexcept { return *by_part[plan.part]; }

  std::vector<const Grouping*> by_part;
  std::vector<std::shared_ptr<const ProjectionMatch>> matches;  // by_part's
};

/// `grouping` and `asked` must outlive it. Throws kInvalidInput where the context insists on projections that do not
/// answer.
std::shared_ptr<GroupedPlans> plan_groups(const QueryRun& run, const std::vector<QueryRun::Part>& parts,
                                          const Grouping& grouping, const AskedOfProjections& asked);

/// How many keys there can be in the plan's rows, as far as dictionaries tell.
std::uint64_t keys_max(const std::vector<DimensionSpec>& dimensions, const ScanPlan& plan);

/// For queries that projections cannot answer: throws where the context insists on them and there are parts to read.
void refuse_projections(const QueryContext& context, const std::vector<QueryRun::Part>& parts);

}  // namespace sarsen::engine
