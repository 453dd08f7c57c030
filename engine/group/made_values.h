#pragma once
// Values by number, of which few of very many may ever be made: room is taken where they are. Values stay where they
// are. Not thread-safe.

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/result/value.h"

namespace sarsen::engine {

class MadeValues {
 public:
  /// nullptr: not made yet.
  const Value* find(std::uint32_t number) const noexcept {
    const std::size_t chunk = number / kChunkValues;
    if (chunk >= chunks_.size() || chunks_[chunk] == nullptr) return nullptr;
    return (*chunks_[chunk])[number % kChunkValues].get();
  }

  /// REQUIRES: it is not made yet.
  const Value& put(std::uint32_t number, Value value) {
    const std::size_t chunk = number / kChunkValues;
    if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
    if (chunks_[chunk] == nullptr) chunks_[chunk] = std::make_unique<Chunk>();
    std::unique_ptr<const Value>& place = (*chunks_[chunk])[number % kChunkValues];
    place = std::make_unique<const Value>(std::move(value));
    return *place;
  }

 private:
  static constexpr std::size_t kChunkValues = 128;
  using Chunk = std::array<std::unique_ptr<const Value>, kChunkValues>;

  std::vector<std::unique_ptr<Chunk>> chunks_;
};

}  // namespace sarsen::engine
