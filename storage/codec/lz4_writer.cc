#include <lz4hc.h>

#include "storage/codec/codec_writer.h"

namespace sarsen::storage {
namespace {

/// The level of lz4-java's highCompressor(), which Druid takes.
constexpr int kLevel = LZ4HC_CLEVEL_DEFAULT;

class Lz4Compressor final : public BlockCompressor {
 public:
  void compress(std::span<const std::byte> block, ByteWriter& out) override {
    DCHECK(block.size() <= kBlockBytesMax);
    const int source_size = static_cast<int>(block.size());
    const int bound = LZ4_compressBound(source_size);
    const std::size_t begin = out.size();
    char* target = reinterpret_cast<char*>(out.extend(static_cast<std::size_t>(bound)));
    const int size = LZ4_compress_HC_extStateHC(state_.get(), reinterpret_cast<const char*>(block.data()), target,
                                                source_size, bound, kLevel);
    if (size <= 0) throw Error(ErrorCategory::kDefensive, "LZ4 compression failed");
    out.truncate(begin + static_cast<std::size_t>(size));
  }

 private:
  // A quarter of a megabyte: made once a column instead of once a block.
  std::unique_ptr<LZ4_streamHC_t> state_ = std::make_unique<LZ4_streamHC_t>();
};

}  // namespace

std::unique_ptr<BlockCompressor> make_lz4_compressor() { return std::make_unique<Lz4Compressor>(); }

}  // namespace sarsen::storage
