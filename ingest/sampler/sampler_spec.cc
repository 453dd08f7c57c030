#include "ingest/sampler/sampler_spec.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ingest/batch/index_task.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

Json with_member(const Json& object, std::string_view name, Json value) {
  Json::Object members;
  if (object.is_object()) members = object.object();
  std::erase_if(members, [name](const auto& member) { return member.first == name; });
  members.emplace_back(name, std::move(value));
  return members;
}

Json with_order_metric(const Json& schema) {
  Json::Array metrics;
  if (const Json* given = schema.find("metricsSpec"); given != nullptr && given->is_array()) metrics = given->array();
  metrics.push_back(Json::Object{{"type", "longMin"}, {"name", kSamplerOrder}, {"fieldName", kSamplerOrder}});
  return with_member(schema, "metricsSpec", std::move(metrics));
}

/// The specification whose index has the sampler's metric too.
Json with_order_metric_in_spec(const Json& json) {
  const JsonField root(json);
  const JsonField spec = root["spec"];
  if (!spec.present()) spec.fail("[spec] is required");
  if (!spec["dataSchema"].present()) spec["dataSchema"].fail("a dataSchema is wanted");
  if (!spec["ioConfig"].present()) spec["ioConfig"].fail("[spec.ioConfig] is required");
  const Json schema = with_order_metric(spec["dataSchema"].json());
  return with_member(json, "spec", with_member(spec.json(), "dataSchema", schema));
}

std::set<std::string> names_of_json_dimensions(const JsonField& schema) {
  std::set<std::string> names;
  const JsonField rows = schema["parser"].present() ? schema["parser"]["parseSpec"] : schema;
  for (const JsonField& dimension : rows["dimensionsSpec"]["dimensions"].elements())
    if (dimension.json().is_object() && dimension["type"].string_or("") == "json")
      names.insert(dimension["name"].string());
  return names;
}

}  // namespace

SamplerSpec SamplerSpec::parse(const Json& json, const std::filesystem::path& base_directory) {
  const JsonField root(json);
  if (!json.is_object()) root.fail("an object is wanted");
  const std::string type = root["type"].string();
  SamplerSpec spec;
  spec.config = SamplerConfig::parse(root["samplerConfig"]);
  if (type == "kinesis" || type == "rabbit" || type == "rocketmq")
    throw Error(ErrorCategory::kUnsupported, "type: not supported yet (index and kafka are): " + type);
  if (type != "index" && type != "index_parallel" && type != "kafka")
    root["type"].fail("unknown sampler: " + type + suggestion(type, {"index", "index_parallel", "kafka"}));
  const Json whole = with_order_metric_in_spec(json);
  if (type == "kafka") {
    const auto supervisor = SupervisorSpec::parse(whole);
    spec.schema = supervisor->schema;
    spec.stream = supervisor->io;
  } else {
    IndexTask task = IndexTask::parse(whole, base_directory);
    spec.schema = task.schema;
    spec.input = std::move(task.input);
  }
  spec.json_dimensions = names_of_json_dimensions(root["spec"]["dataSchema"]);
  return spec;
}

}  // namespace sarsen::ingest
