#pragma once
// The narrow form of one stored column: found once, when the column has been read whole twice, and then proven for
// every number. A column without one stays as it is. Its blocks live in the cache of decoded blocks; one that was
// dropped is made again. T is std::int64_t or double. Thread-safe.

#include <atomic>
#include <cstdint>
#include <vector>

#include "storage/cache/block_cache.h"
#include "storage/column/numeric_values.h"
#include "storage/narrow/narrow_form.h"

namespace sarsen::storage {

/// Rows of a block of codes.
inline constexpr std::uint32_t kNarrowBlockRows = 1 << 16;

/// So many rows have bounds of their own.
inline constexpr std::uint32_t kNarrowBoundsRows = 1 << 11;

template <class T>
class NarrowNumbers {
 public:
  /// `values` must outlive it.
  explicit NarrowNumbers(const NumericValues<T>& values) : values_(values), owner_(BlockCache::new_owner()) {}
  ~NarrowNumbers() { BlockCache::shared().forget(owner_, 2 * block_count()); }
  NarrowNumbers(const NarrowNumbers&) = delete;
  NarrowNumbers& operator=(const NarrowNumbers&) = delete;

  /// So many rows were read of the stored form.
  void note_read(std::uint64_t rows) noexcept { rows_read_.fetch_add(rows, std::memory_order_relaxed); }

  /// nullptr: the column has none, or not yet. Who asks at the right time makes it: some milliseconds per million rows.
  const NarrowForm* form() noexcept;

  /// Codes of rows [index * kNarrowBlockRows, …). REQUIRES: form(). Throws where the stored block cannot be decoded.
  BlockCache::Block block(std::uint32_t index) const;
  /// A CodeBounds for each kNarrowBoundsRows of them, in memory of its own, so that codes need not be there.
  BlockCache::Block bounds(std::uint32_t index) const;

  /// What the integers of these rows are within: the range of the blocks that they lie in. REQUIRES: form(); begin <
  /// end.
  NarrowRange range(std::uint32_t begin, std::uint32_t end) const noexcept;

 private:
  enum class State : std::uint8_t { kUnknown, kAtWork, kNarrow, kWide };

  bool make();
  bool find_form();
  bool holds_for(std::uint32_t index) const;
  NarrowRange range_of(std::uint32_t index) const;
  std::uint32_t block_count() const noexcept { return (values_.size() + kNarrowBlockRows - 1) / kNarrowBlockRows; }
  std::uint32_t rows_of(std::uint32_t index) const noexcept;
  void read(std::uint32_t index, T* out) const;
  BlockCache::Block encode(std::uint32_t index) const;

  const NumericValues<T>& values_;
  std::uint64_t owner_;
  std::atomic<std::uint64_t> rows_read_{0};
  std::atomic<State> state_{State::kUnknown};
  NarrowForm form_{};
  std::vector<NarrowRange> ranges_;  // by block
};

extern template class NarrowNumbers<std::int64_t>;
extern template class NarrowNumbers<double>;

}  // namespace sarsen::storage
