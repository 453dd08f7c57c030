#include "storage/column/blob_column.h"

#include <utility>

#include "storage/base/check.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kEndBytes = 8;

std::span<const std::byte> file_of(const LogicalFiles& files, const std::string& name) {
  const auto bytes = files.find(name);
  if (!bytes) throw Error(ErrorCategory::kRuntimeFailure, "no logical file " + name);
  return *bytes;
}

std::uint32_t read_count(std::span<const std::byte> file) {
  ByteReader reader(file, "number of values");
  const std::uint8_t version = reader.read_byte();
  if (version != kVersion)
    throw Error(ErrorCategory::kUnsupported, "column of blobs of unknown version " + std::to_string(version));
  const std::uint32_t count = reader.read_be<std::uint32_t>();
  reader.check(count <= INT32_MAX, "negative");
  reader.check(reader.at_end(), "bytes left over");
  return count;
}

std::unique_ptr<ByteStream> read_stream(std::span<const std::byte> file, const Place& place) {
  return at_place(place, [&] {
    ByteReader reader(file, "stream of blocks");
    std::unique_ptr<ByteStream> stream = ByteStream::read(reader, place);
    reader.check(reader.at_end(), "bytes left over");
    return stream;
  });
}

}  // namespace

BlobColumn::BlobColumn(const LogicalFiles& files, const std::string& name, const Place& place)
    : place_(place.with_part(name)) {
  const std::span<const std::byte> count = file_of(files, name);
  const std::span<const std::byte> ends = file_of(files, name + "_offsets");
  const std::span<const std::byte> values = file_of(files, name + "_compressed");
  at_place(place_, [&] { size_ = read_count(count); });
  ends_ = read_stream(ends, place.with_part(name + "_offsets"));
  values_ = read_stream(values, place.with_part(name + "_compressed"));
  check_format(kEndBytes * std::uint64_t{size_} <= ends_->size_bytes_max(), "fewer ends than values");
  size_bytes_ = count.size() + ends.size() + values.size();
}

std::uint64_t BlobReader::end_of(std::uint32_t index) {
  const std::uint64_t begin = kEndBytes * std::uint64_t{index};
  return load_le<std::uint64_t>(ends_.read(begin, begin + kEndBytes).data());
}

std::span<const std::byte> BlobReader::read(std::uint32_t index) {
  DCHECK(index < column_->size());
  return at_place(column_->place_, [&] {
    const std::uint64_t begin = index == 0 ? 0 : end_of(index - 1);
    return values_.read(begin, end_of(index));
  });
}

}  // namespace sarsen::storage
