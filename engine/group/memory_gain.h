#pragma once
// Adds what its thread gains while it lives to a number.

#include <cstdint>

#include "storage/base/memory_count.h"

namespace sarsen::engine {

class Gain {
 public:
  explicit Gain(std::int64_t& bytes) noexcept : bytes_(bytes), before_(thread_memory_bytes()) {}
  ~Gain() { bytes_ += thread_memory_bytes() - before_; }
  Gain(const Gain&) = delete;
  Gain& operator=(const Gain&) = delete;

 private:
  std::int64_t& bytes_;
  std::int64_t before_;
};

}  // namespace sarsen::engine
