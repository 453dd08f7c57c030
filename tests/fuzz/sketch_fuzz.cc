// Any bytes as a stored sketch: the first byte says which kind. What can be read is estimated, merged with itself and
// with a sketch that has seen values, and written; what was written must be read again. The outcome is values or an
// Error.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "engine/sketch/hll.h"
#include "engine/sketch/hyper_unique.h"
#include "engine/sketch/quantiles.h"
#include "engine/sketch/theta.h"
#include "storage/base/error.h"

namespace sarsen::engine::sketch {
namespace {

constexpr std::int64_t kValues = 40;

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

void must(bool condition) {
  if (!condition) std::abort();
}

void read_hyper_unique(std::span<const std::byte> bytes) {
  HyperUnique sketch = HyperUnique::parse(bytes);
  HyperUnique other;
  for (std::int64_t i = 0; i < kValues; ++i) other.add(murmur3(i, kGuavaSeed));
  sketch.fold(sketch);
  sketch.fold(other);
  other.fold(HyperUnique::parse(bytes));
  must(other.estimate() >= 0);
  HyperUnique::parse(bytes_of(sketch.bytes()));
}

void read_theta(std::span<const std::byte> bytes) {
  const CompactTheta sketch = CompactTheta::parse(bytes);
  must(sketch.estimate() >= 0);
  must(CompactTheta::parse(bytes_of(sketch.bytes())).hashes == sketch.hashes);
  ThetaUnion merged(16);
  for (std::int64_t i = 0; i < kValues; ++i) merged.update(i);
  merged.merge(sketch);
  must(merged.result().hashes.size() <= 16);
}

void read_hll(std::span<const std::byte> bytes) {
  Hll sketch = Hll::parse(bytes);
  must(sketch.estimate() >= 0);
  for (const HllType type : {HllType::kHll4, HllType::kHll6, HllType::kHll8}) {
    must(Hll::parse(bytes_of(sketch.compact_bytes(type))).estimate() == sketch.estimate());
    must(Hll::parse(bytes_of(sketch.updatable_bytes(type))).estimate() == sketch.estimate());
  }
  Hll other(8);
  for (std::int64_t i = 0; i < kValues; ++i) other.update(i);
  other.merge(sketch);
  sketch.merge(other);
  must(sketch.estimate() >= 0);
}

void read_quantiles(std::span<const std::byte> bytes) {
  Quantiles sketch = Quantiles::parse(bytes);
  must(Quantiles::parse(bytes_of(sketch.bytes())).n() == sketch.n());
  sketch.quantile(0.5);
  sketch.rank(0);
  Quantiles other(16);
  for (std::int64_t i = 0; i < kValues; ++i) other.update(static_cast<double>(i));
  other.merge(sketch);
  sketch.merge(other);
  must(sketch.n() == 2 * other.n() - kValues);
}

void read(std::uint8_t kind, std::span<const std::byte> bytes) {
  switch (kind % 4) {
    case 0:
      return read_hyper_unique(bytes);
    case 1:
      return read_theta(bytes);
    case 2:
      return read_hll(bytes);
    default:
      return read_quantiles(bytes);
  }
}

}  // namespace
}  // namespace sarsen::engine::sketch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  try {
    sarsen::engine::sketch::read(data[0], std::as_bytes(std::span(data + 1, size - 1)));
  } catch (const sarsen::Error& error) {
    if (error.category() == sarsen::ErrorCategory::kDefensive) throw;
  }
  return 0;
}
