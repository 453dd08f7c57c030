#include "storage/column/numeric_values.h"

#include <cstring>
#include <type_traits>

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersionWithoutCodec = 1;  // very old: LZF implied
constexpr std::uint8_t kVersion = 2;
constexpr std::size_t kPackedPaddingBytes = 4;  // behind packed integers; nobody needs them

struct Header {
  std::uint32_t value_count;
  std::uint32_t values_per_block;
  std::uint8_t codec;
  bool has_encoding;
};

// Below -2 as a signed byte, the codec byte of a long column is a codec less 126 and says that an encoding byte
// follows.
void split_encoding_flag(Header& header) {
  const auto codec = static_cast<std::int8_t>(header.codec);
  header.has_encoding = codec < -2;
  if (header.has_encoding) header.codec = static_cast<std::uint8_t>(codec + 126);
}

Header read_header(ByteReader& reader) {
  const std::uint8_t version = reader.read_byte();
  if (version != kVersionWithoutCodec && version != kVersion)
    throw Error(ErrorCategory::kUnsupported, "numeric column of unknown version " + std::to_string(version));
  Header header{};
  header.value_count = reader.read_be<std::uint32_t>();
  header.values_per_block = reader.read_be<std::uint32_t>();
  header.codec = version == kVersion ? reader.read_byte() : static_cast<std::uint8_t>(CodecId::kLzf);
  return header;
}

}  // namespace

template <class T>
NumericValues<T>::NumericValues(ByteReader& reader, std::endian byte_order, const LogicalFiles& files,
                                const Place& place)
    : byte_order_(byte_order) {
  Header header = read_header(reader);
  if constexpr (std::is_same_v<T, std::int64_t>) {
    split_encoding_flag(header);
    if (header.has_encoding) encoding_ = read_long_encoding(reader.read_byte(), reader);
  }
  const std::uint32_t bits = encoding_ ? encoding_->bits_per_value() : sizeof(T) * 8;
  if (header.codec == static_cast<std::uint8_t>(CodecId::kNone)) {
    reader.check(header.value_count <= INT32_MAX, "negative number of values");
    const std::size_t padding = encoding_ ? kPackedPaddingBytes : 0;
    const std::size_t bytes = (static_cast<std::size_t>(bits) * header.value_count + 7) / 8 + padding;
    blocks_ = std::make_unique<Blocks>(header.value_count, bits, reader.bytes(bytes));
    return;
  }
  const Codec& codec = codec_of(header.codec);
  blocks_ = std::make_unique<Blocks>(Blocks::Shape{header.value_count, header.values_per_block, bits},
                                     GenericIndexed::read(reader, files), codec, place.with_part("values"));
}

template <class T>
std::string NumericValues<T>::encoding() const {
  return encoding_ ? encoding_->name() + ", " + blocks_->encoding() : blocks_->encoding();
}

template <class T>
const T* NumericValues<T>::in_place(const BlockCursor::Piece& piece) const noexcept {
  if (encoding_ || byte_order_ != std::endian::native) return nullptr;
  const std::byte* begin = piece.block + sizeof(T) * piece.first;
  if (reinterpret_cast<std::uintptr_t>(begin) % alignof(T) != 0) return nullptr;
  return reinterpret_cast<const T*>(
      begin);  // the one place where bytes are numbers as they lie: order and alignment fit
}

template <class T>
void NumericValues<T>::decode(const BlockCursor::Piece& piece, T* out) const {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    if (encoding_) return encoding_->decode(piece.block, piece.first, piece.count, out);
  }
  const std::byte* begin = piece.block + sizeof(T) * piece.first;
  std::memcpy(out, begin, sizeof(T) * piece.count);
  if (byte_order_ == std::endian::native) return;
  for (std::uint32_t i = 0; i < piece.count; ++i) out[i] = load_be<T>(begin + sizeof(T) * i);
}

template class NumericValues<std::int64_t>;
template class NumericValues<float>;
template class NumericValues<double>;

}  // namespace sarsen::storage
