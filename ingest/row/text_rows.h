#pragma once
// Lines of text to rows. Lines that are no UTF-8 are read as Java decodes them. Not thread-safe.

#include <memory>
#include <string_view>
#include <vector>

#include "ingest/row/row_reader.h"

namespace sarsen::ingest {

/// REQUIRES: `format` is one of text; `fields` outlives the reader.
std::unique_ptr<RowReader> make_text_reader(const InputFormat& format, FieldTable& fields, bool discover);

/// The fields of a CSV line, as Druid's parser (opencsv's RFC4180Parser) cuts it: quotes count where a field begins
/// with them, doubled ones are one. A line ends where it ends, quoted or not.
struct CsvField {
  std::string_view text;  // of the line, or of `unquoted`
  bool null = false;      // nothing between two commas
};
/// `unquoted` holds what had to be written anew; views live as long as it and the line.
void split_csv(std::string_view line, std::vector<CsvField>& fields, std::vector<std::string>& unquoted);

}  // namespace sarsen::ingest
