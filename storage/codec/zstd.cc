// One Zstandard frame.
#include <zstd.h>

#include <memory>

#include "storage/base/check.h"
#include "storage/codec/codec.h"

namespace sarsen::storage {

namespace {

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

// A context is 100 KB and more: made once per thread, not once per block.
ZSTD_DCtx* context_of_thread() {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  check_format(context != nullptr, "no memory to decode zstd");
  return context.get();
}

}  // namespace

std::size_t decode_zstd(std::span<const std::byte> block, std::span<std::byte> out) {
  const std::size_t size = ZSTD_decompressDCtx(context_of_thread(), out.data(), out.size(), block.data(), block.size());
  check_format(ZSTD_isError(size) == 0, "corrupt zstd block");
  return size;
}

}  // namespace sarsen::storage
