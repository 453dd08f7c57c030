#include "ingest/batch/packed_file.h"
#include "storage/base/error.h"

#ifdef SARSEN_HAS_BZIP2

#include <bzlib.h>

#include <algorithm>
#include <string>

#include "storage/base/mapped_file.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

class Bzip2File final : public PackedFile {
 public:
  explicit Bzip2File(const std::filesystem::path& path) : path_(path.string()), file_(path) { begin_stream(); }
  ~Bzip2File() override { end_stream(); }
  Bzip2File(const Bzip2File&) = delete;
  Bzip2File& operator=(const Bzip2File&) = delete;

  std::size_t read(char* out, std::size_t size) override {
    stream_.next_out = out;
    stream_.avail_out = static_cast<unsigned>(std::min(size, kPieceBytes));
    while (stream_.next_out == out && open_) step();
    return static_cast<std::size_t>(stream_.next_out - out);
  }

  std::uint64_t bytes_read() const override { return taken_ - stream_.avail_in; }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCategory::kRuntimeFailure, "The bzip2 file is damaged: " + path_ + ": " + reason);
  }

  void begin_stream() {
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
    open_ = true;
  }

  void end_stream() {
    if (open_) BZ2_bzDecompressEnd(&stream_);
    open_ = false;
  }

  void step() {
    const std::string_view text = file_.text();
    if (stream_.avail_in == 0) {
      const std::string_view piece = text.substr(taken_, kPieceBytes);
      stream_.next_in = const_cast<char*>(piece.data());
      stream_.avail_in = static_cast<unsigned>(piece.size());
      taken_ += piece.size();
    }
    const bool at_end = stream_.avail_in == 0;
    const unsigned room = stream_.avail_out;
    const int status = BZ2_bzDecompress(&stream_);
    if (status == BZ_STREAM_END) {
      end_stream();
      if (bytes_read() < text.size()) begin_stream();
      return;
    }
    if (status != BZ_OK) fail("error " + std::to_string(status) + " of bzip2");
    if (at_end && stream_.avail_out == room) fail("it is cut off");
  }

  const std::string path_;
  const MappedFile file_;
  bz_stream stream_{};
  std::size_t taken_ = 0;  // bytes that were given to the stream
  bool open_ = false;
};

}  // namespace

std::unique_ptr<PackedFile> open_bzip2(const std::filesystem::path& path) { return std::make_unique<Bzip2File>(path); }

}  // namespace sarsen::ingest

#else

namespace sarsen::ingest {

std::unique_ptr<PackedFile> open_bzip2(const std::filesystem::path& path) {
  throw Error(ErrorCategory::kUnsupported,
              "This build is without bzip2 (Debian: libbz2-dev); unpack the file first: " + path.string());
}

}  // namespace sarsen::ingest

#endif
