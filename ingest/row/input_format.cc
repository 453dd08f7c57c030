#include "ingest/row/input_format.h"

#include <algorithm>
#include <string>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

const std::vector<std::string> kInputFormats = {"json",        "csv",      "tsv",      "regex", "javascript",
                                                "lines",       "kafka",    "kinesis",  "orc",   "parquet",
                                                "avro_stream", "avro_ocf", "protobuf", "thrift"};
const std::vector<std::string> kParseSpecFormats = {"json",  "jsonLowercase", "csv",        "tsv",
                                                    "regex", "javascript",    "timeAndDims"};
const std::vector<std::string> kParsers = {"string",      "map",         "irc",    "protobuf",     "noop",
                                           "avro_stream", "avro_hadoop", "thrift", "hadoopyString"};

[[noreturn]] void refuse(const JsonField& json, const std::string& name, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), name) == known.end())
    json.fail("unknown: " + name + suggestion(name, known));
  throw Error(ErrorCategory::kUnsupported, json.path() + ": not supported yet (json is): " + name);
}

/// Absent or without fields of its own, a flattenSpec changes nothing but the discovery of nulls.
bool flatten_discovers_nulls(const JsonField& json) {
  if (!json.present()) return false;
  if (!json["fields"].elements().empty())
    throw Error(ErrorCategory::kUnsupported, json["fields"].path() +
                                                 ": flattening is not supported yet; top-level fields "
                                                 "are read without it");
  if (!json["useFieldDiscovery"].boolean_or(true))
    throw Error(ErrorCategory::kUnsupported, json["useFieldDiscovery"].path() + ": false is not supported yet");
  return true;
}

void refuse_if_set(const JsonField& json) {
  if (json.present() && (!json.json().is_bool() || json.boolean()))
    throw Error(ErrorCategory::kUnsupported, json.path() + ": not supported yet");
}

}  // namespace

InputFormat InputFormat::parse(const JsonField& json) {
  if (!json.present()) json.fail("an inputFormat is needed, such as {\"type\": \"json\"}");
  const std::string type = json["type"].string();
  if (type != "json") refuse(json["type"], type, kInputFormats);
  InputFormat format;
  format.keep_null_columns = json["keepNullColumns"].boolean_or(flatten_discovers_nulls(json["flattenSpec"]));
  refuse_if_set(json["assumeNewlineDelimited"]);
  refuse_if_set(json["useJsonNodeReader"]);
  if (!json["featureSpec"].members().empty())
    throw Error(ErrorCategory::kUnsupported, json["featureSpec"].path() + ": parser features are not supported yet");
  return format;
}

InputFormat InputFormat::parse_parser(const JsonField& json) {
  const std::string type = json["type"].string_or("string");
  if (type != "string") refuse(json["type"], type, kParsers);
  if (const std::string encoding = json["encoding"].string_or("UTF-8"); encoding != "UTF-8" && encoding != "utf-8")
    throw Error(ErrorCategory::kUnsupported, json["encoding"].path() + ": only UTF-8 is supported: " + encoding);
  const JsonField spec = json["parseSpec"];
  if (!spec.present()) spec.fail("a parseSpec is needed");
  const std::string name = spec["format"].string_or("tsv");  // Druid's default
  if (name != "json" && name != "jsonLowercase") {
    if (!spec["format"].present()) spec["format"].fail("missing; it stands for tsv then. Add \"format\": \"json\"");
    refuse(spec["format"], name, kParseSpecFormats);
  }
  InputFormat format;
  format.lower_case_keys = name == "jsonLowercase";
  format.keep_null_columns = flatten_discovers_nulls(spec["flattenSpec"]);
  format.replace_malformed_utf8 = true;
  return format;
}

}  // namespace sarsen::ingest
