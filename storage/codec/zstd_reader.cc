#include "storage/codec/zstd_reader.h"

#include <zstd.h>

#include <string>

#include "storage/base/error.h"
#include "storage/base/mapped_file.h"

namespace sarsen::storage {
namespace {

/// Frames that want a larger window than this are refused: it is memory that the file asks for.
constexpr int kWindowLogMax = 27;

struct FreeStream {
  void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
};

}  // namespace

class ZstdReader::Impl {
 public:
  explicit Impl(const std::filesystem::path& path) : path_(path.string()), file_(path), stream_(ZSTD_createDStream()) {
    if (!stream_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, kWindowLogMax);
    input_ = {file_.text().data(), file_.text().size(), 0};
  }

  std::size_t read(char* out, std::size_t size) {
    ZSTD_outBuffer output{out, size, 0};
    while (output.pos == 0) {
      const std::size_t before = input_.pos;
      if (input_.pos == input_.size && !pending_) break;
      const std::size_t rest = ZSTD_decompressStream(stream_.get(), &output, &input_);
      if (ZSTD_isError(rest)) fail(ZSTD_getErrorName(rest));
      pending_ = rest != 0;
      if (pending_ && output.pos == 0 && input_.pos == input_.size && before == input_.pos) fail("it is cut off");
    }
    return output.pos;
  }

  std::uint64_t bytes_read() const noexcept { return input_.pos; }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCategory::kRuntimeFailure, "The zstd file is damaged: " + path_ + ": " + reason);
  }

  const std::string path_;
  const MappedFile file_;
  std::unique_ptr<ZSTD_DStream, FreeStream> stream_;
  ZSTD_inBuffer input_{};
  bool pending_ = false;  // inside a frame
};

ZstdReader::ZstdReader(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path)) {}
ZstdReader::~ZstdReader() = default;
std::size_t ZstdReader::read(char* out, std::size_t size) { return impl_->read(out, size); }
std::uint64_t ZstdReader::bytes_read() const noexcept { return impl_->bytes_read(); }

}  // namespace sarsen::storage
