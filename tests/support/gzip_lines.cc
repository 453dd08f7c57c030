#include "tests/support/gzip_lines.h"

#include <zlib.h>

#include <array>
#include <memory>
#include <sstream>

#include "storage/base/error.h"

namespace sarsen {
namespace {

struct CloseGzip {
  void operator()(gzFile_s* file) const { gzclose(file); }
};

std::string read_gzip(const std::filesystem::path& path) {
  const std::unique_ptr<gzFile_s, CloseGzip> file(gzopen(path.c_str(), "rb"));
  if (!file) throw Error(ErrorCategory::kRuntimeFailure, "Cannot open " + path.string());
  std::string text;
  std::array<char, 1 << 16> piece;
  for (;;) {
    const int count = gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()));
    if (count < 0) throw Error(ErrorCategory::kRuntimeFailure, "Damaged gzip file " + path.string());
    if (count == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

std::vector<std::string> read_gzip_lines(const std::filesystem::path& path) {
  std::istringstream text(read_gzip(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace sarsen
