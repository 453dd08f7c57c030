#include "bench/micro/kernel_bench.h"
#include "storage/column/widen_ids.h"

namespace sarsen::bench {
namespace {

/// unpack/BITS/l2 and /ram: bytes are those that are read; what is written stays in the cache.
bool add_width(std::uint32_t width) {
  for (const bool from_memory : {false, true}) {
    const std::string name = "unpack/" + std::to_string(8 * width) + (from_memory ? "/ram" : "/l2");
    benchmark::RegisterBenchmark(name.c_str(), [width, from_memory](benchmark::State& state) {
      const std::size_t bytes = from_memory ? ram_bytes() : kCacheBytes;
      const auto& packed = random_column<std::uint8_t>(bytes, 256);
      const auto* begin = reinterpret_cast<const std::byte*>(packed.data());
      std::vector<std::uint32_t> ids(engine::kVectorRows);
      time_vectors(state, bytes / width, width, from_memory, [&](std::size_t row, std::size_t count) {
        storage::widen_ids(begin + row * width, width, count, ids.data());
        benchmark::ClobberMemory();
      });
    });
  }
  return true;
}

const bool added = add_width(1) && add_width(2) && add_width(3) && add_width(4);

}  // namespace
}  // namespace sarsen::bench
