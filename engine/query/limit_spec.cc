#include "engine/query/limit_spec.h"

#include "storage/base/ascii_case.h"
#include "storage/base/check.h"

namespace sarsen::engine {
namespace {

/// "descending" or any prefix of it that is not one of "ascending" too, in any case; everything else is ascending, as
/// in Druid.
bool is_descending(std::string_view direction) {
  return !direction.empty() && storage::starts_with_ignoring_case("descending", direction);
}

OrderByColumn parse_column(const JsonField& json) {
  if (json.json().is_string()) return {json.string(), false, find_string_comparator("lexicographic")};
  return {json["dimension"].string(), is_descending(json["direction"].string_or("ascending")),
          parse_string_comparator(json["dimensionOrder"], "lexicographic")};
}

}  // namespace

LimitSpec parse_limit_spec(const JsonField& json) {
  LimitSpec spec;
  if (!json.present()) return spec;
  // Jackson gives Druid a spec without effect for every other type, and for none.
  if (json["type"].string_or("") != "default") return spec;
  for (const JsonField& column : json["columns"].elements()) spec.columns.push_back(parse_column(column));
  spec.limit = json["limit"].integer_or(INT64_MAX);
  spec.offset = json["offset"].integer_or(0);
  if (spec.limit <= 0) json["limit"].fail("limit[" + std::to_string(spec.limit) + "] must be > 0");
  if (spec.offset < 0) json["offset"].fail("offset[" + std::to_string(spec.offset) + "] must be >= 0");
  return spec;
}

}  // namespace sarsen::engine
