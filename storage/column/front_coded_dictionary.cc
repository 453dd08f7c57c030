// Front-coded buckets: u8 version, u8 bucket size, u8 "id 0 is null and not stored", vbyte number of stored values,
// vbyte size of what follows, i32 end offset of each bucket but the last, buckets. A bucket is its first value (vbyte
// length, bytes), then per value a vbyte prefix length, a vbyte fragment length and the fragment. The prefix is that of
// the bucket's first value (version 0) or of the value before (version 1).
//
// A bucket is decoded when one of its values is first asked for, and kept: values must stay valid.
#include <atomic>
#include <utility>
#include <vector>

#include "storage/base/java_order.h"
#include "storage/column/string_dictionary.h"
#include "storage/column/vbyte.h"

namespace sarsen::storage {

namespace {

constexpr std::uint32_t kVersionMax = 1;
constexpr std::uint32_t kBucketSizeMax = 128;
constexpr std::size_t kBucketBytesMax = 256u << 20;  // decoded; prefixes could multiply the stored bytes by 128

struct Bucket {
  std::string text;
  std::vector<std::size_t> ends;

  std::string_view value(std::uint32_t index) const noexcept {
    const std::size_t begin = index == 0 ? 0 : ends[index - 1];
    return std::string_view(text).substr(begin, ends[index] - begin);
  }
};

struct FrontCodedHeader {
  std::uint32_t version;
  std::uint32_t bucket_size;
  bool has_null;
  std::uint32_t value_count;  // null left out
  std::vector<std::size_t> bucket_ends;
  std::span<const std::byte> buckets;
};

class FrontCodedDictionary final : public StoredDictionary {
 public:
  FrontCodedDictionary(FrontCodedHeader header, Place place)
      : header_(std::move(header)), place_(std::move(place)), decoded_(header_.bucket_ends.size()) {}

  ~FrontCodedDictionary() override {
    for (const std::atomic<const Bucket*>& bucket : decoded_) std::unique_ptr<const Bucket>{bucket.load()};
  }
  FrontCodedDictionary(const FrontCodedDictionary&) = delete;
  FrontCodedDictionary& operator=(const FrontCodedDictionary&) = delete;

  std::string encoding() const override { return "front coded by " + std::to_string(header_.bucket_size); }
  std::uint32_t size() const noexcept override { return header_.value_count + null_count(); }
  bool sorted() const noexcept override { return true; }

  std::optional<std::string_view> value(std::uint32_t id) const override {
    DCHECK(id < size());
    if (id < null_count()) return std::nullopt;
    const std::uint32_t stored = id - null_count();
    return bucket(stored / header_.bucket_size).value(stored % header_.bucket_size);
  }

  // Only first values are looked at until the bucket is known, so that few buckets are decoded.
  std::uint32_t lower_bound(std::string_view wanted) const override {
    std::uint32_t first = 0;  // the first bucket that begins with a value not less
    for (auto count = static_cast<std::uint32_t>(decoded_.size()); count > 0;) {
      const std::uint32_t half = count / 2;
      if (java_compare(first_value(first + half), wanted) < 0) {
        first += half + 1;
        count -= half + 1;
      } else {
        count = half;
      }
    }
    if (first == 0) return null_count();
    const Bucket& before = bucket(first - 1);
    std::uint32_t position = 0;
    while (position < before.ends.size() && java_compare(before.value(position), wanted) < 0) ++position;
    return null_count() + (first - 1) * header_.bucket_size + position;
  }

 private:
  std::uint32_t null_count() const noexcept { return header_.has_null ? 1 : 0; }

  ByteReader bucket_bytes(std::uint32_t index) const {
    const std::size_t begin = index == 0 ? 0 : header_.bucket_ends[index - 1];
    return ByteReader(header_.buckets.subspan(begin, header_.bucket_ends[index] - begin), "dictionary bucket");
  }

  std::string_view first_value(std::uint32_t index) const {
    return at_place(place_, [&] {
      ByteReader reader = bucket_bytes(index);
      return reader.text(read_vbyte(reader));
    });
  }

  const Bucket& bucket(std::uint32_t index) const {
    if (const Bucket* bucket = decoded_[index].load(std::memory_order_acquire)) return *bucket;
    std::unique_ptr<const Bucket> mine = at_place(place_, [&] { return decode(index); });
    const Bucket* expected = nullptr;
    if (decoded_[index].compare_exchange_strong(expected, mine.get(), std::memory_order_acq_rel))
      return *mine.release();
    return *expected;
  }

  std::unique_ptr<const Bucket> decode(std::uint32_t index) const {
    auto bucket = std::make_unique<Bucket>();
    ByteReader reader = bucket_bytes(index);
    const std::uint32_t count = std::min(header_.bucket_size, header_.value_count - index * header_.bucket_size);
    bucket->text = reader.text(read_vbyte(reader));
    bucket->ends.push_back(bucket->text.size());
    while (bucket->ends.size() < count) {
      const std::size_t prefix = read_vbyte(reader);
      const std::string_view fragment = reader.text(read_vbyte(reader));
      const auto previous = header_.version == 0 ? 0 : static_cast<std::uint32_t>(bucket->ends.size() - 1);
      check_format(prefix <= bucket->value(previous).size(), "dictionary bucket: prefix longer than its value");
      check_format(bucket->text.size() + prefix + fragment.size() <= kBucketBytesMax, "dictionary bucket too large");
      const std::size_t prefix_begin = previous == 0 ? 0 : bucket->ends[previous - 1];
      bucket->text.append(std::string(bucket->text, prefix_begin, prefix)).append(fragment);
      bucket->ends.push_back(bucket->text.size());
    }
    return bucket;
  }

  FrontCodedHeader header_;
  Place place_;
  mutable std::vector<std::atomic<const Bucket*>> decoded_;
};

std::vector<std::size_t> read_bucket_ends(ByteReader& body, std::size_t bucket_count, std::endian byte_order) {
  std::vector<std::size_t> ends;
  if (bucket_count == 0) return ends;
  body.check(bucket_count - 1 <= body.remaining() / 4, "bucket offsets past end");
  ByteReader offsets = body.reader(4 * (bucket_count - 1), "bucket offsets");
  ends.reserve(bucket_count);
  while (!offsets.at_end()) {
    const std::size_t end =
        byte_order == std::endian::little ? offsets.read_le<std::uint32_t>() : offsets.read_be<std::uint32_t>();
    offsets.check(end >= (ends.empty() ? 0 : ends.back()) && end <= body.remaining(), "not ascending");
    ends.push_back(end);
  }
  ends.push_back(body.remaining());
  return ends;
}

}  // namespace

std::unique_ptr<StoredDictionary> read_front_coded_dictionary(ByteReader& reader, std::endian byte_order,
                                                              const Place& place) {
  FrontCodedHeader header{};
  header.version = reader.read_byte();
  if (header.version > kVersionMax)
    throw Error(ErrorCategory::kUnsupported,
                "front-coded dictionary of unknown version " + std::to_string(header.version));
  header.bucket_size = reader.read_byte();
  reader.check(std::has_single_bit(header.bucket_size) && header.bucket_size <= kBucketSizeMax,
               "impossible bucket size");
  header.has_null = reader.read_byte() == 1;
  header.value_count = read_vbyte(reader);
  ByteReader body = reader.reader(read_vbyte(reader), "front-coded dictionary");
  const std::size_t bucket_count =
      (static_cast<std::size_t>(header.value_count) + header.bucket_size - 1) / header.bucket_size;
  header.bucket_ends = read_bucket_ends(body, bucket_count, byte_order);
  header.buckets = body.rest();
  return std::make_unique<FrontCodedDictionary>(std::move(header), place.with_part("dictionary"));
}

}  // namespace sarsen::storage
