#include "storage/column/generic_indexed.h"

#include <algorithm>
#include <string>

namespace sarsen::storage {

namespace {

constexpr std::size_t kMarkerBytes = 4;
constexpr std::size_t kEndBytes = 4;
constexpr std::size_t kLineBytes = 64;  // of the cache
constexpr std::uint32_t kFileShiftMax = 30;
constexpr std::byte kNullMarker{0xFF};

std::uint32_t read_count(ByteReader& reader) {
  const std::uint32_t count = reader.read_be<std::uint32_t>();
  reader.check(count <= INT32_MAX, "negative count");
  return count;
}

std::span<const std::byte> file_of(const LogicalFiles& files, const std::string& name) {
  const auto bytes = files.find(name);
  if (!bytes) throw Error(ErrorCategory::kRuntimeFailure, "list of values: no logical file " + name);
  return *bytes;
}

}  // namespace

GenericIndexed GenericIndexed::read(ByteReader& reader, const LogicalFiles& files) {
  GenericIndexed list;
  const std::uint8_t version = reader.read_byte();
  list.sorted_ = reader.read_byte() == 1;
  switch (version) {
    case 1:
      list.read_one_file(reader);
      break;
    case 2:
      list.read_many_files(reader, files);
      break;
    default:
      throw Error(ErrorCategory::kUnsupported,
                  std::string(reader.what()) + ": list of values of unknown version " + std::to_string(version));
  }
  return list;
}

void GenericIndexed::read_one_file(ByteReader& reader) {
  ByteReader body = reader.reader(read_count(reader), "list of values");
  size_ = read_count(body);
  body.check(size_ <= body.remaining() / (kEndBytes + kMarkerBytes), "offset table past end");
  ends_ = body.bytes(kEndBytes * size_);
  const std::span<const std::byte> values = body.rest();
  const std::size_t last_end = size_ == 0 ? 0 : load_be<std::uint32_t>(ends_.data() + kEndBytes * (size_ - 1));
  body.check(last_end == values.size(), "last offset is not the end");
  files_.push_back(values);
}

void GenericIndexed::read_many_files(ByteReader& reader, const LogicalFiles& files) {
  file_shift_ = reader.read_be<std::uint32_t>();
  reader.check(file_shift_ <= kFileShiftMax, "impossible number of elements per file");
  size_ = read_count(reader);
  const std::string name(reader.text(read_count(reader)));
  ends_ = file_of(files, name + "_header");
  reader.check(ends_.size() == kEndBytes * size_, "offset file of wrong size");
  ends_big_endian_ = false;
  const std::size_t file_count = (static_cast<std::size_t>(size_) + (1ULL << file_shift_) - 1) >> file_shift_;
  for (std::size_t i = 0; i < file_count; ++i) files_.push_back(file_of(files, name + "_value_" + std::to_string(i)));
}

std::size_t GenericIndexed::end_of(std::uint32_t index) const noexcept {
  const std::byte* end = ends_.data() + kEndBytes * index;
  return ends_big_endian_ ? load_be<std::uint32_t>(end) : load_le<std::uint32_t>(end);
}

std::size_t GenericIndexed::start_of(std::uint32_t index) const noexcept {
  const bool first_in_file = (index & ((1U << file_shift_) - 1)) == 0;
  return first_in_file ? 0 : end_of(index - 1);
}

void GenericIndexed::prefetch(std::span<const std::uint32_t> indexes) const noexcept {
  for (const std::uint32_t index : indexes) __builtin_prefetch(ends_.data() + kEndBytes * index);
  for (const std::uint32_t index : indexes) {
    const std::span<const std::byte> values = files_[index >> file_shift_];
    const std::size_t start = start_of(index);
    if (start >= values.size()) continue;  // corrupt: element() says so
    __builtin_prefetch(values.data() + start);
    __builtin_prefetch(values.data() + std::min(start + kLineBytes, values.size() - 1));
  }
}

GenericIndexed::Element GenericIndexed::element(std::uint32_t index) const {
  const std::span<const std::byte> values = files_[index >> file_shift_];
  const std::size_t start = start_of(index);
  const std::size_t end = end_of(index);
  check_format(start <= end && end - start >= kMarkerBytes && end <= values.size(), "list of values: corrupt offsets");
  // The marker counts only for an element without bytes: old writers put the length there.
  const std::span<const std::byte> bytes = values.subspan(start + kMarkerBytes, end - start - kMarkerBytes);
  return {bytes, bytes.empty() && values[start] == kNullMarker};
}

}  // namespace sarsen::storage
