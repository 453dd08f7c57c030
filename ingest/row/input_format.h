#pragma once
// How bytes become rows: Druid's inputFormat, or the parseSpec of an old parser. Immutable.

#include <cstdint>
#include <memory>
#include <optional>

#include "ingest/row/flatten_spec.h"
#include "ingest/row/json_features.h"
#include "ingest/row/text_format.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

struct InputFormat {
  /// Of formats of text; where there is none, rows are JSON and the rest counts.
  std::optional<TextFormat> text = {};
  /// Messages hold a record a line, each read for itself (assumeNewlineDelimited).
  bool newline_delimited = false;
  /// Objects of a message before its first error are rows (useJsonNodeReader); else such a message has none.
  bool keep_objects_before_error = false;
  /// Only the first object of a record is looked at, whatever follows it: how Druid reads the lines of files, and all
  /// with old parsers.
  bool first_object_only = false;
  /// What is found inside the documents; null: nothing.
  std::shared_ptr<const FlattenSpec> flatten = {};
  /// What messages of JSON may hold beyond the standard.
  JsonFeatures features = {};
  /// True: keys are lower-cased while reading (parseSpec jsonLowercase).
  bool lower_case_keys = false;
  /// Fields whose value is null count as fields of the row when dimensions are discovered.
  bool keep_null_columns = false;
  /// Bytes that are no UTF-8 become U+FFFD (the old string parser decodes first) instead of making the message
  /// unparseable.
  bool replace_malformed_utf8 = false;

  /// Whether records are lines.
  bool by_lines() const noexcept { return text.has_value() || newline_delimited; }

  /// The modern form. Throws kInvalidInput naming the field, kUnsupported for what is not built.
  static InputFormat parse(const JsonField& json);
  /// The old form, {"type": "string", "parseSpec": {"format": "json", …}}.
  static InputFormat parse_parser(const JsonField& json);
};

}  // namespace sarsen::ingest
