// Any bytes as records of formats with settings of their own: first byte, the format; the rest, lines of text, or a
// JSONPath, a line end, and the document that it searches. Whatever they hold, a row has the fields of its format, or
// there is a problem.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ingest/row/json_path.h"
#include "ingest/row/json_rows.h"
#include "ingest/row/raw_json.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr const char* kFormats[] = {
    R"({"type":"csv","columns":["a","b","c"],"listDelimiter":"|","tryParseNumbers":true})",
    R"({"type":"csv","findColumnsFromHeader":true,"skipHeaderRows":1})",
    R"({"type":"tsv","delimiter":"::","columns":["a","b"]})",
    R"({"type":"regex","pattern":"(\\d+)[,;](.*?)(x+)?"})",
    R"({"type":"lines"})",
};

/// Every value can be written.
void use(const RawRow& row) {
  for (const std::uint32_t field : row.fields())
    if (json_of(row.value(field)).dump().empty()) std::abort();
}

void check_lines(std::string_view text, const char* format_text) {
  const Json json = Json::parse(format_text);
  FieldTable fields;
  const auto reader = make_row_reader(InputFormat::parse(JsonField(json)), fields, true);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader->read(text.substr(0, end), use);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

void check_path(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return;
  const Json json = Json::Object{
      {"type", "json"},
      {"flattenSpec",
       Json::Object{{"fields", Json::Array{Json::Object{
                                   {"type", "path"}, {"name", "x"}, {"expr", std::string(text.substr(0, end))}}}}}}};
  FieldTable fields;
  const auto reader = make_row_reader(InputFormat::parse(JsonField(json)), fields, true);
  reader->read(text.substr(end + 1), use);
}

}  // namespace

void check_record(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t format = data[0] % (std::size(kFormats) + 1);
  try {
    format == std::size(kFormats) ? check_path(text) : check_lines(text, kFormats[format]);
  } catch (const Error& error) {
    if (error.category() == ErrorCategory::kDefensive) std::abort();
  }
}

}  // namespace sarsen::ingest

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sarsen::set_log_level(sarsen::LogLevel::kOff);
  if (size != 0) sarsen::ingest::check_record(data, size);
  return 0;
}
