#include "server/cli/bench/workloads.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using storage::Column;
using storage::Dictionary;
using storage::Segment;
using storage::ValueType;

constexpr std::size_t kInValues = 100;
constexpr std::uint32_t kLooksAtBitmapsMax = 100'000;

class WorkloadMaker {
 public:
  WorkloadMaker(const Segment& segment, const Json& data_source, const Interval& interval)
      : segment_(segment), data_source_(data_source), interval_(format_iso(interval)) {}

  std::vector<Workload> make() {
    for (const auto* names : {&segment_.dimensions(), &segment_.metrics()})
      for (const std::string& name : *names) sort_in(name);
    add("count", timeseries("all", Json()), {});
    for (const auto& [name, type] : numbers_) {
      aggregated_ = {name, type};
      add("sum " + name, timeseries("all", Json()), {name});
    }
    // What follows sums up one number beside counting.
    if (!numbers_.empty()) aggregated_ = numbers_.front();
    add("by hour", timeseries("hour", Json()), {std::string(storage::kTimeColumn)});
    for (const std::string& name : strings_) add_of_string(name);
    return std::move(workloads_);
  }

 private:
  void sort_in(const std::string& name) {
    try {
      const Column& column = *segment_.column(name);
      if (column.type() == ValueType::kString && column.dictionary()->size() > 0) strings_.push_back(name);
      if (column.type() == ValueType::kLong) numbers_.emplace_back(name, "longSum");
      if (column.type() == ValueType::kFloat) numbers_.emplace_back(name, "floatSum");
      if (column.type() == ValueType::kDouble) numbers_.emplace_back(name, "doubleSum");
    } catch (const Error&) {  // not understood or corrupt: verify tells
    }
  }

  Json aggregations() const {
    Json::Array list{Json::Object{{"type", "count"}, {"name", "rows"}}};
    if (!aggregated_.first.empty())
      list.emplace_back(Json::Object{{"type", aggregated_.second}, {"name", "sum"}, {"fieldName", aggregated_.first}});
    return list;
  }

  Json::Object base(const char* type, const char* granularity, const Json& filter) const {
    Json::Object query{{"queryType", type},
                       {"dataSource", data_source_},
                       {"intervals", Json::Array{interval_}},
                       {"granularity", granularity},
                       {"aggregations", aggregations()}};
    if (!filter.is_null()) query.emplace_back("filter", filter);
    return query;
  }

  Json timeseries(const char* granularity, const Json& filter) const { return base("timeseries", granularity, filter); }

  void add(std::string name, Json query, std::vector<std::string> columns) {
    if (!aggregated_.first.empty() && std::ranges::find(columns, aggregated_.first) == columns.end())
      columns.push_back(aggregated_.first);
    workloads_.push_back({std::move(name), std::move(query), std::move(columns)});
  }

  void add_filter(const std::string& name, const std::string& column, Json filter) {
    add(name, timeseries("all", filter), {column});
  }

  static Json json_of(const std::optional<std::string_view>& value) { return value ? Json(*value) : Json(); }

  /// Rows of a value as a share of all, in percent; empty without bitmaps.
  std::string share_text(const Column& column, std::uint32_t id) const {
    if (column.bitmap_index() == nullptr || column.row_count() == 0) return "";
    const auto rows = static_cast<double>(column.bitmap_index()->cardinality(id));
    return fmt::format(", {:.3g} %", 100 * rows / column.row_count());
  }

  void add_selector(const std::string& name, const Column& column, std::uint32_t id, const char* which) {
    add_filter(
        fmt::format("selector {}, {}{}", name, which, share_text(column, id)), name,
        Json::Object{{"type", "selector"}, {"dimension", name}, {"value", json_of(column.dictionary()->value(id))}});
  }

  // The rarest and the most frequent value, where bitmaps tell; else any.
  void add_selectors(const std::string& name, const Column& column) {
    const std::uint32_t size = column.dictionary()->size();
    if (column.bitmap_index() == nullptr || size > kLooksAtBitmapsMax)
      return add_selector(name, column, size / 2, "a value");
    std::vector<std::pair<std::uint64_t, std::uint32_t>> by_rows;
    for (std::uint32_t id = 0; id < size; ++id) by_rows.emplace_back(column.bitmap_index()->cardinality(id), id);
    std::ranges::sort(by_rows);
    add_selector(name, column, by_rows.back().second, "most frequent");
    if (size > 2) add_selector(name, column, by_rows[size / 2].second, "median");
    if (size > 1) add_selector(name, column, by_rows.front().second, "rarest");
  }

  void add_in(const std::string& name, const Dictionary& dictionary) {
    const std::size_t count = std::min<std::size_t>(kInValues, (dictionary.size() + 1) / 2);
    Json::Array values;
    for (std::size_t i = 0; i < count; ++i)
      values.push_back(json_of(dictionary.value(static_cast<std::uint32_t>(i * dictionary.size() / count))));
    add_filter(fmt::format("in {}, {} values", name, count), name,
               Json::Object{{"type", "in"}, {"dimension", name}, {"values", std::move(values)}});
  }

  void add_bound(const std::string& name, const Dictionary& dictionary) {
    const auto lower = dictionary.value(dictionary.size() / 4);
    const auto upper = dictionary.value(dictionary.size() - 1 - dictionary.size() / 4);
    if (!lower || !upper) return;
    add_filter("bound " + name + ", half of the values", name,
               Json::Object{{"type", "bound"}, {"dimension", name}, {"lower", *lower}, {"upper", *upper}});
  }

  void add_of_string(const std::string& name) {
    const Column& column = *segment_.column(name);
    add_selectors(name, column);
    add_in(name, *column.dictionary());
    if (column.dictionary()->sorted()) add_bound(name, *column.dictionary());
    Json::Object group = base("groupBy", "all", Json());
    group.emplace_back("dimensions", Json::Array{name});
    add("groupBy " + name, std::move(group), {name});
    Json::Object top = base("topN", "all", Json());
    top.emplace_back("dimension", name);
    top.emplace_back("metric", "rows");
    top.emplace_back("threshold", 10);
    add("topN " + name, std::move(top), {name});
  }

  const Segment& segment_;
  const Json& data_source_;
  std::string interval_;
  std::vector<std::string> strings_;
  std::vector<std::pair<std::string, std::string>> numbers_;  // and the aggregator that sums them up
  std::pair<std::string, std::string> aggregated_;
  std::vector<Workload> workloads_;
};

void collect_strings(const Json& json, std::set<std::string>& words) {
  if (json.is_string()) words.insert(json.string());
  if (json.is_array())
    for (const Json& element : json.array()) collect_strings(element, words);
  if (json.is_object())
    for (const auto& [key, value] : json.object()) collect_strings(value, words);
}

}  // namespace

std::vector<Workload> standard_workloads(const Segment& segment, const Json& data_source, const Interval& interval) {
  return WorkloadMaker(segment, data_source, interval).make();
}

Workload user_workload(const std::string& name, const Json& query, const Json& data_source, const Segment& segment) {
  if (!query.is_object()) throw Error(ErrorCategory::kInvalidInput, name + ": a query is a JSON object");
  Json::Object changed;
  for (const auto& [key, value] : query.object()) changed.emplace_back(key, key == "dataSource" ? data_source : value);
  std::set<std::string> words;
  collect_strings(query, words);
  Workload workload{name, std::move(changed), {}};
  for (const auto* names : {&segment.dimensions(), &segment.metrics()})
    for (const std::string& column : *names)
      if (words.contains(column)) workload.columns.push_back(column);
  return workload;
}

}  // namespace sarsen::server
