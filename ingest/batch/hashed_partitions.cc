// hashed: a row's bucket is the hash of its key. Without a fixed number of buckets, the number of different keys of an
// interval decides, which the survey estimates with the sketch that Druid takes.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "engine/sketch/hll.h"
#include "ingest/batch/murmur3_32.h"
#include "ingest/batch/partitioner.h"

namespace sarsen::ingest {
namespace {

constexpr int kSketchLgK = 11;
constexpr double kShardsMax = 100'000;

class HashedPartitioner final : public Partitioner {
 public:
  HashedPartitioner(const PartitionsSpec& spec, const std::shared_ptr<const DataSchema>& schema, FieldTable& fields)
      : spec_(spec),
        query_granularity_(schema->granularity_spec.query_granularity()),
        schema_(schema),
        keys_(schema, fields) {
    for (const std::string& dimension : spec.dimensions) dimension_fields_.push_back(fields.add(dimension));
  }

  bool surveys() const noexcept override { return !spec_.shard_count; }

  /// Of whole rows, also where only some dimensions are hashed: what counts is how many rows there will be.
  void survey(const Interval& interval, const RawRow& row, std::int64_t time_ms) override {
    auto sketch = sketches_.find(interval);
    if (sketch == sketches_.end()) sketch = sketches_.emplace(interval, engine::sketch::Hll(kSketchLgK)).first;
    const std::string key = keys_.group_key(row, bucket_time(time_ms));
    sketch->second.update(std::as_bytes(std::span(key)));
  }

  void end_survey() override {
    for (const auto& [interval, sketch] : sketches_) {
      const double shards = std::floor(sketch.estimate() / spec_.target_rows + 0.5);
      shard_counts_[interval] = static_cast<std::uint32_t>(std::clamp(shards, 1.0, kShardsMax));
    }
    sketches_.clear();
  }

  std::uint32_t bucket_of(const Interval& interval, const RawRow& row, std::int64_t time_ms) override {
    const std::string key = dimension_fields_.empty() ? keys_.group_key(row, bucket_time(time_ms))
                                                      : keys_.dimension_key(row, dimension_fields_);
    const std::int64_t rest = murmur3_32(key) % static_cast<std::int64_t>(shard_count(interval));
    return static_cast<std::uint32_t>(std::abs(rest));
  }

  Json shard_spec(const Interval& interval, std::uint32_t bucket, std::uint32_t partition,
                  std::uint32_t core_partitions) const override {
    Json::Array dimensions(spec_.dimensions.begin(), spec_.dimensions.end());
    return Json::Object{{"type", "hashed"},
                        {"partitionNum", std::int64_t{partition}},
                        {"partitions", std::int64_t{core_partitions}},
                        {"bucketId", std::int64_t{bucket}},
                        {"numBuckets", std::int64_t{shard_count(interval)}},
                        {"partitionDimensions", Json(std::move(dimensions))},
                        {"partitionFunction", "murmur3_32_abs"}};
  }

 private:
  std::uint32_t shard_count(const Interval& interval) const {
    if (spec_.shard_count) return *spec_.shard_count;
    const auto known = shard_counts_.find(interval);
    return known == shard_counts_.end() ? 1 : known->second;
  }

  std::int64_t bucket_time(std::int64_t time_ms) const {
    if (query_granularity_.is_none()) return time_ms;
    return query_granularity_.is_all() ? kEternity.start_ms : query_granularity_.bucket_start(time_ms);
  }

  const PartitionsSpec spec_;
  const engine::Granularity& query_granularity_;
  const std::shared_ptr<const DataSchema> schema_;  // owns the granularity
  RowKeys keys_;
  std::vector<std::uint32_t> dimension_fields_;
  std::map<Interval, engine::sketch::Hll> sketches_;
  std::map<Interval, std::uint32_t> shard_counts_;
};

}  // namespace

std::unique_ptr<Partitioner> make_hashed_partitioner(const PartitionsSpec& spec,
                                                     const std::shared_ptr<const DataSchema>& schema,
                                                     FieldTable& fields) {
  return std::make_unique<HashedPartitioner>(spec, schema, fields);
}

}  // namespace sarsen::ingest
