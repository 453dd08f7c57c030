#pragma once
// How bytes become rows: Druid's inputFormat, or the parseSpec of an old parser. JSON is the one that is built.
// Immutable.

#include <cstdint>

#include "storage/base/json.h"

namespace sarsen::ingest {

struct InputFormat {
  /// True: keys are lower-cased while reading (parseSpec jsonLowercase).
  bool lower_case_keys = false;
  /// Fields whose value is null count as fields of the row when dimensions are discovered.
  bool keep_null_columns = false;
  /// Bytes that are no UTF-8 become U+FFFD (the old string parser decodes first) instead of making the message
  /// unparseable.
  bool replace_malformed_utf8 = false;

  /// The modern form. Throws kInvalidInput naming the field, kUnsupported for what is not built.
  static InputFormat parse(const JsonField& json);
  /// The old form, {"type": "string", "parseSpec": {"format": "json", …}}.
  static InputFormat parse_parser(const JsonField& json);
};

}  // namespace sarsen::ingest
