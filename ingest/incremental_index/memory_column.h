#pragma once
// A column of any shape as it would be stored, in memory: for the parts of a live column that are too rare to grow with
// it, the fields of JSON. Thread safety: as Column.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "storage/column/column.h"
#include "storage/column/column_data.h"
#include "storage/column/column_output.h"
#include "storage/column/logical_files.h"

namespace sarsen::ingest {

class MemoryColumn final : private storage::LogicalFiles {
 public:
  MemoryColumn(const storage::StructuredColumnData& data, std::uint32_t row_count);
  ~MemoryColumn() override;

  const storage::Column& column() const noexcept { return *column_; }

 private:
  std::optional<std::span<const std::byte>> find(std::string_view name) const override;

  storage::ColumnOutput output_;
  std::map<std::string_view, std::span<const std::byte>> files_;  // of output_, by name
  std::unique_ptr<const storage::Column> column_;
};

}  // namespace sarsen::ingest
