#include "server/cli/table.h"

#include <algorithm>
#include <utility>

namespace sarsen::server {
namespace {

void append_cell(std::string& line, const std::string& cell, std::size_t width, bool to_the_right, bool last) {
  const std::size_t blanks = width - display_width(cell);
  if (to_the_right) line.append(blanks, ' ');
  line += cell;
  if (!to_the_right && !last) line.append(blanks, ' ');
}

}  // namespace

bool is_number(const std::string& cell) noexcept {
  return !cell.empty() && cell.find_first_not_of("0123456789.,-+E") == std::string::npos &&
         cell.find_first_of("0123456789") != std::string::npos && cell.find('-', 1) == std::string::npos;
}

std::string on_one_line(std::string cell) {
  std::replace_if(cell.begin(), cell.end(), [](char letter) { return static_cast<unsigned char>(letter) < 0x20; }, ' ');
  return cell;
}

std::size_t display_width(const std::string& utf8) noexcept {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

void Table::add_row(std::vector<std::string> row) {
  row.resize(header_.size());
  for (std::string& cell : row) cell = on_one_line(std::move(cell));
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  const std::size_t columns = header_.size();
  std::vector<std::size_t> widths(columns);
  std::vector<bool> numeric(columns, !rows_.empty());
  for (std::size_t at = 0; at < columns; ++at) widths[at] = display_width(header_[at]);
  for (const auto& row : rows_)
    for (std::size_t at = 0; at < columns; ++at) {
      widths[at] = std::max(widths[at], display_width(row[at]));
      numeric[at] = numeric[at] && (row[at].empty() || is_number(row[at]));
    }
  std::string text;
  const auto append_line = [&](const std::vector<std::string>& cells) {
    for (std::size_t at = 0; at < columns; ++at) {
      if (at > 0) text += "  ";
      append_cell(text, cells[at], widths[at], numeric[at], at + 1 == columns);
    }
    text += '\n';
  };
  append_line(header_);
  for (std::size_t at = 0; at < columns; ++at) text.append(at > 0 ? 2 : 0, ' ').append(widths[at], '-');
  text += '\n';
  for (const auto& row : rows_) append_line(row);
  return text;
}

}  // namespace sarsen::server
