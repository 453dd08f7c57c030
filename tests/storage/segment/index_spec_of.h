#pragma once
// The index spec that the description of a recorded segment names, in Druid's JSON.

#include <map>
#include <string>

#include "storage/base/json.h"
#include "storage/column/index_spec.h"

namespace sarsen::storage {

inline CodecId codec_named(const std::string& name) {
  static const std::map<std::string, CodecId> kCodecs{{"lzf", CodecId::kLzf},
                                                      {"lz4", CodecId::kLz4},
                                                      {"zstd", CodecId::kZstd},
                                                      {"none", CodecId::kNone},
                                                      {"uncompressed", CodecId::kUncompressed}};
  return kCodecs.at(name);
}

inline IndexSpec index_spec_of(const JsonField& json) {
  IndexSpec spec = IndexSpec::druid();
  if (json["bitmap"]["type"].string_or("") == "concise") spec.bitmap = BitmapEncoding::kConcise;
  spec.dimension_compression = codec_named(json["dimensionCompression"].string_or("lz4"));
  spec.metric_compression = codec_named(json["metricCompression"].string_or("lz4"));
  if (json["longEncoding"].string_or("") == "auto") spec.long_encoding = LongEncodingStrategy::kAuto;
  if (const JsonField strings = json["stringDictionaryEncoding"]; strings["type"].string_or("") == "frontCoded")
    spec.string_dictionary_encoding = {
        .form = StringDictionaryForm::kFrontCoded,
        .bucket_size = static_cast<std::uint8_t>(strings["bucketSize"].integer_or(4)),
        .format_version = static_cast<std::uint8_t>(strings["formatVersion"].integer_or(0))};
  if (const JsonField codec = json["complexMetricCompression"]; codec.present())
    spec.complex_metric_compression = codec_named(codec.string());
  if (const JsonField codec = json["jsonCompression"]; codec.present())
    spec.json_compression = codec_named(codec.string());
  return spec;
}

}  // namespace sarsen::storage
