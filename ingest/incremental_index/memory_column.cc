#include "ingest/incremental_index/memory_column.h"

#include "storage/column/column_source.h"
#include "storage/column/index_spec.h"
#include "storage/structured/structured_column_writer.h"

namespace sarsen::ingest {
namespace {

constexpr char kName[] = "live";

}  // namespace

MemoryColumn::MemoryColumn(const storage::StructuredColumnData& data, std::uint32_t row_count) : output_(kName) {
  const storage::IndexSpec plain{.dimension_compression = storage::CodecId::kUncompressed,
                                 .json_compression = storage::CodecId::kUncompressed};
  write_structured_column(data, row_count, plain, output_);
  for (const storage::ColumnOutput::File& file : output_.files()) files_.emplace(file.name, file.bytes.view());
  column_ =
      storage::parse_column(output_.bytes().view(), row_count, *this, {.file = kName, .column = kName, .part = ""});
}

MemoryColumn::~MemoryColumn() = default;

std::optional<std::span<const std::byte>> MemoryColumn::find(std::string_view name) const {
  const auto file = files_.find(name);
  return file == files_.end() ? std::nullopt : std::optional(file->second);
}

}  // namespace sarsen::ingest
