#include "ingest/row/period_field.h"

#include <string>

#include "storage/base/error.h"
#include "storage/base/period.h"

namespace sarsen::ingest {

std::optional<std::int64_t> optional_period_ms(const JsonField& json) {
  if (!json.present()) return std::nullopt;
  std::optional<std::int64_t> length_ms;
  try {
    length_ms = Period::parse(json.string()).fixed_ms();
  } catch (const Error& error) {
    json.fail(error.what());
  }
  if (!length_ms) json.fail("a period without years and months is wanted: " + json.string());
  if (*length_ms < 0) json.fail("a period must not be negative: " + json.string());
  return length_ms;
}

}  // namespace sarsen::ingest
