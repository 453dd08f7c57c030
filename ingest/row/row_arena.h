#pragma once
// Memory of one row: values that a reader or a transform makes live here until release(). The first bytes are kept for
// the next row. Not thread-safe.

#include <cstddef>
#include <cstring>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>

#include "ingest/row/raw_value.h"

namespace sarsen::ingest {

class RowArena {
 public:
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {"", 0};
    char* bytes = static_cast<char*>(resource_.allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  std::span<const RawValue> keep(std::span<const RawValue> values) {
    if (values.empty()) return {};
    void* bytes = resource_.allocate(values.size_bytes(), alignof(RawValue));
    auto* copy = static_cast<RawValue*>(bytes);
    std::uninitialized_copy(values.begin(), values.end(), copy);
    return {copy, values.size()};
  }

  void release() { resource_.release(); }

 private:
  static constexpr std::size_t kFirstBytes = 16384;
  std::unique_ptr<std::byte[]> first_ = std::make_unique<std::byte[]>(kFirstBytes);
  std::pmr::monotonic_buffer_resource resource_{first_.get(), kFirstBytes};
};

}  // namespace sarsen::ingest
