#include "ingest/supervisor/kafka_input_format.h"

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

HeaderEncoding parse_encoding(const JsonField& json) {
  const std::string name = json.string_or("UTF-8");
  if (name == "UTF-8") return HeaderEncoding::kUtf8;
  if (name == "US-ASCII") return HeaderEncoding::kAscii;
  if (name == "ISO-8859-1") return HeaderEncoding::kLatin1;
  if (name == "UTF-16" || name == "UTF-16BE" || name == "UTF-16LE")
    throw Error(ErrorCategory::kUnsupported,
                json.path() + ": headers in this encoding are not read (UTF-8, US-ASCII and ISO-8859-1 are): " + name);
  json.fail("unknown encoding: " + name + suggestion(name, {"UTF-8", "US-ASCII", "ISO-8859-1"}));
}

HeaderEncoding parse_header_format(const JsonField& json) {
  const std::string type = json["type"].string();
  if (type != "string") json["type"].fail("unknown header format: " + type + suggestion(type, {"string"}));
  return parse_encoding(json["encoding"]);
}

}  // namespace

KafkaInputFormat KafkaInputFormat::parse(const JsonField& json) {
  KafkaInputFormat format;
  if (!json.present() || json["type"].string_or("") != "kafka") {
    format.value = InputFormat::parse(json);
    return format;
  }
  format.with_metadata = true;
  if (!json["valueFormat"].present()) json["valueFormat"].fail("valueFormat must not be null");
  format.value = InputFormat::parse(json["valueFormat"]);
  if (json["keyFormat"].present()) format.key = InputFormat::parse(json["keyFormat"]);
  if (json["headerFormat"].present()) format.header_encoding = parse_header_format(json["headerFormat"]);
  format.header_prefix = json["headerColumnPrefix"].string_or(format.header_prefix);
  format.key_column = json["keyColumnName"].string_or(format.key_column);
  format.timestamp_column = json["timestampColumnName"].string_or(format.timestamp_column);
  format.topic_column = json["topicColumnName"].string_or(format.topic_column);
  return format;
}

}  // namespace sarsen::ingest
