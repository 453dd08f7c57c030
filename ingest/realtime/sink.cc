#include "ingest/realtime/sink.h"

#include <algorithm>

#include "storage/base/check.h"

namespace sarsen::ingest {
namespace {

/// Dimensions that earlier hydrants discovered keep their order.
std::vector<DimensionSchema> known_dimensions(const DimensionsSpec& spec,
                                              const std::vector<std::shared_ptr<const storage::Segment>>& hydrants) {
  std::vector<DimensionSchema> known;
  for (const auto& hydrant : hydrants) {
    for (const std::string& name : hydrant->dimensions()) {
      const DimensionSchema schema = spec.discovered(name);
      if (std::find(known.begin(), known.end(), schema) == known.end()) known.push_back(schema);
    }
  }
  return known;
}

}  // namespace

Sink::Sink(storage::SegmentId id, std::shared_ptr<const DataSchema> schema, FieldTable& fields,
           std::vector<std::shared_ptr<const storage::Segment>> hydrants)
    : id_(std::move(id)), schema_(std::move(schema)), fields_(fields), hydrants_(std::move(hydrants)) {
  const DimensionsSpec& spec = schema_->dimensions_spec;
  const auto known = spec.discovery ? known_dimensions(spec, hydrants_) : std::vector<DimensionSchema>{};
  live_ = std::make_unique<IncrementalIndex>(schema_, fields_, id_.interval, known);
}

std::vector<std::shared_ptr<const storage::Segment>> Sink::acquire() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const storage::Segment>> parts = hydrants_;
  if (auto live = live_->snapshot(); live->row_count() != 0) parts.push_back(std::move(live));
  return parts;
}

std::vector<std::shared_ptr<const storage::Segment>> Sink::hydrants() const {
  const std::lock_guard lock(mutex_);
  DCHECK(live_->row_count() == 0);
  return hydrants_;
}

Sink::Frozen Sink::swap() {
  live_->flush();
  DCHECK(live_->row_count() != 0);
  auto next = std::make_unique<IncrementalIndex>(schema_, fields_, id_.interval, live_->dimensions());
  std::shared_ptr<const LiveSegment> rows = live_->snapshot();
  const std::lock_guard lock(mutex_);
  hydrants_.push_back(rows);
  std::swap(live_, next);
  return {static_cast<std::uint32_t>(hydrants_.size() - 1), std::move(rows)};
}

void Sink::persisted(std::uint32_t number, std::shared_ptr<const storage::Segment> segment) {
  const std::lock_guard lock(mutex_);
  DCHECK(number < hydrants_.size());
  hydrants_[number] = std::move(segment);
}

}  // namespace sarsen::ingest
