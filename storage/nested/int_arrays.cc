#include "storage/nested/int_arrays.h"

#include <string>

#include "storage/column/vbyte.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersion = 0;
constexpr std::uint32_t kBucketSizeMax = 128;
constexpr std::size_t kIntegerBytes = 4;

}  // namespace

IntArrays IntArrays::read(ByteReader& reader, std::endian byte_order) {
  const std::uint8_t version = reader.read_byte();
  if (version != kVersion)
    throw Error(ErrorCategory::kUnsupported, "front-coded arrays of unknown version " + std::to_string(version));
  IntArrays arrays;
  arrays.byte_order_ = byte_order;
  arrays.bucket_size_ = reader.read_byte();
  reader.check(std::has_single_bit(arrays.bucket_size_) && arrays.bucket_size_ <= kBucketSizeMax,
               "impossible bucket size");
  arrays.has_null_ = reader.read_byte() == 1;
  arrays.stored_count_ = read_vbyte(reader);
  reader.check(arrays.stored_count_ < INT32_MAX, "too many values");
  ByteReader body = reader.reader(read_vbyte(reader), "front-coded arrays");
  if (arrays.stored_count_ == 0) return arrays;
  const std::size_t bucket_count = (arrays.stored_count_ - 1) / arrays.bucket_size_ + 1;
  arrays.ends_ = body.bytes(kIntegerBytes * (bucket_count - 1));
  arrays.buckets_ = body.rest();
  return arrays;
}

std::uint32_t IntArrays::integer_at(const std::byte* bytes) const noexcept {
  return byte_order_ == std::endian::little ? load_le<std::uint32_t>(bytes) : load_be<std::uint32_t>(bytes);
}

std::size_t IntArrays::bucket_end(std::uint32_t bucket) const noexcept {
  const std::size_t position = kIntegerBytes * bucket;
  return position == ends_.size() ? buckets_.size() : integer_at(ends_.data() + position);
}

void IntArrays::append_integers(ByteReader& bucket, std::uint32_t count, std::vector<std::uint32_t>& values) const {
  const std::span<const std::byte> bytes = bucket.bytes(kIntegerBytes * count);
  for (std::size_t i = 0; i < bytes.size(); i += kIntegerBytes) values.push_back(integer_at(bytes.data() + i));
}

// The first array of a bucket is whole; of each other the length of what it shares with the one before, and the rest.
std::vector<std::uint32_t> IntArrays::value(std::uint32_t index) const {
  DCHECK(index < size());
  if (has_null_ && index == 0) return {};
  const std::uint32_t stored = index - (has_null_ ? 1 : 0);
  const std::uint32_t bucket_index = stored / bucket_size_;
  const std::size_t begin = bucket_index == 0 ? 0 : bucket_end(bucket_index - 1);
  const std::size_t end = bucket_end(bucket_index);
  check_format(begin <= end && end <= buckets_.size(), "front-coded arrays: corrupt offsets");
  ByteReader bucket(buckets_.subspan(begin, end - begin), "bucket of arrays");
  std::vector<std::uint32_t> values;
  append_integers(bucket, read_vbyte(bucket), values);
  for (std::uint32_t i = 0; i < stored % bucket_size_; ++i) {
    const std::uint32_t prefix = read_vbyte(bucket);
    bucket.check(prefix <= values.size(), "prefix longer than its value");
    values.resize(prefix);
    append_integers(bucket, read_vbyte(bucket), values);
  }
  return values;
}

}  // namespace sarsen::storage
