#include "storage/codec/codec.h"

#include <array>
#include <string>

#include "storage/base/error.h"

namespace sarsen::storage {

namespace {

constexpr std::array kCodecs = {
    Codec{.id = CodecId::kLzf, .name = "lzf", .decode = decode_lzf},
    Codec{.id = CodecId::kLz4, .name = "lz4", .decode = decode_lz4},
    Codec{.id = CodecId::kZstd, .name = "zstd", .decode = decode_zstd},
    Codec{.id = CodecId::kUncompressed, .name = "uncompressed", .decode = decode_uncompressed},
};

}  // namespace

const Codec& codec_of(std::uint8_t id) {
  for (const Codec& codec : kCodecs) {
    if (static_cast<std::uint8_t>(codec.id) == id) return codec;
  }
  throw Error(ErrorCategory::kUnsupported, "unknown block codec, id " + std::to_string(id));
}

}  // namespace sarsen::storage
