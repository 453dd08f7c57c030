#include "ingest/batch/line_reader.h"

#include <zlib.h>

#include <array>
#include <cstring>
#include <vector>

#include "ingest/batch/packed_file.h"
#include "storage/base/error.h"
#include "storage/base/mapped_file.h"
#include "storage/codec/zstd_reader.h"
#include "storage/segment/zip_first_entry.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kUnpackedBytes = 256 * 1024;
constexpr std::size_t kLineBytesMax = std::size_t{256} << 20;  // of an unpacked file: its size is not known beforehand

std::string_view without_return(std::string_view line) noexcept {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class TextLines final : public LineReader {
 public:
  explicit TextLines(std::string_view text) : rest_(text) {}
  explicit TextLines(MappedFile file) : file_(std::move(file)), rest_(file_.text()) {}

  std::optional<std::string_view> next() override {
    if (rest_.empty()) return std::nullopt;
    const std::size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    const std::size_t taken = end == std::string_view::npos ? rest_.size() : end + 1;
    rest_.remove_prefix(taken);
    bytes_read_ += taken;
    return without_return(line);
  }

  std::uint64_t bytes_read() const override { return bytes_read_; }
  std::uint64_t content_bytes() const override { return bytes_read_; }

 private:
  const MappedFile file_;
  std::string_view rest_;
  std::uint64_t bytes_read_ = 0;
};

/// Lines of what is unpacked piece by piece.
class UnpackedLines : public LineReader {
 public:
  explicit UnpackedLines(const std::filesystem::path& path) : path_(path.string()) {}

  std::optional<std::string_view> next() final {
    std::size_t searched = 0;
    while (true) {
      const std::size_t end = buffer_.find('\n', begin_ + searched);
      if (end != std::string::npos) return take(end, end + 1);
      searched = buffer_.size() - begin_;
      if (searched > kLineBytesMax)
        throw Error(ErrorCategory::kInvalidInput, "A line is longer than 256 MiB in " + path_);
      if (!fill()) break;
    }
    if (begin_ == buffer_.size()) return std::nullopt;
    return take(buffer_.size(), buffer_.size());
  }

  std::uint64_t content_bytes() const final { return taken_ + begin_; }

 protected:
  /// Up to `size` bytes of content; 0 at the end.
  virtual std::size_t unpack(char* out, std::size_t size) = 0;
  const std::string& path() const noexcept { return path_; }

 private:
  std::string_view take(std::size_t end, std::size_t next) {
    const std::string_view line = std::string_view(buffer_).substr(begin_, end - begin_);
    begin_ = next;
    return without_return(line);
  }

  /// False at the end of the file.
  bool fill() {
    buffer_.erase(0, begin_);
    taken_ += begin_;
    begin_ = 0;
    const std::size_t size = buffer_.size();
    buffer_.resize(size + kUnpackedBytes);
    const std::size_t count = unpack(buffer_.data() + size, kUnpackedBytes);
    buffer_.resize(size + count);
    return count > 0;
  }

  const std::string path_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of the next line in buffer_
  std::uint64_t taken_ = 0;  // bytes before buffer_
};

class GzipLines final : public UnpackedLines {
 public:
  explicit GzipLines(const std::filesystem::path& file) : UnpackedLines(file), file_(gzopen(file.c_str(), "rb")) {
    if (!file_) throw Error(ErrorCategory::kNotFound, "Cannot open " + path() + ": " + std::strerror(errno));
    gzbuffer(file_.get(), kUnpackedBytes);
  }

  std::uint64_t bytes_read() const override {
    const auto offset = gzoffset(file_.get());
    return offset < 0 ? 0 : static_cast<std::uint64_t>(offset);
  }

 private:
  struct Close {
    void operator()(gzFile file) const noexcept { gzclose(file); }
  };

  std::size_t unpack(char* out, std::size_t size) override {
    const int count = gzread(file_.get(), out, static_cast<unsigned>(size));
    int status = Z_OK;
    const char* reason = gzerror(file_.get(), &status);
    if (count < 0 || (count == 0 && status == Z_BUF_ERROR))
      throw Error(ErrorCategory::kRuntimeFailure, "The gzip file is damaged: " + path() + ": " + reason);
    return static_cast<std::size_t>(count);
  }

  std::unique_ptr<gzFile_s, Close> file_;
};

/// Of a file whose reader is `Reader`.
template <class Reader>
class ReaderLines final : public UnpackedLines {
 public:
  explicit ReaderLines(const std::filesystem::path& file) : UnpackedLines(file), file_(file) {}
  std::uint64_t bytes_read() const override { return file_.bytes_read(); }

 private:
  std::size_t unpack(char* out, std::size_t size) override { return file_.read(out, size); }

  Reader file_;
};

class PackedLines final : public UnpackedLines {
 public:
  PackedLines(const std::filesystem::path& path, std::unique_ptr<PackedFile> file)
      : UnpackedLines(path), file_(std::move(file)) {}
  std::uint64_t bytes_read() const override { return file_->bytes_read(); }

 private:
  std::size_t unpack(char* out, std::size_t size) override { return file_->read(out, size); }

  const std::unique_ptr<PackedFile> file_;
};

}  // namespace

std::unique_ptr<LineReader> open_lines(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".gz") return std::make_unique<GzipLines>(path);
  if (extension == ".zst") return std::make_unique<ReaderLines<storage::ZstdReader>>(path);
  if (extension == ".zip") return std::make_unique<ReaderLines<storage::ZipFirstEntry>>(path);
  if (extension == ".bz2") return std::make_unique<PackedLines>(path, open_bzip2(path));
  if (extension == ".xz") return std::make_unique<PackedLines>(path, open_xz(path));
  if (extension == ".sz")
    throw Error(ErrorCategory::kUnsupported,
                "Snappy is not unpacked while reading; unpack the file first: " + path.string());
  return std::make_unique<TextLines>(MappedFile(path));
}

std::unique_ptr<LineReader> lines_of(std::string_view text) { return std::make_unique<TextLines>(text); }

}  // namespace sarsen::ingest
