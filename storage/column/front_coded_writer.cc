#include "storage/column/front_coded_writer.h"

#include <algorithm>

#include "storage/column/vbyte.h"

namespace sarsen::storage {
namespace {

std::size_t common_prefix(std::string_view left, std::string_view right) {
  const auto [in_left, in_right] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  return static_cast<std::size_t>(in_left - left.begin());
}

}  // namespace

FrontCodedWriter::FrontCodedWriter(const StringDictionaryEncoding& encoding) : encoding_(encoding) {
  DCHECK(encoding.bucket_size >= 1 && encoding.bucket_size <= 128 && encoding.format_version <= 1);
}

void FrontCodedWriter::add(std::string_view value) {
  const bool first = count_ % encoding_.bucket_size == 0;
  if (first && count_ > 0) ends_.write_le(static_cast<std::uint32_t>(buckets_.size()));
  const std::size_t prefix = first ? 0 : common_prefix(prefix_of_, value);
  if (!first) write_vbyte(static_cast<std::uint32_t>(prefix), buckets_);
  write_vbyte(static_cast<std::uint32_t>(value.size() - prefix), buckets_);
  buckets_.write(value.substr(prefix));
  if (first || encoding_.format_version == 1) prefix_of_ = value;
  ++count_;
  if (ends_.size() + buckets_.size() > INT32_MAX)
    throw Error(ErrorCategory::kUnsupported, "The front-coded dictionary of the column is larger than 2 GiB");
}

void FrontCodedWriter::finish(ByteWriter& out) const {
  out.write_be(encoding_.format_version);
  out.write_be(encoding_.bucket_size);
  out.write_be<std::uint8_t>(has_null_ ? 1 : 0);
  write_vbyte(static_cast<std::uint32_t>(count_), out);
  write_vbyte(static_cast<std::uint32_t>(ends_.size() + buckets_.size()), out);
  out.write(ends_.view());
  out.write(buckets_.view());
}

}  // namespace sarsen::storage
