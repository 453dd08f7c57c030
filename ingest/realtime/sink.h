#pragma once
// One segment while it grows: the live index, and the hydrants, which are its earlier parts. A part lives in memory
// until it is on disk and is then replaced by the mapped file; a query sees each row exactly once at any moment.
//
// Thread safety: acquire() from any thread; add, flush and swap by the writer; persisted() by the persisting thread.

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "ingest/incremental_index/incremental_index.h"
#include "storage/segment/timeline.h"

namespace sarsen::ingest {

class Sink final : public storage::ServedSegment {
 public:
  /// `hydrants` are what was found on disk, in order.
  Sink(storage::SegmentId id, std::shared_ptr<const DataSchema> schema, FieldTable& fields,
       std::vector<std::shared_ptr<const storage::Segment>> hydrants = {});

  const storage::SegmentId& id() const noexcept { return id_; }
  const DataSchema& schema() const noexcept { return *schema_; }

  /// Hydrants in order, then the live rows; empty ones are left out.
  std::vector<std::shared_ptr<const storage::Segment>> acquire() const override;
  bool is_realtime() const noexcept override { return true; }

  /// What acquire() gives, and nothing of the live rows. REQUIRES: nothing is live, as after the last swap.
  std::vector<std::shared_ptr<const storage::Segment>> hydrants() const;

  // --- the writer's
  IncrementalIndex& live() noexcept { return *live_; }

  /// A part to be persisted: the rows of the live index until now, and its number.
  struct Frozen {
    std::uint32_t number;
    std::shared_ptr<const LiveSegment> rows;
  };
  /// Makes the live rows a hydrant and goes on with an empty index. REQUIRES: there are live rows.
  Frozen swap();

  // --- the persisting thread's
  void persisted(std::uint32_t number, std::shared_ptr<const storage::Segment> segment);

 private:
  const storage::SegmentId id_;
  const std::shared_ptr<const DataSchema> schema_;
  FieldTable& fields_;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<std::shared_ptr<const storage::Segment>> hydrants_;
  std::unique_ptr<IncrementalIndex> live_;
};

}  // namespace sarsen::ingest
