// The default view: the segment's head, then a record per column. A column that cannot be understood is listed with the
// type that its descriptor names, and why.
#include <fmt/format.h>

#include <optional>

#include "server/cli/dump/column_statistics.h"
#include "server/cli/dump/dump_views.h"
#include "server/cli/output.h"
#include "server/cli/progress_bar.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"
#include "storage/base/json_writer.h"
#include "storage/map/column_map.h"
#include "storage/map/segment_map.h"
#include "storage/segment/index_drd.h"

namespace sarsen::server {
namespace {

using storage::Column;
using storage::Segment;

struct ShownColumn {
  std::string name;
  std::string_view kind;           // "time", "dimension", "metric"
  const Column* column = nullptr;  // null: not understood
  std::string type;
  std::string problem;
  std::size_t size = 0;  // of all its files
  std::size_t decoded = 0;
  ColumnStatistics statistics;
};

std::string_view kind_of(const Segment& segment, const std::string& name) {
  if (name == storage::kTimeColumn) return "time";
  for (const std::string& dimension : segment.dimensions())
    if (dimension == name) return "dimension";
  return "metric";
}

/// The column's own logical file. Projections store their times under a name of their own.
std::string file_of(const std::string& name, const DumpedSegment& dumped, const DumpOptions& options) {
  if (options.projection.empty()) return name;
  return options.projection + "/" + (name == storage::kTimeColumn ? dumped.time_file : name);
}

bool belongs_to(const storage::MappedPart& mapped, const std::string& file, const DumpOptions& options) {
  if (options.projection.empty()) return mapped.group == file;
  return mapped.part.name == file || mapped.part.name.starts_with(file + ".");
}

void look_at(const DumpedSegment& dumped, const std::string& file, ShownColumn& shown) {
  try {
    shown.column = dumped.segment->column(shown.name);
    shown.type = shown.column->logical_type();
    shown.statistics = column_statistics(*shown.column);
  } catch (const Error& error) {
    if (shown.column == nullptr)
      shown.type = storage::described_type(dumped.smoosh.find(file).value_or(std::span<const std::byte>()));
    shown.problem = error.what();
  }
}

std::vector<ShownColumn> shown_columns(const DumpedSegment& dumped, const DumpOptions& options) {
  const storage::SegmentMap map = storage::map_segment(dumped.files, dumped.smoosh);
  std::vector<ShownColumn> columns;
  for (const std::string& name : dumped_names(*dumped.segment, options.columns)) {
    ShownColumn& shown = columns.emplace_back();
    shown.name = name;
    shown.kind = kind_of(*dumped.segment, name);
    const std::string file = file_of(name, dumped, options);
    for (const storage::MappedPart& mapped : map.parts) {
      if (!belongs_to(mapped, file, options)) continue;
      shown.size += mapped.part.size;
      shown.decoded += mapped.part.decoded;
    }
    look_at(dumped, file, shown);
  }
  return columns;
}

std::optional<std::uint32_t> cardinality(const ShownColumn& shown) {
  if (shown.column == nullptr) return std::nullopt;
  if (shown.column->dictionary() != nullptr) return shown.column->dictionary()->size();
  if (shown.column->value_dictionary() != nullptr) return shown.column->value_dictionary()->size();
  return std::nullopt;
}

// The head, name by name: as text for people, with the same values in JSON.

std::string order_text(const Segment& segment) {
  std::string text;
  for (const storage::SortKey& key : segment.ordering())
    text += (text.empty() ? "" : ", ") + key.column + (key.descending ? " descending" : "");
  return text;
}

std::string projections_text(const Segment& segment) {
  std::string text;
  for (const storage::Projection& projection : segment.projections())
    text += fmt::format("{}{} ({} rows)", text.empty() ? "" : ", ", projection.name, projection.row_count);
  return text;
}

std::string member_text(const Segment& segment, std::string_view name) {
  const Json* value = segment.metadata().find(name);
  if (value == nullptr || value->is_null()) return "";
  return value->is_string() ? value->string() : value->dump();
}

std::string factory_text(const DumpedSegment& dumped) {
  const auto factory = dumped.files.find("factory.json");
  if (factory == dumped.files.end()) return "";
  const auto bytes = factory->second.bytes;
  try {
    return JsonField(Json::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}))["type"].string_or("");
  } catch (const Error&) {
    return "not readable";
  }
}

std::string bitmap_text(const DumpedSegment& dumped) {
  const auto bytes = dumped.smoosh.find("index.drd");
  return bytes ? std::string(name_of(storage::read_index_drd(*bytes, dumped.smoosh).bitmap_encoding)) : "";
}

using Head = std::vector<std::pair<std::string, std::string>>;

Head head_of(const DumpedSegment& dumped) {
  const Segment& segment = *dumped.segment;
  const auto times = segment.time_bounds();
  return {{"rows", with_separators(segment.row_count())},
          {"interval", format_iso(segment.data_interval())},
          {"times", times ? format_iso(times->start_ms) + " to " + format_iso(times->end_ms) : "no rows"},
          {"version", "9"},
          {"factory", factory_text(dumped)},
          {"order", order_text(segment)},
          {"rollup", member_text(segment, "rollup")},
          {"granularity", member_text(segment, "queryGranularity")},
          {"projections", projections_text(segment)},
          {"bitmaps", bitmap_text(dumped)},
          {"size", with_separators(segment.size_bytes()) + " bytes"}};
}

std::string ratio_text(const ShownColumn& shown) {
  return shown.size == 0 ? ""
                         : fmt::format("{:.2f}", static_cast<double>(shown.decoded) / static_cast<double>(shown.size));
}

std::vector<std::string> column_names() {
  return {"column",   "kind",  "type",    "values", "nulls", "several", "least",
          "greatest", "bytes", "decoded", "ratio",  "index", "encoding"};
}

void add_optional(const std::optional<std::string>& text, Record& record) {
  text ? record.add_string(*text) : record.add_null();
}

void write_column(const ShownColumn& shown, RecordWriter& writer) {
  Record record(writer.style());
  record.add_string(shown.name);
  record.add_string(shown.kind);
  record.add_string(shown.type + (shown.column != nullptr && shown.column->multiple_values() ? ", multi-value" : ""));
  const auto values = cardinality(shown);
  values ? record.add_number(*values) : record.add_null();
  record.add_number(shown.statistics.nulls);
  record.add_number(shown.statistics.several);
  add_optional(shown.statistics.least, record);
  add_optional(shown.statistics.greatest, record);
  record.add_number(shown.size);
  record.add_number(shown.decoded);
  record.add_raw(ratio_text(shown).empty() ? "0" : ratio_text(shown));
  record.add_string(shown.column != nullptr && shown.column->bitmap_index() != nullptr ? "bitmap" : "");
  record.add_string(shown.problem.empty() ? shown.column->encoding() : "NOT READ: " + shown.problem);
  writer.write(record);
}

void put_column(const ShownColumn& shown, JsonWriter& json) {
  const auto put_text = [&](const char* key, const std::optional<std::string>& text) {
    json.key(key);
    text ? json.string(*text) : json.null();
  };
  json.begin_object().key("name").string(shown.name).key("kind").string(shown.kind).key("type").string(shown.type);
  if (!shown.problem.empty()) json.key("problem").string(shown.problem);
  if (shown.column != nullptr) {
    json.key("multipleValues").boolean(shown.column->multiple_values());
    json.key("bitmapIndex").boolean(shown.column->bitmap_index() != nullptr);
    json.key("encoding").string(shown.column->encoding());
    json.key("cardinality");
    const auto values = cardinality(shown);
    values ? json.integer(*values) : json.null();
    json.key("nulls").integer(static_cast<std::int64_t>(shown.statistics.nulls));
    json.key("severalValues").integer(static_cast<std::int64_t>(shown.statistics.several));
    put_text("least", shown.statistics.least);
    put_text("greatest", shown.statistics.greatest);
  }
  json.key("sizeBytes").integer(static_cast<std::int64_t>(shown.size));
  json.key("decodedBytes").integer(static_cast<std::int64_t>(shown.decoded)).end_object();
}

void print_json(const DumpedSegment& dumped, const std::vector<ShownColumn>& columns) {
  JsonWriter json(JsonStyle::kPretty);
  json.begin_object();
  for (const auto& [name, text] : head_of(dumped)) {
    if (name == "rows")
      json.key("rows").integer(dumped.segment->row_count());
    else if (name == "size")
      json.key("sizeBytes").integer(static_cast<std::int64_t>(dumped.segment->size_bytes()));
    else
      json.key(name).string(text);
  }
  json.key("sortedByTime").boolean(dumped.segment->sorted_by_time());
  json.key("columns").begin_array();
  for (const ShownColumn& shown : columns) put_column(shown, json);
  json.end_array().end_object();
  write_out(json.text() + "\n");
}

}  // namespace

void show_columns(const DumpedSegment& dumped, const DumpOptions& options) {
  const std::vector<ShownColumn> columns = shown_columns(dumped, options);
  if (options.format == DumpFormat::kJson) return print_json(dumped, columns);
  const bool table = options.format == DumpFormat::kTable || options.format == DumpFormat::kAutomatic;
  if (table) {
    std::string head;
    for (const auto& [name, text] : head_of(dumped))
      if (!text.empty()) head += fmt::format("{:<12} {}\n", name, text);
    write_out(head + "\n");
  }
  const auto writer = dump_writer(options, column_names());
  for (const ShownColumn& shown : columns) write_column(shown, *writer);
  writer->finish();
}

}  // namespace sarsen::server
