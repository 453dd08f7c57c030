#include "ingest/realtime/announcer.h"

#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::uint32_t kSegmentsPerPathMax = 50;

}  // namespace

void LogAnnouncer::announce(const storage::SegmentId& id) {
  const std::lock_guard lock(mutex_);
  const bool existing = segments_at_path_ != 0 && segments_at_path_ < kSegmentsPerPathMax;
  if (!existing) {
    path_ = "/druid/segments/" + host_and_port_ + "/" + format_iso(clock_()) + std::to_string(paths_++);
    segments_at_path_ = 0;
  }
  ++segments_at_path_;
  log_info("Announcing segment[{}] at {}path[{}]", id.text(), existing ? "existing " : "", path_);
}

void LogAnnouncer::unannounce(const storage::SegmentId& id) {
  const std::lock_guard lock(mutex_);
  log_info("Unannouncing segment[{}] at path[{}]", id.text(), path_);
}

}  // namespace sarsen::ingest
