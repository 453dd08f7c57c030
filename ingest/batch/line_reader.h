#pragma once
// The lines of an input, one by one: a file as it is, one that is packed (by its name: .gz, .zst, .bz2, .xz, or the
// first file in a .zip), or text given in the task. Not thread-safe.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sarsen::ingest {

class LineReader {
 public:
  virtual ~LineReader() = default;

  /// Without its line end; nullopt at the end of the input. Valid until the next call. Throws where the input cannot be
  /// read.
  virtual std::optional<std::string_view> next() = 0;

  /// Bytes of the input behind us, as stored: for progress.
  virtual std::uint64_t bytes_read() const = 0;

  /// Bytes of the content behind us, unpacked, with line ends: what Druid counts as processed.
  virtual std::uint64_t content_bytes() const = 0;
};

/// Throws kNotFound or kRuntimeFailure naming the file, kUnsupported for compressions that are not built.
std::unique_ptr<LineReader> open_lines(const std::filesystem::path& path);

/// REQUIRES: `text` outlives the reader.
std::unique_ptr<LineReader> lines_of(std::string_view text);

}  // namespace sarsen::ingest
