#include "storage/column/generic_indexed_writer.h"

#include <cstring>
#include <string>

#include "storage/base/java_order.h"
#include "storage/column/generic_indexed_files.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVersionOne = 1;
// From the version byte on.
constexpr std::size_t kSortedOffset = 1;
constexpr std::size_t kSizeOffset = 2;
constexpr std::size_t kSizeBase = 6;  // where the bytes begin that the size counts
constexpr std::size_t kEndsOffset = 10;
constexpr std::uint32_t kNullMarker = 0xFFFFFFFF;

}  // namespace

GenericIndexedWriter::GenericIndexedWriter(ByteWriter& out, std::size_t count, bool sorted, std::size_t bytes_max,
                                           const OverflowFiles* overflow)
    : out_(out), begin_(out.size()), count_(count), bytes_max_(bytes_max), overflow_(overflow) {
  out_.write_be<std::uint8_t>(kVersionOne);
  out_.write_be<std::uint8_t>(sorted ? 1 : 0);
  out_.write_be<std::uint32_t>(0);
  out_.write_be(static_cast<std::uint32_t>(count));
  out_.extend(4 * count);
  values_ = out_.size();
}

void GenericIndexedWriter::write_marker(bool null) { out_.write_be<std::uint32_t>(null ? kNullMarker : 0); }

void GenericIndexedWriter::add(std::optional<std::span<const std::byte>> value) {
  write_marker(!value);
  if (value) out_.write(*value);
  end_value();
}

void GenericIndexedWriter::add_text(std::optional<std::string_view> value) {
  if (!value) return add(std::nullopt);
  std::byte* target = out_.extend(4 + value->size());  // the marker is zero
  std::memcpy(target + 4, value->data(), value->size());
  end_value();
}

void GenericIndexedWriter::begin_value() { write_marker(false); }

void GenericIndexedWriter::end_value() {
  DCHECK(added_ < count_);
  if (ends_.empty() && out_.size() - begin_ > bytes_max_) begin_overflow();
  const std::size_t end = out_.size() - values_;
  if (ends_.empty())
    out_.patch_be(begin_ + kEndsOffset + 4 * added_, static_cast<std::uint32_t>(end));
  else
    ends_.push_back(end);
  ++added_;
}

void GenericIndexedWriter::begin_overflow() {
  if (overflow_ == nullptr)
    throw Error(ErrorCategory::kUnsupported,
                "A part of the column is larger than a single file may be, bytes: " + std::to_string(bytes_max_));
  ends_.reserve(count_ + 1);
  ends_.push_back(0);  // Where the first value begins.
  for (std::size_t i = 0; i < added_; ++i)
    ends_.push_back(load_be<std::uint32_t>(out_.view().data() + begin_ + kEndsOffset + 4 * i));
}

void GenericIndexedWriter::mark_sorted() noexcept { out_.patch_be<std::uint8_t>(begin_ + kSortedOffset, 1); }

void GenericIndexedWriter::finish() {
  DCHECK(added_ == count_);
  if (!ends_.empty()) {
    const bool sorted = out_.view()[begin_ + kSortedOffset] != std::byte{0};
    const FileSplit split(ends_, bytes_max_);
    write_value_files(out_.view().subspan(values_), ends_, split, *overflow_);
    out_.truncate(begin_);
    return write_version_two_header(sorted, count_, split, overflow_->base, out_);
  }
  out_.patch_be(begin_ + kSizeOffset, static_cast<std::uint32_t>(out_.size() - begin_ - kSizeBase));
}

void write_string_list(std::span<const std::optional<std::string_view>> values, ByteWriter& out) {
  bool sorted = true;
  for (std::size_t i = 1; i < values.size(); ++i)
    if (values[i - 1] && (!values[i] || java_compare(*values[i - 1], *values[i]) >= 0)) sorted = false;
  GenericIndexedWriter list(out, values.size(), sorted);
  for (const auto& value : values) list.add_text(value);
  list.finish();
}

}  // namespace sarsen::storage
