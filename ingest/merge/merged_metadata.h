#pragma once
// metadata.drd of several segments as that of one, as Druid's Metadata.merge has it: what all agree in stays, what they
// do not agree in is left open. Aggregators are written in Druid 33's form where the engine knows them, else as they
// were. Thread-safe: no state.

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "ingest/merge/merge_options.h"
#include "ingest/merge/merged_schema.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// What is known of how a metric column is aggregated.
struct KnownAggregator {
  Json json;                                                 // in combining form
  std::shared_ptr<const engine::AggregatorFactory> factory;  // null: not one that the engine has
};

/// By name of the metric. Metrics are missing about which the segments say nothing, or contradict each other.
using KnownAggregators = std::map<std::string, KnownAggregator, std::less<>>;

KnownAggregators known_aggregators(const Sources& sources, const MergedSchema& schema, const MergeOptions& options);

/// True where every segment says that its rows are rolled up.
bool stated_rollup(const Sources& sources);

/// Null where no segment has metadata and no metrics are given.
Json merge_metadata(const Sources& sources, const MergedSchema& schema, const KnownAggregators& aggregators,
                    const MergeOptions& options);

}  // namespace sarsen::ingest
