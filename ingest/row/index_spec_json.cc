#include "ingest/row/index_spec_json.h"

#include <bit>
#include <optional>
#include <string_view>

#include "storage/base/ascii_case.h"
#include "storage/base/json_writer.h"

namespace sarsen::ingest {
namespace {

using storage::BitmapEncoding;
using storage::CodecId;
using storage::IndexSpec;
using storage::LongEncodingStrategy;
using storage::StringDictionaryEncoding;
using storage::StringDictionaryForm;

template <class T>
struct Choice {
  const char* name;
  T value;
};

constexpr Choice<CodecId> kCompressions[] = {{"lz4", CodecId::kLz4},
                                             {"lzf", CodecId::kLzf},
                                             {"zstd", CodecId::kZstd},
                                             {"uncompressed", CodecId::kUncompressed},
                                             {"none", CodecId::kNone}};
constexpr Choice<LongEncodingStrategy> kLongEncodings[] = {{"longs", LongEncodingStrategy::kLongs},
                                                           {"auto", LongEncodingStrategy::kAuto}};
constexpr Choice<BitmapEncoding> kBitmaps[] = {{"roaring", BitmapEncoding::kRoaring},
                                               {"concise", BitmapEncoding::kConcise}};
constexpr Choice<StringDictionaryForm> kDictionaries[] = {{"utf8", StringDictionaryForm::kUtf8},
                                                          {"frontCoded", StringDictionaryForm::kFrontCoded}};

IndexSpec default_spec() { return {}; }
constexpr const char* kDruidPreset = "druid";
constexpr Choice<IndexSpec (*)()> kPresets[] = {
    {"default", default_spec}, {"scan", IndexSpec::scan}, {kDruidPreset, IndexSpec::druid}};
constexpr std::string_view kJoinableLoader = "broadcastJoinableMMapSegmentFactory";
constexpr const char* kLoaders[] = {"mMapSegmentFactory", kJoinableLoader.data()};

[[noreturn]] void refuse(const JsonField& json, const std::string& name, const std::vector<std::string>& allowed) {
  std::string list;
  for (const std::string& choice : allowed) list += (list.empty() ? "" : ", ") + choice;
  json.fail("unknown: " + name + suggestion(name, allowed) + "; it may be " + list);
}

template <class T, std::size_t kCount>
T parse_choice(const JsonField& json, const Choice<T> (&choices)[kCount], const std::string& name) {
  std::vector<std::string> allowed;
  for (const Choice<T>& choice : choices) {
    if (name == choice.name) return choice.value;
    allowed.emplace_back(choice.name);
  }
  refuse(json, name, allowed);
}

void parse_compression(const JsonField& json, CodecId& compression) {
  // Druid's enumerations are read in any case.
  if (json.present()) compression = parse_choice(json, kCompressions, storage::lower_ascii(json.string()));
}

void parse_compression(const JsonField& json, std::optional<CodecId>& compression) {
  if (json.present()) compression = parse_choice(json, kCompressions, storage::lower_ascii(json.string()));
}

void parse_bitmap(const JsonField& json, IndexSpec& spec) {
  if (!json.present()) return;
  spec.bitmap = parse_choice(json["type"], kBitmaps, json["type"].string_or("roaring"));
  spec.bitmap_runs = json["compressRunOnSerialization"].boolean_or(true);
}

StringDictionaryEncoding parse_dictionary(const JsonField& json) {
  StringDictionaryEncoding encoding;
  encoding.form = parse_choice(json["type"], kDictionaries, json["type"].string());
  if (encoding.form == StringDictionaryForm::kUtf8) return encoding;
  const std::int64_t bucket_size = json["bucketSize"].integer_or(encoding.bucket_size);
  if (bucket_size < 1 || bucket_size > 128 || !std::has_single_bit(static_cast<std::uint64_t>(bucket_size)))
    json["bucketSize"].fail("it must be a power of two from 1 to 128, not " + std::to_string(bucket_size));
  const std::int64_t version = json["formatVersion"].integer_or(encoding.format_version);
  if (version != 0 && version != 1) json["formatVersion"].fail("it must be 0 or 1, not " + std::to_string(version));
  encoding.bucket_size = static_cast<std::uint8_t>(bucket_size);
  encoding.format_version = static_cast<std::uint8_t>(version);
  return encoding;
}

std::string parse_loader(const JsonField& json) {
  const std::string type = json["type"].string();
  // Druid writes such a segment, and fails when it loads it.
  if (type == kJoinableLoader && !json["keyColumns"].present())
    json["keyColumns"].fail("the columns that joins find rows by must be named");
  for (const char* known : kLoaders)
    if (type == known) return json.json().dump();
  refuse(json["type"], type, {std::begin(kLoaders), std::end(kLoaders)});
}

IndexSpec parse_preset(const JsonField& json) { return parse_choice(json, kPresets, json.string_or("default"))(); }

template <class T, std::size_t kCount>
const char* name_in(const Choice<T> (&choices)[kCount], T value) {
  for (const Choice<T>& choice : choices)
    if (choice.value == value) return choice.name;
  return "";
}

void write_bitmap(const IndexSpec& spec, JsonWriter& json) {
  json.key("bitmap").begin_object().key("type").string(name_in(kBitmaps, spec.bitmap));
  if (!spec.bitmap_runs) json.key("compressRunOnSerialization").boolean(false);
  json.end_object();
}

void write_dictionary(const StringDictionaryEncoding& encoding, JsonWriter& json) {
  json.key("stringDictionaryEncoding").begin_object().key("type").string(name_in(kDictionaries, encoding.form));
  if (encoding.form == StringDictionaryForm::kFrontCoded)
    json.key("bucketSize").integer(encoding.bucket_size).key("formatVersion").integer(encoding.format_version);
  json.end_object();
}

}  // namespace

IndexSpec parse_index_spec(const JsonField& json) {
  if (!json.present()) return {};
  IndexSpec spec = parse_preset(json["preset"]);
  parse_bitmap(json["bitmap"], spec);
  parse_compression(json["dimensionCompression"], spec.dimension_compression);
  // Druid takes it for a spec, and fails when the first dimension of strings is written.
  if (spec.dimension_compression == CodecId::kNone)
    json["dimensionCompression"].fail("none is not for dimensions; uncompressed leaves them as they are");
  if (json["stringDictionaryEncoding"].present())
    spec.string_dictionary_encoding = parse_dictionary(json["stringDictionaryEncoding"]);
  parse_compression(json["metricCompression"], spec.metric_compression);
  if (const JsonField field = json["longEncoding"]; field.present())
    spec.long_encoding = parse_choice(field, kLongEncodings, storage::lower_ascii(field.string()));
  parse_compression(json["complexMetricCompression"], spec.complex_metric_compression);
  parse_compression(json["jsonCompression"], spec.json_compression);
  if (json["segmentLoader"].present()) spec.segment_loader = parse_loader(json["segmentLoader"]);
  return spec;
}

std::string index_spec_text(const IndexSpec& spec) {
  JsonWriter json;
  json.begin_object();
  if (spec.druid_bytes) json.key("preset").string(kDruidPreset);
  write_bitmap(spec, json);
  json.key("dimensionCompression").string(name_in(kCompressions, spec.dimension_compression));
  write_dictionary(spec.string_dictionary_encoding, json);
  json.key("metricCompression").string(name_in(kCompressions, spec.metric_compression));
  json.key("longEncoding").string(name_in(kLongEncodings, spec.long_encoding));
  if (spec.complex_metric_compression)
    json.key("complexMetricCompression").string(name_in(kCompressions, *spec.complex_metric_compression));
  if (spec.json_compression) json.key("jsonCompression").string(name_in(kCompressions, *spec.json_compression));
  if (!spec.segment_loader.empty()) json.key("segmentLoader").raw(spec.segment_loader);
  json.end_object();
  return json.take();
}

}  // namespace sarsen::ingest
