#include "ingest/transform/transform_spec.h"

#include <algorithm>

#include "engine/expression/parser.h"

namespace sarsen::ingest {

TransformSpec TransformSpec::parse(const JsonField& json) {
  TransformSpec spec;
  if (!json.present()) return spec;
  for (const JsonField& element : json["transforms"].elements()) {
    const std::string type = element["type"].string();
    if (type != "expression")
      element["type"].fail("unknown type of transform: " + type + suggestion(type, {"expression"}));
    const std::string name = element["name"].string();
    if (std::any_of(spec.transforms.begin(), spec.transforms.end(), [&](const auto& one) { return one.name == name; }))
      element["name"].fail("Transform name '" + name + "' cannot be used twice");
    spec.transforms.push_back({name, engine::expression::parse_expression(element["expression"])});
  }
  const JsonField filter = json["filter"];
  if (filter.present() && filter["type"].string() == "expression") {
    spec.filter_expression = engine::expression::parse_expression(filter["expression"]);
  } else {
    spec.filter = engine::parse_optional_filter(filter);
  }
  return spec;
}

}  // namespace sarsen::ingest
