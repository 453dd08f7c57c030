#pragma once
// The lines of a file that is fetched first, into a temporary folder that goes when the reader does. Not thread-safe.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "ingest/batch/line_reader.h"
#include "storage/base/atomic_file.h"

namespace sarsen::ingest {

class FetchedLines final : public LineReader {
 public:
  /// `fetch` writes the file that it is given, which is below `scratch` and has the suffix of `path`: by that one knows
  /// how it is packed.
  FetchedLines(const std::filesystem::path& scratch, std::string_view path,
               const std::function<void(const std::filesystem::path& file)>& fetch)
      : folder_(scratch / "fetch") {
    std::filesystem::path file = folder_.path() / "body";
    file += std::filesystem::path(path.substr(path.rfind('/') + 1)).extension();
    fetch(file);
    lines_ = open_lines(file);
  }

  std::optional<std::string_view> next() override { return lines_->next(); }
  std::uint64_t bytes_read() const override { return lines_->bytes_read(); }
  std::uint64_t content_bytes() const override { return lines_->content_bytes(); }

 private:
  const TemporaryDirectory folder_;
  std::unique_ptr<LineReader> lines_;
};

}  // namespace sarsen::ingest
