#include "storage/column/generic_indexed_files.h"

#include <algorithm>
#include <string>

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVersionTwo = 2;
constexpr std::uint32_t kLogValuesMax = 30;  // Counts are signed.

bool fits(std::span<const std::uint64_t> ends, std::size_t values_per_file, std::size_t file_bytes_max) {
  const std::size_t count = ends.size() - 1;
  for (std::size_t first = 0; first < count; first += values_per_file)
    if (ends[std::min(first + values_per_file, count)] - ends[first] > file_bytes_max) return false;
  return true;
}

}  // namespace

FileSplit::FileSplit(std::span<const std::uint64_t> ends, std::size_t file_bytes_max) {
  // Druid does not try what the average value says is too much.
  const std::size_t count = ends.size() - 1;
  const std::uint64_t average = (ends.back() + count - 1) / count;
  for (log_ = kLogValuesMax;; --log_) {
    if (average << log_ <= file_bytes_max && fits(ends, std::size_t{1} << log_, file_bytes_max)) return;
    if (log_ == 0)
      throw Error(ErrorCategory::kUnsupported, "A value of the column is larger than a single file may be, bytes: " +
                                                   std::to_string(file_bytes_max));
  }
}

void write_value_files(std::span<const std::byte> values, std::span<const std::uint64_t> ends, const FileSplit& split,
                       const OverflowFiles& files) {
  const std::size_t count = ends.size() - 1;
  const std::size_t values_per_file = std::size_t{1} << split.log_values_per_file();
  ByteWriter header;
  for (std::size_t first = 0, file = 0; first < count; first += values_per_file, ++file) {
    const std::size_t last = std::min(first + values_per_file, count);
    ByteWriter& bytes = files.column.add_file(files.base + "_value_" + std::to_string(file));
    bytes.write(values.subspan(ends[first], ends[last] - ends[first]));
    for (std::size_t i = first; i < last; ++i) header.write_le(static_cast<std::uint32_t>(ends[i + 1] - ends[first]));
  }
  files.column.add_file(files.base + "_header") = std::move(header);
}

void write_version_two_header(bool sorted, std::size_t count, const FileSplit& split, std::string_view base,
                              ByteWriter& out) {
  out.write_be(kVersionTwo);
  out.write_be<std::uint8_t>(sorted ? 1 : 0);
  out.write_be(split.log_values_per_file());
  out.write_be(static_cast<std::uint32_t>(count));
  out.write_be(static_cast<std::uint32_t>(base.size()));
  out.write(base);
}

}  // namespace sarsen::storage
