#include "ingest/realtime/merged_segment.h"

#include "ingest/fault_point.h"
#include "ingest/merge/merge_segments.h"
#include "storage/base/log.h"
#include "storage/segment/mapped_segment.h"

namespace sarsen::ingest {
namespace {

std::vector<std::string> names_of(const DimensionsSpec& spec) {
  std::vector<std::string> names;
  for (const DimensionSchema& dimension : spec.dimensions) names.push_back(dimension.name);
  return names;
}

}  // namespace

storage::SegmentDescriptor push_merged(const Sink& sink, const MergedSegmentOptions& options,
                                       const std::filesystem::path& merged, DeepStorage& deep_storage) {
  fault_point("merge.begin");
  std::filesystem::remove_all(merged);
  MergeOptions merge;
  merge.rollup = options.schema.granularity_spec.rollup();
  merge.metrics = options.schema.metrics;
  merge.dimension_order = names_of(options.schema.dimensions_spec);
  merge.index_spec = options.index_spec;
  merge.progress = [&options](std::uint64_t, std::uint64_t) { options.check_stopping(); };
  const MergeReport report = merge_segments(sink.hydrants(), merge, merged);
  log_info("Merged {} rows of segment[{}] to {}", report.rows_in, sink.id().text(), report.rows_out);
  fault_point("merge.written");
  const auto opened = storage::open_segment(merged);
  storage::SegmentDescriptor segment;
  segment.id = sink.id();
  segment.dimensions = opened->dimensions();
  segment.metrics = opened->metrics();
  segment.shard_spec = options.shard_spec;
  segment.core_partitions = options.core_partitions;
  segment = deep_storage.push(merged, std::move(segment));
  fault_point("push.done");
  return segment;
}

}  // namespace sarsen::ingest
