#pragma once
// What a column's rows are as text, for aggregators that keep one: strings as they are, several of them as a list in
// brackets, numbers as Java prints them. `Text` says how: `read` once per vector, then `of` for single rows. Belongs to
// one cursor.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/vector/column_sources.h"

namespace sarsen::engine {

class RowText {
 public:
  virtual ~RowText() = default;
  virtual void read(std::uint32_t begin, std::uint32_t size) = 0;
  /// The text of a row of the vector last read; nullopt for null. Views live until the next call.
  virtual std::optional<std::string_view> of(std::uint32_t row) = 0;
};

struct RowTextOptions {
  bool lists = true;         // several values: all of them in brackets, or the first
  bool wide_floats = false;  // 32-bit floats are printed as doubles
  bool of_input = false;     // rows that come in: lists of one value, and of none, are in brackets too
};

/// nullptr for a column that does not exist. Throws kInvalidInput for complex columns.
std::unique_ptr<RowText> bind_row_text(std::string_view column, ColumnSources& columns, RowTextOptions options);

/// The longest beginning of `text` that has at most `bytes_max` bytes and ends between characters.
std::string_view chopped(std::string_view text, std::size_t bytes_max) noexcept;

}  // namespace sarsen::engine
