#pragma once
// The state of Druid's variance: how many values, their sum, and the sum of their squared distances from the mean, kept
// up to date as values come. Pure data. Bytes: u64 count, f64 sum, f64 squares; big-endian.

#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {

struct Variance {
  std::uint64_t count = 0;
  double sum = 0;
  double squares = 0;

  /// In the arithmetic of the values' own type, as Druid does.
  template <class T>
  void add(T value) noexcept {
    ++count;
    sum += static_cast<double>(value);
    if (count < 2) return;
    double distance;
    if constexpr (std::is_same_v<T, std::int64_t>) {
      distance = static_cast<double>(static_cast<std::int64_t>(count * static_cast<std::uint64_t>(value))) - sum;
    } else {
      distance = static_cast<double>(static_cast<T>(count) * value) - sum;
    }
    squares += distance * distance / (static_cast<double>(count) * static_cast<double>(count - 1));
  }

  void fold(const Variance& other) noexcept {
    if (other.count == 0) return;
    if (count == 0) {
      *this = other;
      return;
    }
    const double ratio = static_cast<double>(count) / static_cast<double>(other.count);
    const double distance = sum / ratio - other.sum;
    squares += other.squares + ratio / static_cast<double>(count + other.count) * distance * distance;
    count += other.count;
    sum += other.sum;
  }

  /// nullopt for no values; of a population, or of a sample.
  std::optional<double> result(bool population) const noexcept {
    if (count == 0) return std::nullopt;
    if (count == 1) return 0.0;
    return squares / static_cast<double>(population ? count : count - 1);
  }

  std::string bytes() const {
    ByteWriter out;
    out.write_be(count);
    out.write_be(std::bit_cast<std::uint64_t>(sum));
    out.write_be(std::bit_cast<std::uint64_t>(squares));
    return {reinterpret_cast<const char*>(out.view().data()), out.view().size()};
  }

  /// Throws kRuntimeFailure.
  static Variance parse(std::span<const std::byte> bytes) {
    ByteReader reader(bytes, "variance");
    Variance parsed;
    parsed.count = reader.read_be<std::uint64_t>();
    parsed.sum = std::bit_cast<double>(reader.read_be<std::uint64_t>());
    parsed.squares = std::bit_cast<double>(reader.read_be<std::uint64_t>());
    reader.check(reader.at_end(), "bytes left over");
    return parsed;
  }
};

}  // namespace sarsen::engine::sketch
