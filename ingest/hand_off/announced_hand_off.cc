#include "ingest/hand_off/announced_hand_off.h"

#include "ingest/zookeeper/druid_nodes.h"
#include "storage/base/error.h"
#include "storage/base/java_order.h"

namespace sarsen::ingest {
namespace {

template <class Value>
Value answered(std::optional<Value> value) {
  if (!value) throw Error(ErrorCategory::kRuntimeFailure, "ZooKeeper does not answer");
  return std::move(*value);
}

bool releases(const AnnouncedSegment& announced, const storage::SegmentId& id) {
  return announced.data_source == id.data_source && announced.interval.contains(id.interval.start_ms) &&
         announced.partition == id.partition && java_compare(announced.version, id.version) >= 0;
}

}  // namespace

std::set<storage::SegmentId> AnnouncedHandOff::served(const std::vector<storage::SegmentId>& segments) {
  std::set<std::string> data_sources;
  for (const storage::SegmentId& id : segments) data_sources.insert(id.data_source);
  std::set<storage::SegmentId> found;
  for (const std::string& server : answered(find_assignable_servers(zookeeper_, paths_.servers)))
    for (const std::string& folder : {paths_.segments, paths_.served_segments})
      for (const AnnouncedSegment& announced : answered(find_segments(zookeeper_, folder + "/" + server, data_sources)))
        for (const storage::SegmentId& id : segments)
          if (releases(announced, id)) found.insert(id);
  return found;
}

}  // namespace sarsen::ingest
