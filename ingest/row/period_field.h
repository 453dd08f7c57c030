#pragma once
// A field of a specification that is a period of fixed length, such as "PT1H".

#include <cstdint>
#include <optional>

#include "storage/base/json.h"

namespace sarsen::ingest {

/// nullopt where absent. Throws kInvalidInput naming the field.
std::optional<std::int64_t> optional_period_ms(const JsonField& json);

inline std::int64_t period_ms_or(const JsonField& json, std::int64_t otherwise) {
  return optional_period_ms(json).value_or(otherwise);
}

}  // namespace sarsen::ingest
