#include "engine/query/top_n_metric.h"

#include <variant>
#include <vector>

#include "engine/result/value_cast.h"

namespace sarsen::engine {

int TopNMetric::compare(const Value& left, const Value& right) const {
  const auto* const left_held = std::get_if<std::string>(&left);
  const auto* const right_held = std::get_if<std::string>(&right);
  if (left_held != nullptr && right_held != nullptr) return ordering->compare(*left_held, *right_held);
  return ordering->compare(value_text(left), value_text(right));
}

bool TopNMetric::may_rank(const Value& value) const {
  const std::optional<std::string> text = value_text(value);
  if (!text) return false;
  const int order = ordering->compare(text, previous_stop);
  return inverted ? order < 0 : order > 0;
}

TopNMetric parse_top_n_metric(const JsonField& json) {
  if (!json.present()) json.fail("must specify a metric, such as the name of an aggregation");
  TopNMetric metric;
  if (json.json().is_string()) {
    metric.metric = json.string();
    return metric;
  }
  const std::string type = json["type"].string();
  if (type == "numeric" || type == "LegacyTopNMetricSpec") {  // as Druid's broker hands on the name of an aggregation
    metric.metric = json["metric"].string();
  } else if (type == "dimension") {
    metric.ordering = parse_string_comparator(json["ordering"], "lexicographic");
    if (metric.ordering->name() == "natural") json["ordering"].fail("\"natural\" is no order of dimension values");
    metric.previous_stop = json["previousStop"].optional_string();
  } else if (type == "lexicographic" || type == "alphaNumeric") {
    metric.ordering = find_string_comparator(type == "lexicographic" ? "lexicographic" : "alphanumeric");
    metric.previous_stop = json["previousStop"].optional_string();
  } else if (type == "inverted") {
    metric = parse_top_n_metric(json["metric"]);
    metric.inverted = !metric.inverted;
  } else {
    json["type"].fail("unknown metric spec \"" + type + "\"" +
                      suggestion(type, {"numeric", "dimension", "lexicographic", "alphaNumeric", "inverted"}));
  }
  return metric;
}

}  // namespace sarsen::engine
