#pragma once
// Tells others which segments are served while they grow. Today that is the log, in Druid's words; announcing to a
// cluster is another implementation of the same interface. Thread-safe.

#include <cstdint>
#include <mutex>
#include <string>

#include "ingest/realtime/clock.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

class SegmentAnnouncer {
 public:
  virtual ~SegmentAnnouncer() = default;
  virtual void announce(const storage::SegmentId& id) = 0;
  virtual void unannounce(const storage::SegmentId& id) = 0;
};

/// Logs on the calling thread: "Announcing segment[<id>] at path[/druid/segments/<host:port>/<time><counter>]". As with
/// Druid's batches, a path takes 50 segments, and the ones after the first are announced at the "existing path".
class LogAnnouncer final : public SegmentAnnouncer {
 public:
  explicit LogAnnouncer(std::string host_and_port, Clock clock = system_clock_ms)
      : host_and_port_(std::move(host_and_port)), clock_(std::move(clock)) {}

  void announce(const storage::SegmentId& id) override;
  void unannounce(const storage::SegmentId& id) override;

 private:
  const std::string host_and_port_;
  const Clock clock_;
  std::mutex mutex_;
  std::string path_;
  std::uint32_t segments_at_path_ = 0;
  std::uint32_t paths_ = 0;
};

}  // namespace sarsen::ingest
