#include "storage/structured/value_files.h"

#include <algorithm>

#include "storage/base/error.h"
#include "storage/column/string_dictionary_writer.h"
#include "storage/column/vbyte.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVersion = 0;
constexpr std::uint8_t kWithNull = 1;
constexpr std::uint8_t kSorted = 2;

constexpr std::uint8_t kBucketSize = 4;
constexpr std::uint8_t kWithoutNull = 0;

using Ids = std::vector<std::uint32_t>;

void write_ids(std::span<const std::uint32_t> ids, ByteWriter& out) {
  write_vbyte(static_cast<std::uint32_t>(ids.size()), out);
  for (const std::uint32_t id : ids) out.write_le(id);
}

/// The first array whole, the others as the length of what they begin with in common with the one before, and the rest.
void write_bucket(std::span<const Ids> arrays, ByteWriter& out) {
  write_ids(arrays.front(), out);
  for (std::size_t i = 1; i < arrays.size(); ++i) {
    const auto& previous = arrays[i - 1];
    const auto& next = arrays[i];
    const auto ends = std::mismatch(previous.begin(), previous.end(), next.begin(), next.end());
    const auto prefix = static_cast<std::size_t>(ends.second - next.begin());
    write_vbyte(static_cast<std::uint32_t>(prefix), out);
    write_ids(std::span(next).subspan(prefix), out);
  }
}

}  // namespace

template <class T>
void write_fixed_values(std::span<const T> values, bool with_null, ByteWriter& out) {
  out.write_be(kVersion);
  out.write_be(static_cast<std::uint8_t>(with_null ? kWithNull | kSorted : kSorted));
  out.write_le(static_cast<std::uint32_t>(values.size()));
  for (const T value : values) out.write_le(value);
}

template void write_fixed_values(std::span<const std::uint32_t>, bool, ByteWriter&);
template void write_fixed_values(std::span<const std::int64_t>, bool, ByteWriter&);
template void write_fixed_values(std::span<const double>, bool, ByteWriter&);

void write_id_arrays(std::span<const Ids> arrays, ByteWriter& out) {
  ByteWriter ends;  // of all buckets but the last
  ByteWriter buckets;
  for (std::size_t begin = 0; begin < arrays.size(); begin += kBucketSize) {
    if (begin != 0) ends.write_le(static_cast<std::uint32_t>(buckets.size()));
    write_bucket(arrays.subspan(begin, std::min<std::size_t>(kBucketSize, arrays.size() - begin)), buckets);
    if (ends.size() + buckets.size() > INT32_MAX)
      throw Error(ErrorCategory::kUnsupported, "The arrays of the column are larger than 2 GiB");
  }
  out.write_be(kVersion);
  out.write_be(kBucketSize);
  out.write_be(kWithoutNull);
  write_vbyte(static_cast<std::uint32_t>(arrays.size()), out);
  write_vbyte(static_cast<std::uint32_t>(ends.size() + buckets.size()), out);
  out.write(ends.view());
  out.write(buckets.view());
}

void write_strings(std::span<const std::optional<std::string_view>> strings, const IndexSpec& spec, ByteWriter& out) {
  write_string_dictionary({.values = strings}, spec.string_dictionary_encoding, out);
}

}  // namespace sarsen::storage
