// metadata.drd: with line breaks for people, on one line for programs.
#include "server/cli/dump/dump_views.h"
#include "server/cli/output.h"
#include "storage/base/json_writer.h"

namespace sarsen::server {
namespace {

void append(JsonWriter& writer, const Json& json) {
  if (json.is_array()) {
    writer.begin_array();
    for (const Json& element : json.array()) append(writer, element);
    writer.end_array();
  } else if (json.is_object()) {
    writer.begin_object();
    for (const auto& [key, value] : json.object()) {
      writer.key(key);
      append(writer, value);
    }
    writer.end_object();
  } else {
    writer.raw(json.dump());
  }
}

}  // namespace

void show_metadata(const DumpedSegment& dumped, const DumpOptions& options) {
  const bool pretty =
      options.format == DumpFormat::kTable || (options.format == DumpFormat::kAutomatic && is_terminal());
  JsonWriter writer(pretty ? JsonStyle::kPretty : JsonStyle::kCompact);
  append(writer, dumped.segment->metadata());
  write_out(writer.text() + "\n");
}

}  // namespace sarsen::server
