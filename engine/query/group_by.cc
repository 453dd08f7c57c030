// groupBy: aggregates by buckets of time and any number of dimensions.

#include <algorithm>

#include "engine/query/aggregating_query.h"
#include "engine/query/group_order.h"
#include "engine/query/having.h"
#include "engine/query/limit_spec.h"
#include "engine/result/java_hash_order.h"
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

class GroupBy final : public AggregatingQuery {
 public:
  explicit GroupBy(const JsonField& json)
      : AggregatingQuery(json),
        limit_spec_(parse_limit_spec(json["limitSpec"])),
        having_(parse_having(json["having"])),
        as_arrays_(context().boolean_or("resultAsArray", false)) {
    set_dimensions(parse_dimensions(json["dimensions"]));
    refuse_present(json["subtotalsSpec"], "subtotalsSpec is");
    check_names(json);
    check_limit_push_down(json);
    order_.emplace(limit_spec_.columns, dimensions(), outputs(), context().boolean_or("sortByDimsFirst", false),
                   json["limitSpec"]["columns"]);
    if (const auto fudge = context().string("fudgeTimestamp")) fudge_timestamp_ms_ = exact_long(*fudge);
  }

  void run(QueryRun& run) const override {
    const std::vector<QueryRun::Part> parts = run.parts();
    if (!context().boolean_or("groupByEnableMultiValueUnnesting", true)) refuse_multiple_values(parts);
    const MergedGroups groups = scan(run, parts);
    if (groups.size() == 0) return write_empty(run);
    std::vector<std::uint32_t> rows = accepted(groups);
    order_->sort(groups, rows);
    const std::size_t offset = std::min(rows.size(), static_cast<std::size_t>(limit_spec_.offset));
    const std::size_t count = std::min(rows.size() - offset, static_cast<std::size_t>(limit_spec_.limit));
    Writer writer(*this, run, groups);
    for (std::size_t i = offset; i < offset + count; ++i) {
      run.control().check();
      writer.row(rows[i]);
    }
  }

 private:
  void check_names(const JsonField& json) const {
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
  void check_limit_push_down(const JsonField& json) const {
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

  void refuse_multiple_values(const std::vector<QueryRun::Part>& parts) const {
    for (const QueryRun::Part& part : parts)
      for (const DimensionSpec& dimension : dimensions()) {
        const storage::Column* column = part.segment->column(dimension.dimension);
        if (column != nullptr && column->multiple_values())
          throw Error(
              ErrorCategory::kInvalidInput,
              "Encountered multi-value dimension [" + dimension.dimension +
                  "] that cannot be processed with 'groupByEnableMultiValueUnnesting' set to false. Consider setting "
                  "'groupByEnableMultiValueUnnesting' to true in your query context.");
      }
  }

  /// The groups that `having` lets through.
  std::vector<std::uint32_t> accepted(const MergedGroups& groups) const {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t group = 0; group < groups.size(); ++group)
      if (having_ == nullptr ||
          having_->accepts([&](std::string_view name) { return named_value(groups, group, name); }))
        rows.push_back(group);
    return rows;
  }

  Value named_value(const MergedGroups& groups, std::uint32_t group, std::string_view name) const {
    for (std::size_t i = 0; i < dimensions().size(); ++i)
      if (dimensions()[i].output_name == name) return groups.shown(group, i);
    const std::ptrdiff_t output = outputs().find(name);
    return output < 0 ? Value() : outputs().value(groups.states(group), static_cast<std::size_t>(output));
  }

  class Writer {
   public:
    Writer(const GroupBy& query, QueryRun& run, const MergedGroups& groups)
        : query_(query), out_(run.out()), groups_(groups) {
      JavaHashOrder keys(16, run.limits().key_order);
      for (const DimensionSpec& dimension : query.dimensions()) keys.put(dimension.output_name);
      for (const std::string& name : query.outputs().names()) keys.put(name);
      order_ = keys.order();
    }

    void row(std::uint32_t group) {
      const std::int64_t time_ms = query_.row_time_ms(groups_.bucket_ms(group));
      if (query_.as_arrays_) {
        array(group, time_ms);
      } else {
        object(group, time_ms);
      }
      out_.flush_if_full();
    }

   private:
    void object(std::uint32_t group, std::int64_t time_ms) {
      out_.json().begin_object().key("version").string("v1").key("timestamp");
      query_.write_time(out_, time_ms);
      out_.json().key("event").begin_object();
      for (const std::size_t i : order_) {
        out_.json().key(name(i));
        cell(group, i);
      }
      out_.json().end_object().end_object();
    }

    void array(std::uint32_t group, std::int64_t time_ms) {
      out_.json().begin_array();
      if (!query_.granularity().is_all()) out_.json().integer(time_ms);
      for (std::size_t i = 0; i < order_.size(); ++i) cell(group, i);
      out_.json().end_array();
    }

    const std::string& name(std::size_t i) const {
      const std::size_t dimensions = query_.dimensions().size();
      return i < dimensions ? query_.dimensions()[i].output_name : query_.outputs().name(i - dimensions);
    }

    void cell(std::uint32_t group, std::size_t i) {
      const std::size_t dimensions = query_.dimensions().size();
      if (i < dimensions) {
        out_.value(groups_.shown(group, i));
      } else {
        out_.value(query_.outputs().value(groups_.states(group), i - dimensions, query_.finalised()));
      }
    }

    const GroupBy& query_;
    ResultWriter& out_;
    const MergedGroups& groups_;
    std::vector<std::size_t> order_;
  };

  std::int64_t row_time_ms(std::int64_t bucket_ms) const {
    if (fudge_timestamp_ms_) return *fudge_timestamp_ms_;
    if (!granularity().is_all()) return bucket_ms;
    return intervals().empty() ? 0 : intervals().front().start_ms;
  }

  /// Without dimensions and with granularity all, nothing is one row of initial values, as in SQL.
  void write_empty(QueryRun& run) const {
    if (!dimensions().empty() || !granularity().is_all() || limit_spec_.offset > 0) return;
    MergedGroups one(grouping());
    one.add_initial();
    if (having_ != nullptr && accepted(one).empty()) return;
    Writer(*this, run, one).row(0);
  }

  LimitSpec limit_spec_;
  HavingPtr having_;
  std::optional<GroupOrder> order_;
  bool as_arrays_;
  std::optional<std::int64_t> fudge_timestamp_ms_;
};

QueryPtr parse_group_by(const JsonField& json) { return std::make_shared<GroupBy>(json); }

}  // namespace

void register_group_by(QueryRegistry& registry) {
  registry.add({.type = "groupBy", .parse = parse_group_by, .doc = "Aggregates by buckets of time and dimensions."});
}

}  // namespace sarsen::engine
