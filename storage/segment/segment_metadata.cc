#include "storage/segment/segment_metadata.h"

#include <utility>

#include "storage/base/error.h"

namespace sarsen::storage {

namespace {

SortKey read_sort_key(const JsonField& field) {
  const std::string order = field["order"].string_or("ascending");
  if (order != "ascending" && order != "descending") field["order"].fail("must be ascending or descending");
  return {field["columnName"].string(), order == "descending"};
}

Projection read_projection(const JsonField& field) {
  const std::string type = field["type"].string_or("aggregate");
  if (type != "aggregate") field["type"].fail("must be aggregate");
  const std::int64_t rows = field["numRows"].integer();
  if (rows < 0 || rows > INT32_MAX) field["numRows"].fail("must be a number from 0 to 2147483647");
  return {field["schema"]["name"].string(), static_cast<std::uint32_t>(rows), field["schema"].json()};
}

}  // namespace

std::vector<SortKey> read_sort_keys(const JsonField& field) {
  std::vector<SortKey> keys;
  for (const JsonField& key : field.elements()) keys.push_back(read_sort_key(key));
  return keys;
}

std::vector<SortKey> read_ordering(const Json& metadata) {
  const JsonField field = JsonField(metadata)["ordering"];
  return field.present() ? read_sort_keys(field) : order_by_time();
}

std::vector<SortKey> order_by_time() { return {{std::string(kTimeColumn), false}}; }

bool is_by_time(const std::vector<SortKey>& ordering) {
  return !ordering.empty() && ordering.front() == order_by_time().front();
}

std::vector<Projection> read_projections(const Json& metadata) {
  std::vector<Projection> projections;
  if (metadata.is_null()) return projections;
  const JsonField field = JsonField(metadata)["projections"];
  if (!field.present()) return projections;
  for (const JsonField& projection : field.elements()) projections.push_back(read_projection(projection));
  return projections;
}

}  // namespace sarsen::storage
