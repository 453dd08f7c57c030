#pragma once
// Which of the format's encodings a segment is written with: Druid's IndexSpec. The defaults are Druid's. A further
// choice is an enumerator here and a file that writes it.

#include <cstdint>

#include "storage/bitmap/bitmap_writer.h"
#include "storage/codec/codec_writer.h"

namespace sarsen::storage {

enum class LongEncodingStrategy : std::uint8_t { kLongs };  // eight bytes a value

enum class StringDictionaryEncoding : std::uint8_t { kUtf8 };  // a GenericIndexed of strings

struct IndexSpec {
  BitmapEncoding bitmap = BitmapEncoding::kRoaring;
  CodecId dimension_compression = CodecId::kLz4;  // dictionary ids; kNone is not for them
  CodecId metric_compression = CodecId::kLz4;     // numbers, those of dimensions and of __time included
  LongEncodingStrategy long_encoding = LongEncodingStrategy::kLongs;
  StringDictionaryEncoding string_dictionary_encoding = StringDictionaryEncoding::kUtf8;
};

}  // namespace sarsen::storage
