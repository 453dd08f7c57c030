#include "engine/query/group_by.h"

#include <algorithm>

#include "storage/base/check.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

std::vector<DimensionSpec> parse_dimensions(const JsonField& json) {
  std::vector<DimensionSpec> dimensions;
  for (const JsonField& element : json.elements()) {
    if (!element.present()) json.fail("dimensions has null DimensionSpec");
    dimensions.push_back(parse_dimension(element));
  }
  return dimensions;
}

QueryPtr parse_group_by(const JsonField& json) { return std::make_shared<GroupBy>(json); }

}  // namespace

GroupBy::GroupBy(const JsonField& json)
    : AggregatingQuery(json),
      limit_spec_(parse_limit_spec(json["limitSpec"])),
      having_(parse_having(json["having"])),
      dimensions_first_(context().boolean_or("sortByDimsFirst", false)),
      as_arrays_(context().boolean_or("resultAsArray", false)) {
  std::vector<DimensionSpec> specs = parse_dimensions(json["dimensions"]);
  for (DimensionSpec& spec : specs) spec.by_id = !outputs().aggregators()->divides_segments();
  set_dimensions(std::move(specs));
  if (json["subtotalsSpec"].present()) parse_subtotals(json["subtotalsSpec"]);
  check_names(json);
  check_limit_push_down(json);
  refuse_present(json["context"]["timestampResultField"], "in a groupBy it is");
  order_.emplace(limit_spec_.columns, dimensions(), outputs(), dimensions_first_, subtotals_.has_value(),
                 json["limitSpec"]["columns"]);
  if (dimensions_first_)
    nested_order_.emplace(limit_spec_.columns, dimensions(), outputs(), false, subtotals_.has_value(),
                          json["limitSpec"]["columns"]);
  if (const auto fudge = context().string("fudgeTimestamp")) fudge_timestamp_ms_ = exact_long(*fudge);
}

void GroupBy::parse_subtotals(const JsonField& json) {
  subtotals_.emplace();
  for (const JsonField& element : json.elements()) {
    std::vector<bool> kept(dimensions().size());
    for (const JsonField& name : element.elements()) kept[subtotal_dimension(element, name.string())] = true;
    subtotals_->push_back(std::move(kept));
  }
  subtotal_grouping_ = grouping();
  subtotal_grouping_.dimensions.emplace_back().output_type = storage::ValueType::kLong;  // which subtotal
}

std::size_t GroupBy::subtotal_dimension(const JsonField& subtotal, const std::string& name) const {
  for (std::size_t i = 0; i < dimensions().size(); ++i)
    if (dimensions()[i].output_name == name) return i;
  subtotal.fail("Subtotal spec " + subtotal.json().dump() + " is either not a subset of top level dimensions.");
}

void GroupBy::check_names(const JsonField& json) const {
  std::vector<std::string> names = outputs().names();
  for (const DimensionSpec& dimension : dimensions()) names.push_back(dimension.output_name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) json["dimensions"].fail("Duplicate output name[" + *twice + "]");
  if (std::binary_search(names.begin(), names.end(), storage::kTimeColumn))
    json["dimensions"].fail(
        "'__time' cannot be used as an output name for dimensions, aggregators, or post-aggregators.");
}

/// Nothing is pushed down here, so results stay exact; queries that Druid refuses are refused.
void GroupBy::check_limit_push_down(const JsonField& json) const {
  if (!context().boolean_or("forceLimitPushDown", false)) return;
  const JsonField limit = json["limitSpec"];
  if (!limit.present()) limit.fail("When forcing limit push down, a limit spec must be provided.");
  if (limit_spec_.limit == INT64_MAX)
    limit.fail("When forcing limit push down, the provided limit spec must have a limit.");
  if (having_ != nullptr) json["having"].fail("Cannot force limit push down when a having spec is present.");
  for (const OrderByColumn& column : limit_spec_.columns)
    if (outputs().find(column.name) >= static_cast<std::ptrdiff_t>(outputs().aggregators()->size()))
      limit.fail("Limit push down when sorting by a post aggregator is not supported.");
}

bool GroupBy::pushes_limit_down() const {
  return limit_spec_.limit != INT64_MAX && !limit_spec_.columns.empty() && order_->is_by_dimensions() &&
         having_ == nullptr && !subtotals_ && context().boolean_or("applyLimitPushDown", true);
}

RowSignature GroupBy::signature(bool with_time, bool finalised) const {
  RowSignature signature;
  if (with_time) signature.push_back({std::string(storage::kTimeColumn), "LONG"});
  for (const DimensionSpec& dimension : dimensions())
    signature.push_back({dimension.output_name, dimension.type_name()});
  add_outputs(signature, finalised);
  return signature;
}

std::vector<Value> GroupBy::values(const MergedGroups& groups, std::uint32_t group, bool with_time,
                                   bool finalised) const {
  std::vector<Value> row;
  if (with_time) row.emplace_back(row_time_ms(groups.bucket_ms(group)));
  for (std::size_t i = 0; i < dimensions().size(); ++i) row.push_back(groups.shown(group, i));
  add_outputs(row, groups.states(group), finalised);
  return row;
}

std::int64_t GroupBy::row_time_ms(std::int64_t bucket_ms) const {
  if (fudge_timestamp_ms_) return *fudge_timestamp_ms_;
  if (!granularity().is_all()) return bucket_ms;
  return intervals().empty() ? 0 : intervals().front().start_ms;
}

void register_group_by(QueryRegistry& registry) {
  registry.add({.type = "groupBy", .parse = parse_group_by, .doc = "Aggregates by buckets of time and dimensions."});
}

}  // namespace sarsen::engine
