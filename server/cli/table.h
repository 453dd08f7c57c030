#pragma once
// Rows for people: columns as wide as their widest cell, numbers to the right.

#include <string>
#include <vector>

namespace sarsen::server {

class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}

  /// A shorter row is filled up with empty cells.
  void add_row(std::vector<std::string> row);
  std::size_t size() const noexcept { return rows_.size(); }
  /// With a line break after each line.
  std::string text() const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

/// Columns on a terminal that `utf8` takes, where every character takes one.
std::size_t display_width(const std::string& utf8) noexcept;

/// Digits, perhaps with sign, point, separators and exponent: to be aligned to the right.
bool is_number(const std::string& cell) noexcept;

/// A cell must not break the line it stands in.
std::string on_one_line(std::string cell);

}  // namespace sarsen::server
