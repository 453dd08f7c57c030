#include <zstd.h>

#include <new>
#include <string>

#include "storage/codec/codec_writer.h"

namespace sarsen::storage {
namespace {

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

class ZstdCompressor final : public BlockCompressor {
 public:
  ZstdCompressor() {
    if (!context_) throw std::bad_alloc();
  }

  void compress(std::span<const std::byte> block, ByteWriter& out) override {
    const std::size_t bound = ZSTD_compressBound(block.size());
    const std::size_t begin = out.size();
    std::byte* target = out.extend(bound);
    const std::size_t size =
        ZSTD_compressCCtx(context_.get(), target, bound, block.data(), block.size(), ZSTD_maxCLevel());
    if (ZSTD_isError(size) != 0)
      throw Error(ErrorCategory::kDefensive, std::string("Zstandard compression failed: ") + ZSTD_getErrorName(size));
    out.truncate(begin + size);
  }

 private:
  std::unique_ptr<ZSTD_CCtx, FreeContext> context_{ZSTD_createCCtx()};
};

}  // namespace

std::unique_ptr<BlockCompressor> make_zstd_compressor() { return std::make_unique<ZstdCompressor>(); }

}  // namespace sarsen::storage
