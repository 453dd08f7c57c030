#pragma once
// Which segment of its interval a row belongs to. Hashed and range partitions are Druid's: the same rows go to the same
// partitions, whose shard specs say what is in them. Some look at all rows first (survey), before the second reading
// divides them. Not thread-safe.

#include <cstdint>
#include <memory>

#include "ingest/batch/partitions_spec.h"
#include "ingest/batch/row_keys.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

class Partitioner {
 public:
  virtual ~Partitioner() = default;

  /// Whether every row must be shown to survey() before the first is asked about.
  virtual bool surveys() const noexcept { return false; }
  virtual void survey(const Interval&, const RawRow&, std::int64_t /*time_ms*/) {}
  virtual void end_survey() {}

  /// The row's bucket in its interval. Buckets that get rows become partitions, in their order.
  virtual std::uint32_t bucket_of(const Interval& interval, const RawRow& row, std::int64_t time_ms) = 0;

  /// What the descriptor of partition number `partition` of `core_partitions` says, made of this bucket.
  virtual Json shard_spec(const Interval& interval, std::uint32_t bucket, std::uint32_t partition,
                          std::uint32_t core_partitions) const = 0;
};

/// nullptr for dynamic partitions, which rows come to in their order. REQUIRES: `fields` outlives it.
std::unique_ptr<Partitioner> make_partitioner(const PartitionsSpec& spec,
                                              const std::shared_ptr<const DataSchema>& schema, FieldTable& fields);

// The kinds, for make_partitioner: hashed_partitions.cc, range_partitions.cc.
std::unique_ptr<Partitioner> make_hashed_partitioner(const PartitionsSpec& spec,
                                                     const std::shared_ptr<const DataSchema>& schema,
                                                     FieldTable& fields);
std::unique_ptr<Partitioner> make_range_partitioner(const PartitionsSpec& spec,
                                                    const std::shared_ptr<const DataSchema>& schema,
                                                    FieldTable& fields);

}  // namespace sarsen::ingest
