#pragma once
// A raw value as a text that shows its kind too.

#include <string>

#include "ingest/row/raw_value.h"

namespace sarsen::ingest {

inline std::string describe(const RawValue& value) {
  std::string scratch;
  switch (value.kind) {
    case RawValue::Kind::kMissing:
      return "missing";
    case RawValue::Kind::kNull:
      return "null";
    case RawValue::Kind::kBoolean:
      return value.boolean ? "b:true" : "b:false";
    case RawValue::Kind::kLong:
      return "l:" + std::to_string(value.integer);
    case RawValue::Kind::kDouble:
      return "d:" + std::string(*text_of(value, scratch));
    case RawValue::Kind::kText:
      return "t:" + std::string(value.text);
    case RawValue::Kind::kList:
      return "a:" + std::string(*text_of(value, scratch));
    case RawValue::Kind::kObject:
      return "o:" + std::string(*text_of(value, scratch));
    case RawValue::Kind::kComplex:
      return "x:" + std::string(*text_of(value, scratch));
  }
  return "?";
}

}  // namespace sarsen::ingest
