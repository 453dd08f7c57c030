#include "server/api/running_queries.h"

#include <fmt/format.h>

#include <cstdint>
#include <random>
#include <utility>

namespace sarsen::server {

RunningQueries::Entry::Entry(RunningQueries& queries, const std::string& id, Control control) : queries_(queries) {
  const std::lock_guard lock(queries_.mutex_);
  at_ = queries_.queries_.emplace(id, std::move(control));
}

RunningQueries::Entry::~Entry() {
  const std::lock_guard lock(queries_.mutex_);
  queries_.queries_.erase(at_);
}

std::size_t RunningQueries::cancel(std::string_view id) {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  const auto [begin, end] = queries_.equal_range(id);
  for (auto query = begin; query != end; ++query, ++count) query->second->cancel();
  return count;
}

std::size_t RunningQueries::size() const {
  const std::lock_guard lock(mutex_);
  return queries_.size();
}

std::string random_query_id() {
  thread_local std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  const std::uint64_t high = (random() & ~0xF000ULL) | 0x4000ULL;                         // version 4
  const std::uint64_t low = (random() & ~0xC000000000000000ULL) | 0x8000000000000000ULL;  // variant 1
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF, low >> 48,
                     low & 0xFFFF'FFFF'FFFFULL);
}

}  // namespace sarsen::server
