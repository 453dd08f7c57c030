#include "ingest/batch/packed_file.h"
#include "storage/base/error.h"

#ifdef SARSEN_HAS_LZMA

#include <lzma.h>

#include <string>

#include "storage/base/mapped_file.h"

namespace sarsen::ingest {
namespace {

/// A file that wants more memory than this for unpacking is refused; xz -9 wants 65 MiB.
constexpr std::uint64_t kMemoryBytesMax = std::uint64_t{256} << 20;

class XzFile final : public PackedFile {
 public:
  explicit XzFile(const std::filesystem::path& path) : path_(path.string()), file_(path) {
    if (lzma_stream_decoder(&stream_, kMemoryBytesMax, LZMA_CONCATENATED) != LZMA_OK) throw std::bad_alloc();
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(file_.text().data());
    stream_.avail_in = file_.text().size();
  }
  ~XzFile() override { lzma_end(&stream_); }
  XzFile(const XzFile&) = delete;
  XzFile& operator=(const XzFile&) = delete;

  std::size_t read(char* out, std::size_t size) override {
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out);
    stream_.avail_out = size;
    while (stream_.avail_out == size && !ended_) {
      const lzma_ret status = lzma_code(&stream_, stream_.avail_in == 0 ? LZMA_FINISH : LZMA_RUN);
      ended_ = status == LZMA_STREAM_END;
      if (status == LZMA_BUF_ERROR) fail("it is cut off");
      if (status == LZMA_MEMLIMIT_ERROR) fail("unpacking it takes more than 256 MiB of memory");
      if (status != LZMA_OK && !ended_) fail("error " + std::to_string(status) + " of xz");
    }
    return size - stream_.avail_out;
  }

  std::uint64_t bytes_read() const override { return stream_.total_in; }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCategory::kRuntimeFailure, "The xz file is damaged: " + path_ + ": " + reason);
  }

  const std::string path_;
  const MappedFile file_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<PackedFile> open_xz(const std::filesystem::path& path) { return std::make_unique<XzFile>(path); }

}  // namespace sarsen::ingest

#else

namespace sarsen::ingest {

std::unique_ptr<PackedFile> open_xz(const std::filesystem::path& path) {
  throw Error(ErrorCategory::kUnsupported,
              "This build is without xz (Debian: liblzma-dev); unpack the file first: " + path.string());
}

}  // namespace sarsen::ingest

#endif
