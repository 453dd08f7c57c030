#pragma once
// A column that is parsed when first asked for. A failure is not kept: it is found again each time.
// Thread safety: get() from any thread.

#include <atomic>
#include <memory>
#include <mutex>

#include "storage/column/column.h"

namespace sarsen::storage {

class LazyColumn {
 public:
  /// What `parse` returns; it is called once, unless it throws.
  template <class Parse>
  const Column* get(Parse&& parse) const {
    if (const Column* column = ready_.load(std::memory_order_acquire)) return column;
    const std::lock_guard lock(mutex_);
    if (!column_) {
      column_ = parse();
      ready_.store(column_.get(), std::memory_order_release);
    }
    return column_.get();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::unique_ptr<Column> column_;
  mutable std::atomic<const Column*> ready_{nullptr};
};

}  // namespace sarsen::storage
