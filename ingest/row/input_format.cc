#include "ingest/row/input_format.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using TextKind = TextFormat::Kind;

/// What this program does not read, and what its user can do.
struct Refused {
  std::string_view name;
  std::string_view advice;
};
constexpr std::array kRefused = {
    Refused{"javascript", "functions in JavaScript are not run; use regex, or transforms with expressions"},
    Refused{"orc", "convert the files to JSON lines or CSV first"},
    Refused{"parquet", "convert the files to JSON lines or CSV first"},
    Refused{"avro_stream", "have the producer write JSON, or convert the messages first"},
    Refused{"avro_ocf", "convert the files to JSON lines first"},
    Refused{"avro_hadoop", "convert the files to JSON lines first"},
    Refused{"protobuf", "have the producer write JSON, or convert the messages first"},
    Refused{"thrift", "have the producer write JSON, or convert the messages first"},
    Refused{"kafka", "it is for the ioConfig of a Kafka supervisor; else use the format of the message's value"},
    Refused{"kinesis", "use the format of the record's data"},
    Refused{"druid_segment", "use the input source druid, which needs no format"},
    Refused{"irc", "use a parser of type string"},
    Refused{"noop", "use a parser of type string"},
    Refused{"hadoopyString", "use a parser of type string"},
};
const std::vector<std::string> kInputFormats = {"json", "csv", "tsv", "regex", "lines"};
const std::vector<std::string> kParseSpecFormats = {"json", "jsonLowercase", "csv", "tsv", "regex", "timeAndDims"};

[[noreturn]] void refuse(const JsonField& json, const std::string& name, std::vector<std::string> known) {
  for (const auto& [refused, advice] : kRefused)
    if (refused == name)
      throw Error(ErrorCategory::kUnsupported, json.path() + ": not supported: " + name + "; " + std::string(advice));
  for (const Refused& refused : kRefused) known.emplace_back(refused.name);
  json.fail("unknown: " + name + suggestion(name, known));
}

std::optional<TextKind> text_kind(std::string_view name) {
  if (name == "csv") return TextKind::kCsv;
  if (name == "tsv" || name == "delimited") return TextKind::kDelimited;
  if (name == "regex") return TextKind::kRegex;
  if (name == "lines") return TextKind::kLines;
  return std::nullopt;
}

void parse_flatten(const JsonField& json, InputFormat& format) {
  if (!json.present()) return;
  FlattenSpec flatten = FlattenSpec::parse(json);
  format.keep_null_columns = flatten.use_field_discovery;
  // Without fields and with discovery it changes nothing but that.
  if (!flatten.fields.empty() || !flatten.use_field_discovery)
    format.flatten = std::make_shared<const FlattenSpec>(std::move(flatten));
}

InputFormat parse_json(const JsonField& json) {
  InputFormat format;
  parse_flatten(json["flattenSpec"], format);
  format.keep_null_columns = json["keepNullColumns"].boolean_or(format.keep_null_columns);
  format.newline_delimited = json["assumeNewlineDelimited"].boolean_or(false);
  format.keep_objects_before_error = json["useJsonNodeReader"].boolean_or(false);
  if (format.newline_delimited && format.keep_objects_before_error)
    json["useJsonNodeReader"].fail("useJsonNodeReader cannot be set to true when assumeNewlineDelimited is true.");
  format.features = JsonFeatures::parse(json["featureSpec"]);
  return format;
}

/// The field must not leave the reader without columns: with neither columns nor header they are named by number.
InputFormat parse_spec(const JsonField& spec) {
  const std::string name = spec["format"].string_or("tsv");  // Druid's default
  InputFormat format;
  format.replace_malformed_utf8 = true;
  format.first_object_only = true;
  if (const auto kind = text_kind(name); kind && *kind != TextKind::kLines) {
    if (!spec["format"].present() && !spec["columns"].present() && !spec["delimiter"].present())
      spec["format"].fail("missing; it stands for tsv then. Add \"format\": \"json\"");
    format.text = TextFormat::parse_old(*kind, spec);
    return format;
  }
  if (std::find(kParseSpecFormats.begin(), kParseSpecFormats.end(), name) == kParseSpecFormats.end())
    refuse(spec["format"], name, kParseSpecFormats);
  format.lower_case_keys = name == "jsonLowercase";
  format.features = JsonFeatures::parse(spec["featureSpec"]);
  parse_flatten(spec["flattenSpec"], format);
  if (spec["keepNullColumns"].present()) format.keep_null_columns = spec["keepNullColumns"].boolean();
  return format;
}

}  // namespace

InputFormat InputFormat::parse(const JsonField& json) {
  if (!json.present()) json.fail("an inputFormat is needed, such as {\"type\": \"json\"}");
  const std::string type = json["type"].string();
  if (type == "json") return parse_json(json);
  const auto kind = text_kind(type);
  if (!kind) refuse(json["type"], type, kInputFormats);
  InputFormat format;
  format.text = TextFormat::parse(*kind, json);
  return format;
}

InputFormat InputFormat::parse_parser(const JsonField& json) {
  const std::string type = json["type"].string_or("string");
  if (type != "string" && type != "map") refuse(json["type"], type, {"string", "map"});
  if (const std::string encoding = json["encoding"].string_or("UTF-8"); encoding != "UTF-8" && encoding != "utf-8")
    throw Error(ErrorCategory::kUnsupported, json["encoding"].path() + ": only UTF-8 is supported: " + encoding);
  const JsonField spec = json["parseSpec"];
  if (!spec.present()) spec.fail("a parseSpec is needed");
  if (type == "string") return parse_spec(spec);
  InputFormat format;  // of objects that are parsed already, which are sent as JSON
  format.replace_malformed_utf8 = true;
  return format;
}

}  // namespace sarsen::ingest
