#pragma once
// The memory of a piece of work, counted where it is allocated: the program's operator new (operator_new.cc) adds to a
// number of the thread, and a MemoryScope carries what a thread gained meanwhile to the MemoryAccount it works for. So
// everything counts, whoever allocates it: states of sketches, texts of expressions, rows on their way to a client. An
// account knows its limit and, above it, that of all accounts together (MemoryPool).
//
// The limit is looked at by check_memory(), which work calls as often as it looks at its deadline, and by operator new
// itself for single large blocks. Memory that stays when the work has ended (caches) is allocated under a MemoryPause.
// Thread safety: accounts and pools are shared; a scope belongs to its thread. Not counted: what libraries take by
// malloc, and mapped files. Under sanitizers nothing is counted (counts_memory()): they have an operator new of their
// own.

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace sarsen {

/// False where operator new is somebody else's, so that everything stays 0.
bool counts_memory() noexcept;

/// Bytes that this thread has allocated less those that it has freed, whoever's they were.
std::int64_t thread_memory_bytes() noexcept;

/// For operator new and delete.
void note_thread_memory(std::int64_t bytes) noexcept;

/// What all accounts have together.
class MemoryPool {
 public:
  explicit MemoryPool(std::int64_t bytes_max = INT64_MAX) : bytes_max_(bytes_max) {}

  std::int64_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }
  std::int64_t bytes_max() const noexcept { return bytes_max_; }

 private:
  friend class MemoryAccount;
  std::atomic<std::int64_t> bytes_{0};
  std::int64_t bytes_max_;
};

class MemoryAccount {
 public:
  /// `pool`, which must outlive it, may be nullptr.
  explicit MemoryAccount(std::int64_t bytes_max, MemoryPool* pool = nullptr) : bytes_max_(bytes_max), pool_(pool) {}
  ~MemoryAccount();
  MemoryAccount(const MemoryAccount&) = delete;
  MemoryAccount& operator=(const MemoryAccount&) = delete;

  std::int64_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }
  void add(std::int64_t bytes) noexcept;
  /// Whether `more` bytes are too many.
  bool exceeds(std::int64_t more) const noexcept;
  /// Throws kResourceLimit, naming the setting, where there are too many.
  void check() const;

 private:
  std::atomic<std::int64_t> bytes_{0};
  std::int64_t bytes_max_;
  MemoryPool* pool_;
};

/// While it lives, this thread works for `account`; nullptr: for none. Scopes nest.
class MemoryScope {
 public:
  explicit MemoryScope(MemoryAccount* account) noexcept;
  ~MemoryScope();
  MemoryScope(const MemoryScope&) = delete;
  MemoryScope& operator=(const MemoryScope&) = delete;

 private:
  MemoryAccount* before_;
};

/// Memory that is not the work's: caches.
class MemoryPause : MemoryScope {
 public:
  MemoryPause() noexcept : MemoryScope(nullptr) {}
};

/// What this thread works for; nullptr: nothing that is counted.
MemoryAccount* memory_account() noexcept;

/// Throws kResourceLimit where what this thread works for has too much. Cheap: to be called per vector.
void check_memory();

/// Whether a block of `bytes` must not be allocated.
bool refuses_memory(std::size_t bytes) noexcept;

}  // namespace sarsen
