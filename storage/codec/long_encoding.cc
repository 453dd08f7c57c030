#include "storage/codec/long_encoding.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kDelta = 0x00;
constexpr std::uint8_t kTable = 0x01;
constexpr std::uint8_t kLongs = 0xFF;

}  // namespace

std::unique_ptr<LongEncoding> read_long_encoding(std::uint8_t id, ByteReader& reader) {
  switch (id) {
    case kDelta:
      return read_delta_encoding(reader);
    case kTable:
      return read_table_encoding(reader);
    case kLongs:
      return nullptr;
    default:
      throw Error(ErrorCategory::kUnsupported, "unknown encoding of longs, id " + std::to_string(id));
  }
}

}  // namespace sarsen::storage
