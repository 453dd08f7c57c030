#include "ingest/batch/segment_builder.h"

#include <algorithm>
#include <thread>

#include "ingest/incremental_index/persist.h"
#include "ingest/merge/merge_segments.h"
#include "storage/segment/mapped_segment.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kAddsPerWeighing = 1024;

unsigned threads() noexcept { return std::max(std::thread::hardware_concurrency(), 1u); }

}  // namespace

SegmentBuilder::SegmentBuilder(std::shared_ptr<const DataSchema> schema, const IndexTuning& tuning, FieldTable& fields,
                               Partitioner* partitioner, SegmentOutput& output)
    : schema_(std::move(schema)),
      tuning_(tuning),
      fields_(fields),
      partitioner_(partitioner),
      output_(output),
      spill_directory_(output.root() / "spill") {}

RowOutcome SegmentBuilder::add(const Interval& interval, const RawRow& row, std::int64_t time_ms,
                               std::vector<std::string>& problems) {
  const std::uint32_t bucket = partitioner_ == nullptr ? 0 : partitioner_->bucket_of(interval, row, time_ms);
  Building& into = building({interval, bucket});
  const RowOutcome outcome = into.index->add(row, time_ms, problems);
  note_growth(*into.index);
  ++adds_;
  if (segment_is_full(into) || memory_is_full()) make_room(into);
  return outcome;
}

void SegmentBuilder::note_growth(IncrementalIndex& index) {
  const auto growth = static_cast<std::uint64_t>(index.take_growth());  // less than zero goes round
  rows_in_memory_ += growth;
  rows_ += growth;
}

/// Where the segments' or the memory's rows are too many indeed, with rows counted after rollup.
void SegmentBuilder::make_room(const Building& into) {
  for (auto& [key, building] : building_) {
    if (!building.index) continue;
    building.index->settle();
    note_growth(*building.index);
  }
  if (segment_is_full(into))
    finish();
  else if (memory_is_full())
    spill_all();
}

bool SegmentBuilder::segment_is_full(const Building& building) const {
  const PartitionsSpec& partitions = tuning_.partitions;
  const bool dynamic = partitioner_ == nullptr;
  return dynamic && (building.row_count() >= partitions.rows_per_segment_max || rows_ >= partitions.total_rows_max);
}

SegmentBuilder::Building& SegmentBuilder::building(const Key& key) {
  Building& found = building_[key];
  if (!found.index) found.index = std::make_unique<IncrementalIndex>(schema_, fields_, key.first, known_dimensions_);
  return found;
}

bool SegmentBuilder::memory_is_full() const {
  if (rows_in_memory_ >= tuning_.rows_in_memory_max) return true;
  if (tuning_.bytes_in_memory_max == 0 || adds_ % kAddsPerWeighing != 0) return false;
  std::size_t bytes = 0;
  for (const auto& [key, building] : building_)
    if (building.index) bytes += building.index->size_bytes();
  return bytes >= tuning_.bytes_in_memory_max;
}

void SegmentBuilder::spill_all() {
  for (auto& [key, building] : building_)
    if (building.index) spill(building);
  rows_in_memory_ = 0;
  begin_spills();
}

void SegmentBuilder::begin_spills() {
  wait_for_spills();
  spilling_ = std::async(std::launch::async, [spills = std::exchange(to_spill_, {}), this]() mutable {
    constexpr bool kDurable = false;  // a task that ends early begins anew
    for (Spill& spill : spills) {
      persist(*spill.rows, spill.path, tuning_.intermediate_index_spec, 1, kDurable);
      spill.rows = nullptr;
    }
  });
}

void SegmentBuilder::wait_for_spills() {
  if (spilling_.valid()) spilling_.get();
}

void SegmentBuilder::spill(Building& building) {
  building.index->flush();
  auto rows = building.index->snapshot();
  const fs::path path = spill_directory_.path() / std::to_string(spill_count_++);
  building.pieces.push_back(path);
  building.rows_on_disk += rows->row_count();
  if (schema_->dimensions_spec.discovery) known_dimensions_ = building.index->dimensions();
  building.index = nullptr;
  to_spill_.push_back({std::move(rows), path});
}

void SegmentBuilder::finish() {
  for (auto& [key, building] : building_)
    if (building.index && !building.pieces.empty()) spill(building);
  begin_spills();
  wait_for_spills();
  for (auto& [key, building] : building_) {
    if (step_) step_();
    write(key, building);
  }
  building_.clear();
  rows_in_memory_ = 0;
  rows_ = 0;
}

void SegmentBuilder::write(const Key& key, Building& building) {
  if (building.pieces.empty()) return write_index(key, building);
  write_merged(key, building);
}

void SegmentBuilder::write_index(const Key& key, const Building& building) {
  building.index->flush();
  const auto rows = building.index->snapshot();
  const std::uint64_t size_bytes = persist(*rows, output_.staging_path(), tuning_.index_spec, threads());
  const auto segment = storage::open_segment(output_.staging_path());  // without discovered columns of nothing
  output_.add(key.first, rows->row_count(), size_bytes, segment->dimensions(), segment->metrics(), shard_spec(key));
  if (schema_->dimensions_spec.discovery) known_dimensions_ = building.index->dimensions();
}

void SegmentBuilder::write_merged(const Key& key, Building& building) {
  std::vector<std::shared_ptr<const storage::Segment>> pieces;
  for (const fs::path& path : building.pieces) pieces.push_back(storage::open_segment(path));
  MergeOptions options;
  options.rollup = schema_->granularity_spec.rollup();
  options.metrics = schema_->metrics;
  options.index_spec = tuning_.index_spec;
  if (step_) options.progress = [this](std::uint64_t, std::uint64_t) { step_(); };
  for (const DimensionSchema& dimension : schema_->dimensions_spec.dimensions) {
    options.dimension_order.push_back(dimension.name);
    if (!dimension.bitmap_index) options.without_bitmap_index.insert(dimension.name);
  }
  const fs::path staging = output_.staging_path();
  const MergeReport merged = merge_segments(pieces, options, staging);
  const auto segment = storage::open_segment(staging);
  output_.add(key.first, merged.rows_out, merged.bytes_out, segment->dimensions(), segment->metrics(), shard_spec(key));
  pieces.clear();
  for (const fs::path& path : building.pieces) fs::remove_all(path);
}

SegmentOutput::ShardSpec SegmentBuilder::shard_spec(const Key& key) const {
  if (partitioner_ == nullptr) return {};
  return [partitioner = partitioner_, key](std::uint32_t partition, std::uint32_t core_partitions) {
    return partitioner->shard_spec(key.first, key.second, partition, core_partitions);
  };
}

}  // namespace sarsen::ingest
