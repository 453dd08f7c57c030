#include "storage/nested/fixed_indexed.h"

#include <string>

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersion = 0;
constexpr std::uint8_t kFlagNull = 1;
constexpr std::uint8_t kFlagSorted = 2;

}  // namespace

template <class T>
FixedIndexed<T> FixedIndexed<T>::read(ByteReader& reader, std::endian byte_order) {
  const std::uint8_t version = reader.read_byte();
  if (version != kVersion)
    throw Error(ErrorCategory::kUnsupported,
                std::string(reader.what()) + ": values of one width of unknown version " + std::to_string(version));
  const std::uint8_t flags = reader.read_byte();
  FixedIndexed list;
  list.has_null_ = (flags & kFlagNull) != 0;
  list.byte_order_ = byte_order;
  reader.check(!list.has_null_ || (flags & kFlagSorted) != 0, "null among values that are not sorted");
  list.stored_count_ =
      byte_order == std::endian::little ? reader.read_le<std::uint32_t>() : reader.read_be<std::uint32_t>();
  reader.check(list.stored_count_ < INT32_MAX, "negative number of values");
  list.values_ = reader.bytes(sizeof(T) * list.stored_count_);
  return list;
}

template <class T>
std::optional<T> FixedIndexed<T>::value(std::uint32_t index) const noexcept {
  DCHECK(index < size());
  if (has_null_ && index == 0) return std::nullopt;
  const std::byte* stored = values_.data() + sizeof(T) * (index - (has_null_ ? 1 : 0));
  return byte_order_ == std::endian::little ? load_le<T>(stored) : load_be<T>(stored);
}

template <class T>
std::uint32_t FixedIndexed<T>::lower_bound(T value) const noexcept {
  std::uint32_t first = has_null_ ? 1 : 0;
  for (std::uint32_t count = stored_count_; count > 0;) {
    const std::uint32_t half = count / 2;
    if (*this->value(first + half) < value) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return first;
}

template class FixedIndexed<std::int64_t>;
template class FixedIndexed<double>;
template class FixedIndexed<std::uint32_t>;

}  // namespace sarsen::storage
