// The list of all query types, in one screen.

#include <algorithm>
#include <array>

#include "engine/query/query.h"
#include "storage/base/check.h"

namespace sarsen::engine {

void register_time_boundary(QueryRegistry& registry);
void register_timeseries(QueryRegistry& registry);
void register_top_n(QueryRegistry& registry);
void register_group_by(QueryRegistry& registry);
void register_scan(QueryRegistry& registry);
void register_search(QueryRegistry& registry);
void register_segment_metadata(QueryRegistry& registry);
void register_data_source_metadata(QueryRegistry& registry);

namespace {

/// Druid's other query types: known, so that the answer is "not built" and not "unknown".
constexpr std::array kNotBuilt = {"windowOperator"};

QueryRegistry build() {
  QueryRegistry registry;
  register_time_boundary(registry);
  register_timeseries(registry);
  register_top_n(registry);
  register_group_by(registry);
  register_scan(registry);
  register_search(registry);
  register_segment_metadata(registry);
  register_data_source_metadata(registry);
  return registry;
}

std::vector<std::string> names() {
  std::vector<std::string> all(kNotBuilt.begin(), kNotBuilt.end());
  for (const QueryType& type : queries().types()) all.emplace_back(type.type);
  return all;
}

}  // namespace

const QueryRegistry& queries() {
  static const QueryRegistry registry = build();
  return registry;
}

QueryPtr parse_query(const Json& body) { return parse_query(JsonField(body)); }

QueryPtr parse_query(const JsonField& json) {
  if (!json.json().is_object())
    throw Error(ErrorCategory::kInvalidInput, (json.path().empty() ? "" : json.path() + ": ") +
                                                  "A query must be a JSON object with a \"queryType\", but got " +
                                                  std::string(json.json().kind_name()));
  const JsonField type_field = json["queryType"];
  const std::string type = type_field.string();
  const auto& types = queries().types();
  const auto found =
      std::find_if(types.begin(), types.end(), [&](const QueryType& entry) { return entry.type == type; });
  if (found != types.end()) return found->parse(json);
  if (std::find(kNotBuilt.begin(), kNotBuilt.end(), type) != kNotBuilt.end())
    throw Error(ErrorCategory::kUnsupported, type_field.path() + ": \"" + type + "\" is not part of this version");
  type_field.fail("unknown query type \"" + type + "\"" + suggestion(type, names()));
}

}  // namespace sarsen::engine
