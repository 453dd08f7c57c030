#include "ingest/tasks/compact_spec.h"

#include <algorithm>

#include "ingest/row/dimension_json.h"
#include "ingest/row/metric_spec.h"
#include "ingest/tasks/lock_context.h"
#include "ingest/transform/transform_spec.h"
#include "storage/base/error.h"
#include "storage/base/interval_field.h"

namespace sarsen::ingest {
namespace {

using storage::Timeline;
using storage::TimelineHit;

void parse_input(const JsonField& json, const JsonField& input, CompactSpec& spec) {
  const std::string type = input["type"].string_or("interval");
  if (type != "interval" && type != "segments")
    input["type"].fail("unknown type: " + type + suggestion(type, {"interval", "segments"}));
  const JsonField place = input.present() ? input : json;  // an interval beside the type is the form of old
  if (place["interval"].present()) {
    spec.interval = parse_interval(place["interval"]);
    if (spec.interval->empty())
      place["interval"].fail("Interval[" + format_iso(*spec.interval) + "] is empty, must specify a nonempty interval");
    return;
  }
  if (!place["segments"].present()) json.fail("ioConfig.inputSpec is wanted, with an interval or segments");
  spec.segments.emplace();
  for (const JsonField& segment : place["segments"].elements())
    spec.segments->insert(segment.json().is_object() ? segment["identifier"].string() : segment.string());
  if (spec.segments->empty()) place["segments"].fail("at least one segment is wanted");
}

void parse_granularity_spec(const JsonField& json, const JsonField& old, CompactSpec& spec) {
  if (old.present()) spec.segment_granularity = engine::parse_granularity(old);
  if (!json.present()) return;
  if (json["segmentGranularity"].present())
    spec.segment_granularity = engine::parse_granularity(json["segmentGranularity"]);
  if (json["queryGranularity"].present()) {
    spec.query_granularity = engine::parse_granularity(json["queryGranularity"]);
    spec.given.query_granularity = spec.query_granularity->to_json();
    if (spec.query_granularity->is_none()) spec.query_granularity = nullptr;
  }
  if (json["rollup"].present()) spec.rollup = json["rollup"].boolean();
}

void parse_dimensions(const JsonField& json, CompactSpec& spec) {
  if (!json.present()) return;
  const DimensionsSpec dimensions = DimensionsSpec::parse(json);
  const JsonField sorts = json["forceSegmentSortByTime"];
  spec.given.dimensions_spec =
      dimensions_spec_json(dimensions_json(json), sorts.present() ? std::optional(sorts.boolean()) : std::nullopt);
  spec.dimension_schemas = dimensions.dimensions;
  spec.before_time.emplace();
  for (std::size_t i = 0; i < dimensions.time_place; ++i) spec.before_time->push_back(dimensions.dimensions[i].name);
  if (dimensions.discovery) {
    spec.discovery = dimensions;
    return;
  }
  spec.reshaping.dimensions.emplace();
  for (const DimensionSchema& dimension : dimensions.dimensions) spec.reshaping.dimensions->push_back(dimension.name);
}

void parse_metrics(const JsonField& json, CompactSpec& spec) {
  if (!json.present()) return;
  spec.reshaping.metrics.emplace();
  Json::Array given;
  for (const JsonField& metric : json.elements()) {
    spec.reshaping.metrics->push_back(parse_metric(metric));
    given.push_back(spec.reshaping.metrics->back()->to_json());
  }
  spec.given.metrics_spec = std::move(given);
}

/// The index in memory is one and the same; what it is to do with metrics that are there matters here.
bool parse_preserves_metrics(const JsonField& json) {
  if (!json.present()) return false;
  const std::string type = json["type"].string_or("onheap");
  if (type != "onheap") json["type"].fail("unknown type: " + type + suggestion(type, {"onheap"}));
  return json["preserveExistingMetrics"].boolean_or(false);
}

/// What is dynamic has no limit to the rows of all chunks together, unless it is given.
void parse_tuning(const JsonField& json, CompactSpec& spec) {
  spec.tuning = IndexTuning::parse(json);
  if (json.present()) spec.reshaping.preserves_metrics = parse_preserves_metrics(json["appendableIndexSpec"]);
  spec.single_dimension = json.present() && json["partitionsSpec"]["type"].string_or("") == "single_dim";
  auto total = json.present() ? parse_row_count(json["partitionsSpec"]["maxTotalRows"]) : std::nullopt;
  if (!total && json.present()) total = parse_row_count(json["maxTotalRows"]);
  spec.tuning.partitions.total_rows_max = total.value_or(INT64_MAX);
}

/// `interval` grown to whole buckets.
Interval grown(const Interval& interval, const engine::Granularity& granularity) {
  if (granularity.is_all()) return kEternity;
  const std::int64_t last = granularity.bucket_start(interval.end_ms - 1);
  return {granularity.bucket_start(interval.start_ms), granularity.next_bucket(last)};
}

/// Until neither segments nor chunks reach beyond it.
Interval closed(const CompactSpec& spec, const Timeline& timeline, Interval interval) {
  while (true) {
    Interval next = spec.segment_granularity ? grown(interval, *spec.segment_granularity) : interval;
    for (const TimelineHit& hit : timeline.lookup(next)) {
      next.start_ms = std::min(next.start_ms, hit.entry->id.interval.start_ms);
      next.end_ms = std::max(next.end_ms, hit.entry->id.interval.end_ms);
    }
    if (next == interval) return interval;
    interval = next;
  }
}

/// Where segments overlap, they become one chunk.
std::vector<Interval> chunks_of_segments(const std::vector<TimelineHit>& hits) {
  std::vector<Interval> intervals;
  for (const TimelineHit& hit : hits) intervals.push_back(hit.entry->id.interval);
  std::sort(intervals.begin(), intervals.end());
  std::vector<Interval> chunks;
  for (const Interval& interval : intervals) {
    if (chunks.empty() || !chunks.back().overlaps(interval))
      chunks.push_back(interval);
    else
      chunks.back().end_ms = std::max(chunks.back().end_ms, interval.end_ms);
  }
  return chunks;
}

/// Only those buckets in which there is something.
std::vector<Interval> chunks_by(const engine::Granularity& granularity, const std::vector<TimelineHit>& hits) {
  std::vector<Interval> chunks;
  if (granularity.is_all()) return {kEternity};
  for (const TimelineHit& hit : hits)
    for (std::int64_t start = granularity.bucket_start(hit.interval.start_ms); start < hit.interval.end_ms;
         start = granularity.next_bucket(start))
      chunks.push_back({start, granularity.next_bucket(start)});
  std::sort(chunks.begin(), chunks.end());
  chunks.erase(std::unique(chunks.begin(), chunks.end()), chunks.end());
  return chunks;
}

constexpr std::size_t kChunksMax = 100'000;

void check_alignment(const CompactSpec& spec) {
  if (!spec.interval || !spec.segment_granularity || spec.allow_non_aligned_interval) return;
  if (grown(*spec.interval, *spec.segment_granularity) == *spec.interval) return;
  throw Error(ErrorCategory::kInvalidInput, "Interval[" + format_iso(*spec.interval) +
                                                "] to compact is not aligned with segmentGranularity[" +
                                                spec.segment_granularity->to_json().dump() + "]");
}

}  // namespace

CompactSpec CompactSpec::parse(const JsonField& json) {
  CompactSpec spec;
  spec.data_source = json["dataSource"].string();
  const JsonField io = json["ioConfig"];
  const Json none = Json::Object();
  const JsonField input = io.present() ? io["inputSpec"] : JsonField(none)["inputSpec"];
  parse_input(json, input, spec);
  if (io.present()) {
    spec.drop_existing = io["dropExisting"].boolean_or(false);
    spec.allow_non_aligned_interval = io["allowNonAlignedInterval"].boolean_or(false);
  }
  parse_granularity_spec(json["granularitySpec"], json["segmentGranularity"], spec);
  parse_dimensions(json["dimensionsSpec"].present() ? json["dimensionsSpec"] : json["dimensions"], spec);
  parse_metrics(json["metricsSpec"], spec);
  const TransformSpec transform = TransformSpec::parse(json["transformSpec"]);
  if (!transform.transforms.empty() || transform.filter_expression != nullptr)
    throw Error(ErrorCategory::kUnsupported,
                json["transformSpec"].path() + ": compaction takes a filter only, and not one that is an expression");
  spec.filter = transform.filter;
  if (spec.filter != nullptr)
    spec.given.transform_spec = Json::Object{{"filter", json["transformSpec"]["filter"].json()}};
  parse_tuning(json["tuningConfig"], spec);
  check_alignment(spec);
  spec.lock_type = replace_lock_type(json["context"]);
  spec.store_state = !json["context"].present() || json["context"]["storeCompactionState"].boolean_or(true);
  return spec;
}

std::vector<CompactChunk> compact_chunks(const CompactSpec& spec, const Timeline& timeline, const Interval& interval) {
  std::vector<TimelineHit> hits = timeline.lookup(closed(spec, timeline, interval));
  // What is not published yet is left to those who write it.
  std::erase_if(hits, [](const TimelineHit& hit) { return hit.entry->segment->is_realtime(); });
  if (hits.empty())
    throw Error(ErrorCategory::kNotFound,
                "Can't find segments of " + spec.data_source + " in " + format_iso(interval) + ", nothing to do.");
  std::vector<CompactChunk> chunks;
  const std::vector<Interval> intervals =
      spec.segment_granularity ? chunks_by(*spec.segment_granularity, hits) : chunks_of_segments(hits);
  if (intervals.size() > kChunksMax)
    throw Error(ErrorCategory::kInvalidInput,
                "granularitySpec.segmentGranularity: " + std::to_string(intervals.size()) +
                    " chunks would be made; at most " + std::to_string(kChunksMax) + " are");
  for (const Interval& chunk : intervals) {
    CompactChunk& made = chunks.emplace_back();
    made.interval = chunk;
    for (const TimelineHit& hit : hits)
      if (hit.interval.overlaps(chunk)) made.hits.push_back({hit.interval.intersection(chunk), hit.entry});
  }
  return chunks;
}

}  // namespace sarsen::ingest
