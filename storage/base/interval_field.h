#pragma once
// A field of JSON that is an interval.

#include <string_view>

#include "storage/base/error.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen {

/// `text` stands in `json`. Throws kInvalidInput naming the field.
inline Interval parse_interval(const JsonField& json, std::string_view text) {
  try {
    return parse_interval(text);
  } catch (const Error& error) {  // adds the path
    json.fail(error.what());
  }
}

inline Interval parse_interval(const JsonField& json) { return parse_interval(json, json.string()); }

}  // namespace sarsen
