#pragma once
// Records of named cells in one of four formats, written as they come. A view asks style() how to spell its cells: as
// JSON, or as plain text, where null is no text at all. Not thread-safe.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sarsen::server {

enum class DumpFormat { kAutomatic, kTable, kJson, kNdjson, kCsv };

enum class CellStyle { kJson, kText };

/// The cells of one record, in one text. Each begins where the one before ended.
class Record {
 public:
  explicit Record(CellStyle style) : style_(style) {}

  /// What is appended here until next() is one cell.
  std::string& cell() noexcept { return text_; }
  void next() { ends_.push_back(text_.size()); }
  void clear() noexcept {
    text_.clear();
    ends_.clear();
  }
  std::size_t size() const noexcept { return ends_.size(); }
  std::string_view operator[](std::size_t index) const noexcept {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(begin, ends_[index] - begin);
  }

  // Whole cells.
  void add_string(std::string_view utf8);
  void add_number(std::uint64_t value);
  void add_raw(std::string_view text);  // the same in both styles
  void add_null();

 private:
  CellStyle style_;
  std::string text_;
  std::vector<std::size_t> ends_;
};

class RecordWriter {
 public:
  using Emit = std::function<void(std::string_view)>;

  virtual ~RecordWriter() = default;
  virtual CellStyle style() const noexcept = 0;
  /// REQUIRES: as many cells as there are names.
  virtual void write(const Record& record) = 0;
  /// Writes what is left. To be called once, at the end.
  virtual void finish() = 0;
};

/// `width`: columns of the terminal for kTable, 0: as wide as it gets. REQUIRES: not kAutomatic.
std::unique_ptr<RecordWriter> make_record_writer(DumpFormat format, std::vector<std::string> names,
                                                 RecordWriter::Emit emit, std::size_t width);

/// table_writer.cc
std::unique_ptr<RecordWriter> make_table_writer(std::vector<std::string> names, RecordWriter::Emit emit,
                                                std::size_t width);

}  // namespace sarsen::server
