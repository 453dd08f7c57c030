#include "storage/base/memory_count.h"

#include <new>
#include <string>

#include "storage/base/error.h"

namespace sarsen {
namespace {

/// Less than this is carried to the account later.
constexpr std::int64_t kNoticedBytes = 256 << 10;

struct ThreadCount {
  std::int64_t bytes = 0;
  std::int64_t carried_bytes = 0;    // of `bytes`: what the account knows, or what is nobody's
  std::int64_t uncounted_bytes = 0;  // of `bytes`: what is nobody's
  MemoryAccount* account = nullptr;
};

thread_local constinit ThreadCount thread_count;

void carry() noexcept {
  const std::int64_t gained = thread_count.bytes - thread_count.carried_bytes;
  thread_count.carried_bytes = thread_count.bytes;
  if (thread_count.account != nullptr) {
    thread_count.account->add(gained);
  } else {
    thread_count.uncounted_bytes += gained;
  }
}

}  // namespace

/// Asks operator new itself, as a program may have another one.
bool counts_memory() noexcept {
  const std::int64_t before = thread_memory_bytes();
  void* const probe = ::operator new(64, std::nothrow);
  const bool counted = thread_memory_bytes() != before;
  ::operator delete(probe);
  return counted;
}

std::int64_t thread_memory_bytes() noexcept { return thread_count.bytes - thread_count.uncounted_bytes; }

void note_thread_memory(std::int64_t bytes) noexcept { thread_count.bytes += bytes; }

MemoryAccount::~MemoryAccount() {
  if (pool_ != nullptr) pool_->bytes_.fetch_sub(bytes(), std::memory_order_relaxed);
}

void MemoryAccount::add(std::int64_t bytes) noexcept {
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (pool_ != nullptr) pool_->bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

bool MemoryAccount::exceeds(std::int64_t more) const noexcept {
  return bytes() + more > bytes_max_ || (pool_ != nullptr && pool_->bytes() + more > pool_->bytes_max());
}

void MemoryAccount::check() const {
  if (bytes() > bytes_max_)
    throw Error(ErrorCategory::kResourceLimit,
                "The query needs more memory than sarsen.query.maxBytesPerQuery allows: " + std::to_string(bytes_max_));
  if (pool_ != nullptr && pool_->bytes() > pool_->bytes_max())
    throw Error(ErrorCategory::kResourceLimit,
                "The queries of this server need more memory than sarsen.query.maxMemoryBytes allows: " +
                    std::to_string(pool_->bytes_max()));
}

MemoryScope::MemoryScope(MemoryAccount* account) noexcept : before_(thread_count.account) {
  carry();
  thread_count.account = account;
}

MemoryScope::~MemoryScope() {
  carry();
  thread_count.account = before_;
}

MemoryAccount* memory_account() noexcept { return thread_count.account; }

void check_memory() {
  if (thread_count.account == nullptr) return;
  const std::int64_t gained = thread_count.bytes - thread_count.carried_bytes;
  const bool exceeds = thread_count.account->exceeds(gained);
  if (exceeds || gained > kNoticedBytes || gained < -kNoticedBytes) carry();
  if (exceeds) thread_count.account->check();
}

bool refuses_memory(std::size_t bytes) noexcept {
  const std::int64_t gained = thread_count.bytes - thread_count.carried_bytes;
  return thread_count.account != nullptr && thread_count.account->exceeds(gained + static_cast<std::int64_t>(bytes));
}

}  // namespace sarsen
