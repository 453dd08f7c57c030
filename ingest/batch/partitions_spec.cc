#include "ingest/batch/partitions_spec.h"

#include <algorithm>
#include <limits>
#include <set>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using Kind = PartitionsSpec::Kind;

constexpr std::uint64_t kRowsMax = std::numeric_limits<std::int32_t>::max();
/// Segments that an interval may be divided into.
constexpr std::uint64_t kShardsMax = 100'000;

const std::vector<std::string> kTypes = {"dynamic", "hashed", "single_dim", "range"};

std::uint32_t parse_rows(const JsonField& json, std::uint64_t otherwise) {
  const std::uint64_t rows = parse_row_count(json).value_or(otherwise);
  if (rows == 0) json.fail("it must be greater than 0");
  return static_cast<std::uint32_t>(std::min(rows, kRowsMax));
}

void parse_dynamic(const JsonField& json, PartitionsSpec& spec) {
  spec.rows_per_segment_max = parse_rows(json["maxRowsPerSegment"], spec.rows_per_segment_max);
  spec.total_rows_max = parse_row_count(json["maxTotalRows"]).value_or(spec.total_rows_max);
}

void parse_dimensions(const JsonField& json, PartitionsSpec& spec) {
  std::set<std::string> seen;
  for (const JsonField& element : json.elements()) {
    spec.dimensions.push_back(element.string());
    if (!seen.insert(spec.dimensions.back()).second)
      element.fail("a dimension is listed twice: " + spec.dimensions.back());
  }
}

void parse_hashed(const JsonField& json, PartitionsSpec& spec) {
  parse_dimensions(json["partitionDimensions"], spec);
  const std::string function = json["partitionFunction"].string_or("murmur3_32_abs");
  if (function != "murmur3_32_abs")
    json["partitionFunction"].fail("unknown function: " + function + suggestion(function, {"murmur3_32_abs"}));
  const auto shards = parse_row_count(json["numShards"]);
  JsonField target = json["targetRowsPerSegment"];
  for (const char* old : {"maxRowsPerSegment", "targetPartitionSize"})
    if (!parse_row_count(target)) target = json[old];
  if (shards && parse_row_count(target)) json["numShards"].fail("it cannot be given together with " + target.path());
  if (shards && (*shards == 0 || *shards > kShardsMax))
    json["numShards"].fail("1 to " + std::to_string(kShardsMax) + " are wanted: " + std::to_string(*shards));
  if (shards) spec.shard_count = static_cast<std::uint32_t>(*shards);
  spec.target_rows = parse_rows(target, spec.target_rows);
}

void parse_range(const JsonField& json, bool single, PartitionsSpec& spec) {
  if (single) {
    spec.dimensions = {json["partitionDimension"].string()};
  } else {
    parse_dimensions(json["partitionDimensions"], spec);
    if (spec.dimensions.empty()) json["partitionDimensions"].fail("at least one dimension is wanted");
  }
  JsonField most = json["maxRowsPerSegment"];
  if (!parse_row_count(most)) most = json["maxPartitionSize"];
  JsonField target = json["targetRowsPerSegment"];
  if (!parse_row_count(target)) target = json["targetPartitionSize"];
  if (parse_row_count(most).has_value() == parse_row_count(target).has_value())
    json.fail("exactly one of targetRowsPerSegment and maxRowsPerSegment is wanted");
  spec.target_is_maximum = parse_row_count(most).has_value();
  spec.target_rows = parse_rows(spec.target_is_maximum ? most : target, 0);
  spec.assume_grouped = json["assumeGrouped"].boolean_or(false);
}

void check_guarantee(const JsonField& tuning, const PartitionsSpec& spec) {
  const JsonField force = tuning["forceGuaranteedRollup"];
  if (force.boolean_or(false) == spec.guarantees_rollup()) return;
  if (spec.guarantees_rollup())
    force.fail("hashed, single_dim and range partitions need \"forceGuaranteedRollup\": true");
  force.fail("dynamic partitions cannot be used for perfect rollup; name hashed or range in partitionsSpec");
}

}  // namespace

std::optional<std::uint64_t> parse_row_count(const JsonField& json) {
  if (!json.present()) return std::nullopt;
  const std::int64_t value = json.integer();
  if (value == -1) return std::nullopt;
  if (value < 0) json.fail("it must not be negative: " + std::to_string(value));
  return static_cast<std::uint64_t>(value);
}

PartitionsSpec PartitionsSpec::parse(const JsonField& tuning) {
  PartitionsSpec spec;
  const JsonField json = tuning["partitionsSpec"];
  const bool guaranteed = tuning["forceGuaranteedRollup"].boolean_or(false);
  const std::string type = json["type"].string_or(guaranteed && !json.present() ? "hashed" : "dynamic");
  if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end())
    json["type"].fail("unknown partitionsSpec: " + type + suggestion(type, kTypes));
  if (type == "dynamic") {
    parse_dynamic(tuning, spec);
    parse_dynamic(json, spec);
  } else if (type == "hashed") {
    spec.kind = Kind::kHashed;
    parse_hashed(json.present() ? json : tuning, spec);
  } else {
    spec.kind = Kind::kRange;
    parse_range(json, type == "single_dim", spec);
  }
  check_guarantee(tuning, spec);
  return spec;
}

}  // namespace sarsen::ingest
