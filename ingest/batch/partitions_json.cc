#include "ingest/batch/partitions_json.h"

#include <cstdint>

namespace sarsen::ingest {
namespace {

Json hashed_json(const PartitionsSpec& spec) {
  const Json rows = spec.shard_count ? Json() : Json(std::int64_t{spec.target_rows});
  const Json shards = spec.shard_count ? Json(std::int64_t{*spec.shard_count}) : Json();
  return Json::Object{{"type", "hashed"},
                      {"numShards", shards},
                      {"partitionDimensions", Json::Array(spec.dimensions.begin(), spec.dimensions.end())},
                      {"partitionFunction", "murmur3_32_abs"},
                      {"maxRowsPerSegment", rows}};
}

Json range_json(const PartitionsSpec& spec, bool single_dimension) {
  const Json rows = std::int64_t{spec.target_rows};
  Json::Object json{{"type", single_dimension ? "single_dim" : "range"},
                    {"targetRowsPerSegment", spec.target_is_maximum ? Json() : rows},
                    {"maxRowsPerSegment", spec.target_is_maximum ? rows : Json()}};
  if (single_dimension)
    json.emplace_back("partitionDimension", spec.dimensions.front());
  else
    json.emplace_back("partitionDimensions", Json::Array(spec.dimensions.begin(), spec.dimensions.end()));
  json.emplace_back("assumeGrouped", spec.assume_grouped);
  return json;
}

}  // namespace

Json partitions_json(const PartitionsSpec& spec, bool single_dimension) {
  if (spec.kind == PartitionsSpec::Kind::kHashed) return hashed_json(spec);
  if (spec.kind == PartitionsSpec::Kind::kRange) return range_json(spec, single_dimension);
  return Json::Object{{"type", "dynamic"},
                      {"maxRowsPerSegment", std::int64_t{spec.rows_per_segment_max}},
                      {"maxTotalRows", static_cast<std::int64_t>(spec.total_rows_max)}};
}

}  // namespace sarsen::ingest
