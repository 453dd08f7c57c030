// The list of all data sources, in one screen.

#include <algorithm>
#include <array>

#include "engine/data_source/data_source.h"
#include "storage/base/check.h"

namespace sarsen::engine {

DataSourcePtr make_table(std::string name);
void register_tables(DataSourceRegistry& registry);
void register_rows(DataSourceRegistry& registry);
void register_filtered(DataSourceRegistry& registry);
void register_unnest(DataSourceRegistry& registry);

namespace {

/// Druid's other data sources: known, so that the answer is "not built" and not "unknown".
constexpr std::array kNotBuilt = {"join"};

DataSourceRegistry build() {
  DataSourceRegistry registry;
  register_tables(registry);
  register_rows(registry);
  register_filtered(registry);
  register_unnest(registry);
  return registry;
}

std::vector<std::string> names() {
  std::vector<std::string> all(kNotBuilt.begin(), kNotBuilt.end());
  for (const DataSourceType& type : data_source_types().types()) all.emplace_back(type.type);
  return all;
}

}  // namespace

std::shared_ptr<const storage::Segment> DataSource::rows(QueryRun&) const {
  throw Error(ErrorCategory::kDefensive, "the rows of a data source that is not in memory");
}

const DataSourceRegistry& data_source_types() {
  static const DataSourceRegistry registry = build();
  return registry;
}

DataSourcePtr parse_data_source(const JsonField& json) {
  if (!json.present()) json.fail("is required: the name of a table, or an object with a \"type\"");
  if (json.json().is_string()) return make_table(json.string());
  if (!json.json().is_object())
    json.fail("must be the name of a table, or an object with a \"type\", but is " +
              std::string(json.json().kind_name()));
  const std::string type = json["type"].string_or("table");
  const auto& types = data_source_types().types();
  const auto found = std::find_if(types.begin(), types.end(), [&](const auto& entry) { return entry.type == type; });
  if (found != types.end()) return found->parse(json);
  if (std::find(kNotBuilt.begin(), kNotBuilt.end(), type) != kNotBuilt.end())
    throw Error(ErrorCategory::kUnsupported,
                json["type"].path() + ": the data source \"" + type + "\" is not part of this version");
  if (json["name"].present()) return make_table(json["name"].string());  // as Druid takes every other type
  json["type"].fail("unknown data source type \"" + type + "\"" + suggestion(type, names()));
}

}  // namespace sarsen::engine
