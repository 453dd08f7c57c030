#pragma once
// Looks at what servers announce in ZooKeeper, as realtime nodes of Druid 0.7 do: a segment is handed off once a server
// that takes assignments announces one whose interval contains its start, of the same partition and of this version or
// a greater one. All announcements are read each time, but only while something waits for its hand-off.

#include <string>

#include "ingest/hand_off/served_elsewhere.h"
#include "ingest/zookeeper/zookeeper.h"

namespace sarsen::ingest {

struct AnnouncedHandOffPaths {
  std::string servers;          // "/druid/announcements"
  std::string segments;         // "/druid/segments": batches
  std::string served_segments;  // "/druid/servedSegments": a node for each
};

class AnnouncedHandOff final : public ServedElsewhere {
 public:
  /// REQUIRES: `zookeeper` outlives it.
  AnnouncedHandOff(ZooKeeper& zookeeper, AnnouncedHandOffPaths paths)
      : zookeeper_(zookeeper), paths_(std::move(paths)) {}

  std::set<storage::SegmentId> served(const std::vector<storage::SegmentId>& segments) override;

 private:
  ZooKeeper& zookeeper_;
  const AnnouncedHandOffPaths paths_;
};

}  // namespace sarsen::ingest
