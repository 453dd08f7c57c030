#include "ingest/row/index_spec_json.h"

#include <string>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using storage::CodecId;

[[noreturn]] void not_written(const JsonField& json, const std::string& name) {
  throw Error(ErrorCategory::kUnsupported, json.path() + ": segments are not written this way yet: " + name);
}

CodecId parse_compression(const JsonField& json, bool none_allowed) {
  const std::string name = json.string_or("lz4");
  if (name == "lz4") return CodecId::kLz4;
  if (name == "zstd") return CodecId::kZstd;
  if (name == "uncompressed") return CodecId::kUncompressed;
  if (name == "none" && none_allowed) return CodecId::kNone;
  if (name == "lzf") not_written(json, name);
  json.fail("unknown compression: " + name + suggestion(name, {"lz4", "zstd", "uncompressed", "none"}));
}

void refuse_unless(const JsonField& json, const std::string& wanted, const std::string& other) {
  const std::string name = json.string_or(wanted);
  if (name == wanted) return;
  if (name == other) not_written(json, name);
  json.fail("unknown: " + name + suggestion(name, {wanted, other}));
}

}  // namespace

storage::IndexSpec parse_index_spec(const JsonField& json) {
  storage::IndexSpec spec;
  if (!json.present()) return spec;
  refuse_unless(json["bitmap"]["type"], "roaring", "concise");
  spec.dimension_compression = parse_compression(json["dimensionCompression"], false);
  spec.metric_compression = parse_compression(json["metricCompression"], true);
  refuse_unless(json["longEncoding"], "longs", "auto");
  refuse_unless(json["stringDictionaryEncoding"]["type"], "utf8", "frontCoded");
  return spec;
}

}  // namespace sarsen::ingest
