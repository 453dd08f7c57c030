#pragma once
// Longs by id, as texts are by their dictionary: for those who group by numbers that are far apart. Ids are made when
// so many rows were looked up otherwise as the column has twice, and are one block of the cache of decoded blocks: once
// it was dropped, as many must be looked up again. Thread-safe.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "storage/bitmap/null_rows.h"
#include "storage/cache/block_cache.h"
#include "storage/column/numeric_values.h"
#include "storage/narrow/narrow_numbers.h"

namespace sarsen::storage {

/// The ids of a column's rows: 0 is null, and numbers count from 1 in the order of the rows in which they come first.
/// Holds its block. Immutable.
class NumberIds {
 public:
  NumberIds(BlockCache::Block block, std::uint32_t rows) : block_(std::move(block)), rows_(rows) {}

  /// By row.
  const std::uint32_t* rows() const noexcept { return reinterpret_cast<const std::uint32_t*>(numbers() + size()); }
  /// How many numbers there are.
  std::uint32_t size() const noexcept {
    return static_cast<std::uint32_t>((block_->size - rows_ * sizeof(std::uint32_t)) / sizeof(std::int64_t));
  }
  /// REQUIRES: 1 to size().
  std::int64_t number(std::uint32_t id) const noexcept { return numbers()[id - 1]; }
  /// Whether each row has a number that no other has.
  bool tells_rows_apart() const noexcept { return size() == rows_; }
  /// Whether ids mean the same there.
  bool is_same(const NumberIds& other) const noexcept { return block_ == other.block_; }

 private:
  const std::int64_t* numbers() const noexcept { return reinterpret_cast<const std::int64_t*>(block_->bytes.get()); }

  BlockCache::Block block_;  // the numbers, then the ids
  std::uint32_t rows_;
};

class NumberedLongs {
 public:
  /// All must outlive it. `narrow`: the column's, which is wanted the sooner for what is looked up; nullptr: it has
  /// none.
  NumberedLongs(const NumericValues<std::int64_t>& values, const NullRows& nulls,
                NarrowNumbers<std::int64_t>* narrow = nullptr)
      : values_(values), nulls_(nulls), narrow_(narrow), owner_(BlockCache::new_owner()) {}
  ~NumberedLongs() { BlockCache::shared().forget(owner_, 1); }
  NumberedLongs(const NumberedLongs&) = delete;
  NumberedLongs& operator=(const NumberedLongs&) = delete;

  /// So many rows were looked up without ids.
  void note_looked_up(std::uint64_t rows) noexcept {
    looked_up_.fetch_add(rows, std::memory_order_relaxed);
    if (narrow_ != nullptr) narrow_->note_read(kReadsPerLookUp * rows);
  }

  /// Who asks at the right time makes them: some 40 milliseconds per million rows.
  std::optional<NumberIds> ids();

 private:
  /// Looking a number up takes as long as reading it so many times.
  static constexpr std::uint64_t kReadsPerLookUp = 8;

  bool begin_making();
  BlockCache::Block make() const;

  const NumericValues<std::int64_t>& values_;
  const NullRows& nulls_;
  NarrowNumbers<std::int64_t>* narrow_;
  std::uint64_t owner_;
  std::atomic<std::uint64_t> looked_up_{0};
  std::mutex mutex_;
  std::weak_ptr<const DecodedBlock> block_;  // while somebody has it, be it only the cache
  bool is_at_work_ = false;
  bool is_refused_ = false;  // it cannot be decoded, or the cache does not keep it
};

/// A column that may have ids. Consumers find out by a cast.
class HasNumberIds {
 public:
  virtual ~HasNumberIds() = default;
  /// nullptr: its numbers are no longs.
  virtual NumberedLongs* numbered() const noexcept = 0;
};

}  // namespace sarsen::storage
