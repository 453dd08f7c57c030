#include "ingest/row/row_reader.h"

#include "ingest/row/json_rows.h"
#include "ingest/row/text_rows.h"

namespace sarsen::ingest {

std::unique_ptr<RowReader> make_row_reader(const InputFormat& format, FieldTable& fields, bool discover) {
  if (format.text) return make_text_reader(format, fields, discover);
  return std::make_unique<JsonRowReader>(format, fields, discover);
}

}  // namespace sarsen::ingest
