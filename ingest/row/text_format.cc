#include "ingest/row/text_format.h"

#include <limits>
#include <set>

namespace sarsen::ingest {
namespace {

void parse_columns(const JsonField& json, TextFormat& format) {
  std::set<std::string> seen;
  for (const JsonField& column : json.elements()) {
    format.columns.push_back(column.string());
    if (format.columns.back().empty()) format.columns.back() = default_column_name(format.columns.size() - 1);
    if (!seen.insert(format.columns.back()).second) column.fail("a column is listed twice: " + format.columns.back());
  }
}

std::string parse_delimiter(const JsonField& json, const std::string& otherwise) {
  std::string delimiter = json.string_or(otherwise);
  if (delimiter.empty()) json.fail("it must not be empty");
  return delimiter;
}

/// findColumnsFromHeader, by its old name hasHeaderRow.
void parse_header(const JsonField& json, TextFormat& format) {
  const JsonField find = json["findColumnsFromHeader"];
  const JsonField has = json["hasHeaderRow"];
  if (format.columns.empty() && find.present() && has.present())
    json.fail("Cannot accept both [findColumnsFromHeader] and [hasHeaderRow]");
  format.header = find.boolean_or(format.columns.empty() && has.boolean_or(false));
  if (format.columns.empty() && !format.header) json.fail("Either [columns] or [findColumnsFromHeader] must be set");
}

void parse_skipped(const JsonField& json, TextFormat& format) {
  const std::int64_t lines = json.integer_or(0);
  if (lines < 0 || lines > std::numeric_limits<std::int32_t>::max()) json.fail("a number of lines is wanted");
  format.skipped_lines = static_cast<std::uint32_t>(lines);
}

void check_delimited(const JsonField& json, const TextFormat& format) {
  if (json["listDelimiter"].present() && format.delimiter == format.list_delimiter)
    json["listDelimiter"].fail("Cannot have same delimiter and list delimiter of [" + format.delimiter + "]");
  for (const std::string& column : format.columns)
    if (column.find(format.delimiter) != std::string::npos)
      json["columns"].fail("Column[" + column + "] cannot have the delimiter[" + format.delimiter + "] in its name");
}

void parse_regex(const JsonField& json, TextFormat& format) {
  format.pattern = std::make_shared<const engine::JavaPattern>(json["pattern"].string());
}

}  // namespace

std::string default_column_name(std::size_t position) { return "column_" + std::to_string(position + 1); }

TextFormat TextFormat::parse(Kind kind, const JsonField& json) {
  TextFormat format;
  format.kind = kind;
  if (kind == Kind::kLines) {
    format.columns = {"line"};
    return format;
  }
  parse_columns(json["columns"], format);
  format.list_delimiter = parse_delimiter(json["listDelimiter"], format.list_delimiter);
  if (kind == Kind::kRegex) {
    parse_regex(json, format);
    return format;
  }
  if (kind == Kind::kDelimited) format.delimiter = parse_delimiter(json["delimiter"], "\t");
  parse_header(json, format);
  parse_skipped(json["skipHeaderRows"], format);
  format.parse_numbers = json["tryParseNumbers"].boolean_or(false);
  format.declares_columns = true;
  check_delimited(json, format);
  return format;
}

TextFormat TextFormat::parse_old(Kind kind, const JsonField& json) {
  TextFormat format;
  format.kind = kind;
  parse_columns(json["columns"], format);
  format.list_delimiter = parse_delimiter(json["listDelimiter"], format.list_delimiter);
  if (kind == Kind::kRegex) {
    parse_regex(json, format);
    return format;
  }
  if (kind == Kind::kDelimited) format.delimiter = parse_delimiter(json["delimiter"], "\t");
  format.header = json["hasHeaderRow"].boolean_or(false);
  parse_skipped(json["skipHeaderRows"], format);
  check_delimited(json, format);
  return format;
}

}  // namespace sarsen::ingest
