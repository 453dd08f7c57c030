#include "storage/base/memory_count.h"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "storage/base/error.h"

namespace sarsen {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

class MemoryCount : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!counts_memory()) GTEST_SKIP() << "allocations are not counted in this build";
  }
};

TEST_F(MemoryCount, FollowsWhatIsAllocatedAndFreed) {
  MemoryAccount account(INT64_MAX);
  {
    const MemoryScope scope(&account);
    std::vector<char> held(kMebibyte);
    {
      const MemoryPause pause;  // carries what is there, and counts no more
      EXPECT_GE(account.bytes(), static_cast<std::int64_t>(kMebibyte));
      EXPECT_LT(account.bytes(), static_cast<std::int64_t>(2 * kMebibyte));
      const std::vector<char> elsewhere(4 * kMebibyte);
    }
  }
  EXPECT_LT(account.bytes(), 4096);
}

TEST_F(MemoryCount, AddsUpWhatThreadsDoForOneAccount) {
  MemoryPool pool;
  {
    MemoryAccount account(INT64_MAX, &pool);
    std::unique_ptr<std::vector<char>> held;
    std::thread([&] {
      const MemoryScope scope(&account);
      held = std::make_unique<std::vector<char>>(kMebibyte);
    }).join();
    EXPECT_GE(account.bytes(), static_cast<std::int64_t>(kMebibyte));
    EXPECT_EQ(pool.bytes(), account.bytes());
    const MemoryScope scope(&account);
    held.reset();
    const MemoryPause pause;
    EXPECT_LT(account.bytes(), static_cast<std::int64_t>(kMebibyte / 2));
  }
  EXPECT_EQ(pool.bytes(), 0);
}

TEST_F(MemoryCount, EndsWhatHasTooMuch) {
  MemoryAccount account(static_cast<std::int64_t>(kMebibyte));
  const MemoryScope scope(&account);
  EXPECT_NO_THROW(check_memory());
  const std::vector<char> held(2 * kMebibyte);
  EXPECT_THROW(check_memory(), Error);
  const MemoryPause pause;
  EXPECT_NO_THROW(check_memory());
}

void allocate_and_free(std::size_t bytes) { ::operator delete(::operator new(bytes)); }

TEST_F(MemoryCount, RefusesALargeBlockBeforeItIsThere) {
  MemoryAccount account(static_cast<std::int64_t>(64 * kMebibyte));
  const MemoryScope scope(&account);
  const std::vector<char> held(40 * kMebibyte);
  EXPECT_THROW(allocate_and_free(40 * kMebibyte), std::bad_alloc);
  EXPECT_NO_THROW(allocate_and_free(kMebibyte));
}

TEST_F(MemoryCount, RefusesNothingWhereMoreWasFreedThanIsAskedFor) {
  MemoryPool without_limit;
  MemoryAccount account(INT64_MAX, &without_limit);
  const MemoryScope scope(&account);
  auto held = std::make_unique<std::vector<char>>(64 * kMebibyte);
  {
    const MemoryPause carries;
  }
  held.reset();
  EXPECT_FALSE(refuses_memory(40 * kMebibyte));
}

TEST_F(MemoryCount, HoldsAllAccountsToTheLimitOfTheirPool) {
  MemoryPool pool(static_cast<std::int64_t>(3 * kMebibyte));
  MemoryAccount one(INT64_MAX, &pool);
  MemoryAccount other(INT64_MAX, &pool);
  const MemoryScope scope(&one);
  const std::vector<char> held(2 * kMebibyte);
  EXPECT_NO_THROW(check_memory());
  const MemoryScope nested(&other);
  const std::vector<char> more(2 * kMebibyte);
  try {
    check_memory();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kResourceLimit);
    EXPECT_NE(std::string(error.what()).find("sarsen.query.maxMemoryBytes"), std::string::npos);
  }
}

}  // namespace
}  // namespace sarsen
