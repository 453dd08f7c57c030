#include "tests/support/golden_judge.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string_view>
#include <vector>

namespace sarsen {
namespace {

constexpr std::size_t kShownBytes = 200;

std::string shown(const Json& value) { return value.dump().substr(0, kShownBytes); }

bool close_numbers(const Json& a, const Json& b, double tolerance) {
  if (a.is_integer() && b.is_integer()) return a.integer() == b.integer();
  const double x = a.number();
  const double y = b.number();
  return x == y || std::abs(x - y) <= tolerance * std::max(std::abs(x), std::abs(y)) + 1e-12;
}

bool close(const Json& a, const Json& b, double tolerance);

bool close_objects(const Json::Object& a, const Json& b, double tolerance) {
  if (a.size() != b.object().size()) return false;
  return std::ranges::all_of(a, [&](const auto& member) {
    const Json* other = b.find(member.first);
    return other != nullptr && close(member.second, *other, tolerance);
  });
}

bool close_arrays(const Json::Array& a, const Json::Array& b, double tolerance) {
  return std::ranges::equal(a, b, [&](const Json& x, const Json& y) { return close(x, y, tolerance); });
}

bool close(const Json& a, const Json& b, double tolerance) {
  if (a.is_number() && b.is_number()) return close_numbers(a, b, tolerance);
  if (a.is_object() && b.is_object()) return close_objects(a.object(), b, tolerance);
  if (a.is_array() && b.is_array()) return close_arrays(a.array(), b.array(), tolerance);
  if (a.is_string() && b.is_string()) return a.string() == b.string();
  if (a.is_bool() && b.is_bool()) return a.boolean() == b.boolean();
  return a.is_null() && b.is_null();
}

using Rows = std::vector<const Json*>;

// Equal as bags: greedy, as rows that are close are interchangeable.
bool same_bag(const Rows& wanted, Rows rest, double tolerance) {
  if (wanted.size() != rest.size()) return false;
  for (const Json* row : wanted) {
    const auto found = std::ranges::find_if(rest, [&](const Json* other) { return close(*row, *other, tolerance); });
    if (found == rest.end()) return false;
    rest.erase(found);
  }
  return true;
}

// The name of the column that a topN is ordered by; empty where it is ordered by the dimension itself.
std::string metric_of(const Json& query) {
  const Json* metric = query.find("metric");
  while (metric != nullptr && metric->is_object()) {
    const Json* type = metric->find("type");
    const std::string_view name = type != nullptr && type->is_string() ? std::string_view(type->string()) : "";
    if (name != "inverted" && name != "numeric") return "";
    metric = metric->find("metric");
  }
  return metric != nullptr && metric->is_string() ? metric->string() : "";
}

const Json& member_or_null(const Json& object, std::string_view key) {
  static const Json kNull;
  const Json* found = object.find(key);
  return found == nullptr ? kNull : *found;
}

// The rows that are not tied with the last one: those must all be there, in any order among equals.
Rows rows_above_the_cut(const Json::Array& rows, std::string_view metric, double tolerance) {
  Rows above;
  for (const Json& row : rows) {
    if (!close(member_or_null(row, metric), member_or_null(rows.back(), metric), tolerance)) above.push_back(&row);
  }
  return above;
}

bool same_topn_bucket(const Json& wanted, const Json& got, std::string_view metric, double tolerance) {
  const Json& w = member_or_null(wanted, "result");
  const Json& g = member_or_null(got, "result");
  if (!w.is_array() || !g.is_array() || w.array().size() != g.array().size()) return false;
  if (!close(member_or_null(wanted, "timestamp"), member_or_null(got, "timestamp"), tolerance)) return false;
  const bool metrics_agree = std::ranges::equal(w.array(), g.array(), [&](const Json& x, const Json& y) {
    return close(member_or_null(x, metric), member_or_null(y, metric), tolerance);
  });
  if (!metrics_agree || w.array().empty()) return metrics_agree;
  return same_bag(rows_above_the_cut(w.array(), metric, tolerance), rows_above_the_cut(g.array(), metric, tolerance),
                  tolerance);
}

bool same_topn(const Json& query, const Json& wanted, const Json& got, double tolerance) {
  const std::string metric = metric_of(query);
  if (metric.empty() || !wanted.is_array() || !got.is_array()) return false;
  return std::ranges::equal(wanted.array(), got.array(),
                            [&](const Json& w, const Json& g) { return same_topn_bucket(w, g, metric, tolerance); });
}

Rows scanned_rows(const Json& answer) {
  Rows rows;
  if (!answer.is_array()) return rows;
  for (const Json& block : answer.array()) {
    const Json& events = member_or_null(block, "events");
    if (!events.is_array()) continue;
    for (const Json& row : events.array()) rows.push_back(&row);
  }
  return rows;
}

bool same_scan(const Json& query, const Json& wanted, const Json& got, double tolerance) {
  if (query.find("order") != nullptr) return false;
  const Rows rows = scanned_rows(wanted);
  const Json& limit = member_or_null(query, "limit");
  if (limit.is_integer() && rows.size() >= static_cast<std::size_t>(limit.integer())) return false;
  return same_bag(rows, scanned_rows(got), tolerance);
}

// A copy without the members named: what is each server's own.
Json without(const Json& object, std::initializer_list<std::string_view> keys) {
  if (!object.is_object()) return object;
  Json::Object rest;
  for (const auto& [key, value] : object.object()) {
    if (std::ranges::find(keys, std::string_view(key)) == keys.end()) rest.emplace_back(key, value);
  }
  return rest;
}

Json with(const Json& object, std::string_view key, const std::function<Json(const Json&)>& change) {
  if (!object.is_object()) return object;
  Json::Object changed;
  for (const auto& [name, value] : object.object()) changed.emplace_back(name, name == key ? change(value) : value);
  return changed;
}

Json strip_columns(const Json& columns) {
  if (!columns.is_object()) return columns;
  Json::Object stripped;
  for (const auto& [name, analysis] : columns.object()) stripped.emplace_back(name, without(analysis, {"size"}));
  return stripped;
}

Json strip_by_segment(const Json& row) {
  return with(row, "result", [](const Json& result) {
    const bool by_segment = result.find("results") != nullptr && result.find("segment") != nullptr;
    return by_segment ? without(result, {"segment"}) : result;
  });
}

// The answer without what names or measures the server that gave it.
Json strip(std::string_view type, const Json& answer) {
  if (!answer.is_array()) return answer;
  Json::Array rows;
  for (const Json& row : answer.array()) {
    Json stripped = strip_by_segment(row);
    if (type == "segmentMetadata") stripped = with(without(stripped, {"id", "size"}), "columns", strip_columns);
    if (type == "scan") stripped = without(stripped, {"segmentId"});
    rows.push_back(std::move(stripped));
  }
  return rows;
}

// 32-bit floats enter by these names in the recorded data.
double tolerance_of(const Json& query) {
  const std::string text = query.dump();
  for (std::string_view word : {"float", "FLOAT", "REAL", "ratio"}) {
    if (text.find(word) != std::string::npos) return 1e-5;
  }
  return 1e-9;
}

std::string first_difference(const Json& wanted, const Json& got, double tolerance, const std::string& where) {
  if (wanted.is_object() && got.is_object()) {
    for (const auto& [key, value] : wanted.object()) {
      const Json* other = got.find(key);
      if (other == nullptr) return where + ": key \"" + key + "\" is missing";
      if (!close(value, *other, tolerance)) return first_difference(value, *other, tolerance, where + "." + key);
    }
    for (const auto& [key, value] : got.object()) {
      if (wanted.find(key) == nullptr) return where + ": key \"" + key + "\" is not in the wanted answer";
    }
  }
  if (wanted.is_array() && got.is_array()) {
    const Json::Array& w = wanted.array();
    const Json::Array& g = got.array();
    for (std::size_t i = 0; i < std::min(w.size(), g.size()); ++i) {
      if (!close(w[i], g[i], tolerance))
        return first_difference(w[i], g[i], tolerance, where + "[" + std::to_string(i) + "]");
    }
    return where + ": " + std::to_string(g.size()) + " elements, wanted " + std::to_string(w.size());
  }
  return where + ": got " + shown(got) + ", wanted " + shown(wanted);
}

}  // namespace

std::string golden_difference(const Json& query, const Json& wanted, const Json& answer) {
  const Json& type_json = member_or_null(query, "queryType");
  const std::string type = type_json.is_string() ? type_json.string() : "";
  const double tolerance = tolerance_of(query);
  const Json w = strip(type, wanted);
  const Json g = strip(type, answer);
  if (close(w, g, tolerance)) return "";
  if (type == "topN" && same_topn(query, w, g, tolerance)) return "";
  if (type == "scan" && same_scan(query, w, g, tolerance)) return "";
  return first_difference(w, g, tolerance, "$");
}

}  // namespace sarsen
