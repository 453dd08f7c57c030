// Records as a table: widths come from the first records, so that rows stream; a later cell that is wider is cut on a
// terminal and pushes the line elsewhere.
#include <algorithm>
#include <utility>
#include <vector>

#include "server/cli/dump/record_writer.h"
#include "server/cli/table.h"

namespace sarsen::server {
namespace {

constexpr std::size_t kSampleRecords = 500;
constexpr std::size_t kNarrowest = 6;  // columns are not cut below this
constexpr std::size_t kGap = 2;
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

std::string cut(std::string cell, std::size_t width) {
  if (display_width(cell) <= width) return cell;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < cell.size(); ++at) {
    if ((cell[at] & 0xC0) == 0x80) continue;
    if (++characters == width) return cell.substr(0, at) + "…";
  }
  return cell;
}

class TableRecords final : public RecordWriter {
 public:
  TableRecords(std::vector<std::string> names, Emit emit, std::size_t width)
      : names_(std::move(names)), emit_(std::move(emit)), terminal_width_(width) {}

  CellStyle style() const noexcept override { return CellStyle::kText; }

  void write(const Record& record) override {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < names_.size(); ++i) cells.push_back(on_one_line(std::string(record[i])));
    if (widths_.empty()) {
      sample_.push_back(std::move(cells));
      if (sample_.size() == kSampleRecords) begin();
    } else {
      append_line(cells);
    }
    if (text_.size() >= kPieceBytes) flush();
  }

  void finish() override {
    if (widths_.empty()) begin();
    flush();
  }

 private:
  void measure() {
    numeric_.assign(names_.size(), !sample_.empty());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      std::size_t width = display_width(names_[i]);
      for (const auto& cells : sample_) {
        width = std::max(width, display_width(cells[i]));
        numeric_[i] = numeric_[i] && (cells[i].empty() || is_number(cells[i]));
      }
      widths_.push_back(width);
    }
  }

  // The widest column gives way first, until all fit or none can.
  void fit() {
    if (terminal_width_ == 0) return;
    std::size_t total = kGap * (widths_.size() - 1);
    for (const std::size_t width : widths_) total += width;
    while (total > terminal_width_) {
      std::size_t& widest = *std::max_element(widths_.begin(), widths_.end());
      if (widest <= kNarrowest) return;
      --widest;
      --total;
    }
  }

  void begin() {
    measure();
    fit();
    append_line(names_);
    for (std::size_t i = 0; i < widths_.size(); ++i) text_.append(i > 0 ? kGap : 0, ' ').append(widths_[i], '-');
    text_ += '\n';
    for (const auto& cells : sample_) append_line(cells);
    sample_.clear();
  }

  void append_line(const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = terminal_width_ == 0 ? cells[i] : cut(cells[i], widths_[i]);
      const std::size_t taken = display_width(cell);
      const std::size_t blanks = taken < widths_[i] ? widths_[i] - taken : 0;
      if (i > 0) text_.append(kGap, ' ');
      if (numeric_[i]) text_.append(blanks, ' ');
      text_ += cell;
      if (!numeric_[i] && i + 1 < cells.size()) text_.append(blanks, ' ');
    }
    text_ += '\n';
  }

  void flush() {
    if (!text_.empty()) emit_(text_);
    text_.clear();
  }

  std::vector<std::string> names_;
  Emit emit_;
  std::size_t terminal_width_;
  std::vector<std::vector<std::string>> sample_;
  std::vector<std::size_t> widths_;  // empty: not known yet
  std::vector<bool> numeric_;
  std::string text_;
};

}  // namespace

std::unique_ptr<RecordWriter> make_table_writer(std::vector<std::string> names, RecordWriter::Emit emit,
                                                std::size_t width) {
  return std::make_unique<TableRecords>(std::move(names), std::move(emit), width);
}

}  // namespace sarsen::server
