// Any bytes as a segment: up to the first zero byte they are meta.smoosh, the rest is its one chunk file. Whatever can
// be read is read; the outcome is values or an Error, never anything else.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "storage/base/log.h"
#include "storage/segment/open_stored_segment.h"
#include "tests/storage/segment/read_everything.h"

namespace {

// Beyond this a run would only be slow: few bytes can stand for many rows.
constexpr std::uint32_t kRowsMax = 1U << 20;

sarsen::storage::StoredFile stored_file(const std::uint8_t* data, std::size_t size) {
  const std::shared_ptr<std::byte[]> bytes(new std::byte[size]);
  std::copy_n(reinterpret_cast<const std::byte*>(data), size, bytes.get());
  return {std::span<const std::byte>(bytes.get(), size), bytes};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace storage = sarsen::storage;
  sarsen::set_log_level(sarsen::LogLevel::kOff);
  const std::uint8_t version[] = {0, 0, 0, 9};
  const auto meta_size = static_cast<std::size_t>(std::find(data, data + size, 0) - data);
  const std::size_t chunk_begin = std::min(meta_size + 1, size);
  storage::StoredFiles files;
  files.emplace("version.bin", stored_file(version, sizeof(version)));
  files.emplace("meta.smoosh", stored_file(data, meta_size));
  files.emplace("00000.smoosh", stored_file(data + chunk_begin, size - chunk_begin));
  try {
    const auto segment = storage::open_stored_segment(std::move(files), "fuzz");
    if (segment->row_count() <= kRowsMax) storage::read_everything(*segment);
  } catch (const sarsen::Error& error) {
    if (error.category() == sarsen::ErrorCategory::kDefensive) throw;
  }
  return 0;
}
