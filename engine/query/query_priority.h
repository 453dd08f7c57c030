#pragma once
// A query's place among those that run at the same time: the greater number first. Pure, but for the clock.

#include <cstdint>

#include "engine/query/query.h"
#include "storage/segment/catalog.h"

namespace sarsen::engine {

std::int64_t priority_of(const Query& query, const storage::Catalog::Timelines& timelines,
                         const PriorityThresholds& thresholds);

}  // namespace sarsen::engine
