#pragma once
// Which of the format's encodings a segment is written with: Druid's IndexSpec. The defaults are Druid's, and so is
// what each choice means. A further choice is an enumerator here and a file that writes it. The JSON of it is read by
// ingest/row/index_spec_json.h. Thread-safe: plain values.

#include <cstdint>
#include <optional>
#include <string>

#include "storage/bitmap/bitmap_writer.h"
#include "storage/codec/codec_writer.h"

namespace sarsen::storage {

/// How long columns, __time included, become bytes before compression.
enum class LongEncodingStrategy : std::uint8_t {
  kLongs,  // eight bytes a value
  kAuto,   // what suits the column: a table of its values, distances from the smallest, or eight bytes
};

enum class StringDictionaryForm : std::uint8_t {
  kUtf8,        // a GenericIndexed of strings
  kFrontCoded,  // buckets of values that share prefixes
};

struct StringDictionaryEncoding {
  StringDictionaryForm form = StringDictionaryForm::kUtf8;
  // Of front coding only:
  std::uint8_t bucket_size = 4;     // values; a power of two up to 128
  std::uint8_t format_version = 0;  // 0: prefixes of a bucket's first value, 1: of the value before
  bool operator==(const StringDictionaryEncoding&) const = default;
};

struct IndexSpec {
  BitmapEncoding bitmap = BitmapEncoding::kRoaring;
  bool bitmap_runs = true;                        // Roaring may use runs (compressRunOnSerialization)
  CodecId dimension_compression = CodecId::kLz4;  // dictionary ids; kNone is not for them
  CodecId metric_compression = CodecId::kLz4;     // numbers, those of dimensions and of __time included
  LongEncodingStrategy long_encoding = LongEncodingStrategy::kLongs;
  StringDictionaryEncoding string_dictionary_encoding = {};
  /// Of complex metrics. Absent, kNone or kUncompressed: one element a row (storage/FORMAT.md, "Complex columns").
  std::optional<CodecId> complex_metric_compression = {};
  /// Of the raw values of JSON columns. Absent: LZ4.
  std::optional<CodecId> json_compression = {};
  /// The text of factory.json, which names the loader. Empty: the usual one.
  std::string segment_loader = {};
  /// Wherever Druid's bytes are known, the very same: slower to write, and larger (storage/FORMAT.md, "Where written
  /// bytes are Druid's, and where not"). Otherwise what every Druid reads as well.
  bool druid_bytes = false;

  bool operator==(const IndexSpec&) const = default;

  BlockCompression dimension_blocks() const noexcept { return {dimension_compression, druid_bytes}; }
  BlockCompression metric_blocks() const noexcept { return {metric_compression, druid_bytes}; }
  RoaringForm roaring_form() const noexcept {
    if (!bitmap_runs) return RoaringForm::kWithoutRuns;
    return druid_bytes ? RoaringForm::kDruids : RoaringForm::kSmallest;
  }

  /// For scanning: nothing is compressed, so every value and every id is read where it is mapped. Larger on disk
  /// (storage/FORMAT.md, "Index specs", says by how much); every Druid since 0.9.2 reads it.
  static IndexSpec scan() {
    return {.dimension_compression = CodecId::kUncompressed, .metric_compression = CodecId::kNone};
  }

  /// Druid's bytes.
  static IndexSpec druid() {
    IndexSpec spec;
    spec.druid_bytes = true;
    return spec;
  }
};

}  // namespace sarsen::storage
