#include "storage/column/complex_column_writer.h"

#include "storage/column/column_descriptor_writer.h"
#include "storage/column/generic_indexed_writer.h"

namespace sarsen::storage {

void write_complex_column(const ComplexColumnData& column, std::uint32_t row_count, ByteWriter& out) {
  write_complex_descriptor(column.type, out);
  GenericIndexedWriter values(out, row_count, false);
  bool compared = false;
  bool previous_present = false;
  for (std::uint32_t row = 0; row < row_count; ++row) {
    compared = compared || previous_present;
    const auto value = column.value(row);
    previous_present = value.has_value();
    values.add(value);
  }
  // Druid takes values for sorted until a comparison says otherwise. Nobody searches complex values, so none is made
  // here.
  if (!compared) values.mark_sorted();
  values.finish();
}

}  // namespace sarsen::storage
