#include "storage/column/string_dictionary.h"

#include "storage/base/java_order.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kWrapper = 0x7F;
constexpr std::uint8_t kWrappedUtf8 = 0;
constexpr std::uint8_t kWrappedFrontCoded = 1;

}  // namespace

std::unique_ptr<StoredDictionary> read_dictionary(ByteReader& reader, std::endian byte_order, const LogicalFiles& files,
                                                  const Place& place) {
  const std::size_t begin = reader.position();
  if (reader.read_byte() != kWrapper) {
    reader.seek(begin);
    return read_utf8_dictionary(reader, files, place);
  }
  const std::uint8_t encoding = reader.read_byte();
  if (encoding == kWrappedUtf8) return read_utf8_dictionary(reader, files, place);
  if (encoding == kWrappedFrontCoded) return read_front_coded_dictionary(reader, byte_order, place);
  throw Error(ErrorCategory::kUnsupported, "unknown encoding of a dictionary, id " + std::to_string(encoding));
}

std::optional<std::uint32_t> StoredDictionary::find(std::optional<std::string_view> value) const {
  if (size() == 0) return std::nullopt;
  if (!value) return this->value(0) ? std::nullopt : std::optional<std::uint32_t>(0);
  if (!sorted()) {
    for (std::uint32_t id = 0; id < size(); ++id) {
      if (this->value(id) == value) return id;
    }
    return std::nullopt;
  }
  const std::uint32_t id = lower_bound(*value);
  if (id == size() || this->value(id) != value) return std::nullopt;
  return id;
}

std::uint32_t StoredDictionary::lower_bound(std::string_view value) const {
  std::uint32_t first = 0;
  for (std::uint32_t count = size(); count > 0;) {
    const std::uint32_t half = count / 2;
    if (java_compare_nullable(this->value(first + half), value) < 0) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return first;
}

}  // namespace sarsen::storage
