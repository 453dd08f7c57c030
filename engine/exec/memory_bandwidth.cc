#include "engine/exec/memory_bandwidth.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <thread>
#include <vector>

namespace sarsen::engine {
namespace {

constexpr int kPasses = 7;

/// A compiler may not leave out a read whose result goes here.
void keep(std::uint64_t value) {
  volatile std::uint64_t kept = value;
  static_cast<void>(kept);
}

}  // namespace

// Four sums, so that no addition waits for the one before it.
std::uint64_t read_all(std::span<const std::uint64_t> words) noexcept {
  std::uint64_t sums[4] = {};
  for (std::size_t i = 0; i + 8 <= words.size(); i += 8)
    for (std::size_t j = 0; j < 4; ++j) sums[j] += words[i + j] + words[i + j + 4];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

double thread_seconds() {
  std::timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double measure_read_bandwidth(std::size_t bytes) {
  const std::vector<std::uint64_t> words(bytes / sizeof(std::uint64_t), 1);
  double best = 0;
  for (int pass = 0; pass < kPasses; ++pass) {
    const double begin = thread_seconds();
    keep(read_all(words));
    best = std::max(best, static_cast<double>(bytes) / (thread_seconds() - begin));
  }
  return best;
}

double measure_read_bandwidth(std::size_t bytes, std::size_t threads) {
  const std::vector<std::uint64_t> words(bytes / sizeof(std::uint64_t), 1);
  const std::size_t share = words.size() / std::max<std::size_t>(threads, 1);
  double best = 0;
  for (int pass = 0; pass < kPasses; ++pass) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> readers;
    for (std::size_t i = 0; i < threads; ++i)
      readers.emplace_back([&, i] { keep(read_all(std::span(words).subspan(i * share, share))); });
    for (std::thread& reader : readers) reader.join();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    best = std::max(best, static_cast<double>(share * threads * sizeof(std::uint64_t)) / seconds);
  }
  return best;
}

}  // namespace sarsen::engine
