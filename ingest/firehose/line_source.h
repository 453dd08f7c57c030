#pragma once
// Files, or texts, as a bounded source: a message is a line, a partition an input by its name, and an offset the number
// of a line. A start goes on behind the lines that were taken; what the reader needs of the beginning of an input, its
// header, is given again.

#include <atomic>
#include <cstddef>
#include <filesystem>

#include "ingest/batch/input_source.h"
#include "ingest/source.h"

namespace sarsen::ingest {

class LineSource final : public Source {
 public:
  /// `header_lines`: so many lines of each input are no rows. `scratch`: for what is fetched.
  LineSource(InputSource inputs, std::size_t header_lines, std::filesystem::path scratch)
      : inputs_(std::move(inputs)), header_lines_(header_lines), scratch_(std::move(scratch)) {}

  void start(const Position& resume) override { resume_ = resume.next_offsets; }
  Batch poll(int timeout_ms) override;
  void committed(const Position&) override {}
  void close() override { closed_ = true; }

 private:
  void open();
  bool is_wanted(std::int64_t line) const noexcept;

  const InputSource inputs_;
  const std::size_t header_lines_;
  const std::filesystem::path scratch_;
  StreamOffsets resume_;
  std::size_t current_ = 0;             // the input being read
  std::unique_ptr<LineReader> reader_;  // null: not opened yet
  std::int64_t next_line_ = 0;
  std::int64_t first_line_ = 0;  // of the current input, that is not taken yet
  std::atomic<bool> closed_ = false;
};

}  // namespace sarsen::ingest
