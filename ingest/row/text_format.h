#pragma once
// How a line of text is cut into fields: Druid's input formats csv, tsv, regex and lines, and the old parseSpecs of the
// same names. Immutable.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/text/java_pattern.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

struct TextFormat {
  enum class Kind : std::uint8_t { kCsv, kDelimited, kRegex, kLines };

  Kind kind = Kind::kCsv;
  std::string delimiter = ",";
  /// What separates several values of one field.
  std::string list_delimiter = "\x01";
  /// Empty: those of the header, or column_1, column_2 and so on.
  std::vector<std::string> columns = {};
  bool header = false;  // the first line, after those that are skipped, names the columns
  std::uint32_t skipped_lines = 0;
  bool parse_numbers = false;
  bool declares_columns = false;  // rows have them all, also those that a short line has no field for
  std::shared_ptr<const engine::JavaPattern> pattern = {};  // kRegex

  /// An inputFormat. Throws kInvalidInput naming the field.
  static TextFormat parse(Kind kind, const JsonField& json);
  /// A parseSpec.
  static TextFormat parse_old(Kind kind, const JsonField& json);
};

/// "column_1" and so on.
std::string default_column_name(std::size_t position);

}  // namespace sarsen::ingest
