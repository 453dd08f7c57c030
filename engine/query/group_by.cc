// groupBy: aggregates by buckets of time and any number of dimensions.

#include <algorithm>
#include <numeric>

#include "engine/query/aggregating_query.h"
#include "engine/query/limit_spec.h"
#include "engine/result/java_hash_order.h"
#include "engine/result/value_cast.h"
#include "engine/result/value_order.h"
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
        as_arrays_(context().boolean_or("resultAsArray", false)),
        dimensions_first_(context().boolean_or("sortByDimsFirst", false)) {
    set_dimensions(parse_dimensions(json["dimensions"]));
    refuse_present(json["having"], "having is");
    refuse_present(json["subtotalsSpec"], "subtotalsSpec is");
    check_names(json);
    for (std::size_t i = 0; i < limit_spec_.columns.size(); ++i) bind_order(json["limitSpec"], limit_spec_.columns[i]);
    if (const auto fudge = context().string("fudgeTimestamp")) fudge_timestamp_ms_ = exact_long(*fudge);
  }

  void run(QueryRun& run) const override {
    MergedGroups groups = scan(run, run.parts());
    if (groups.size() == 0) return write_empty(run);
    std::vector<std::uint32_t> order = sorted(groups);
    const auto offset =
        static_cast<std::size_t>(std::min<std::int64_t>(limit_spec_.offset, static_cast<std::int64_t>(order.size())));
    const auto count = static_cast<std::size_t>(
        std::min<std::int64_t>(limit_spec_.limit, static_cast<std::int64_t>(order.size() - offset)));
    Writer writer(*this, run, groups);
    for (std::size_t i = offset; i < offset + count; ++i) {
      run.control().check();
      writer.row(order[i]);
    }
  }

 private:
  /// A column of limitSpec, found: a dimension, or an aggregator.
  struct OrderKey {
    bool is_dimension;
    std::size_t index;
    const OrderByColumn* column;
  };

  void check_names(const JsonField& json) const {
    std::vector<std::string> names;
    for (const DimensionSpec& dimension : dimensions()) names.push_back(dimension.output_name);
    for (std::size_t i = 0; i < aggregators().size(); ++i) names.push_back(aggregators().factory(i).name());
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) json["dimensions"].fail("Duplicate output name[" + *twice + "]");
    if (std::binary_search(names.begin(), names.end(), storage::kTimeColumn))
      json["dimensions"].fail(
          "'__time' cannot be used as an output name for dimensions, aggregators, or post-aggregators.");
  }

  void bind_order(const JsonField& json, const OrderByColumn& column) {
    for (std::size_t i = 0; i < dimensions().size(); ++i)
      if (dimensions()[i].output_name == column.name) return order_keys_.push_back({true, i, &column});
    const std::ptrdiff_t aggregator = aggregators().find(column.name);
    if (aggregator < 0) json["columns"].fail("Unknown column in order clause[" + column.name + "]");
    order_keys_.push_back({false, static_cast<std::size_t>(aggregator), &column});
  }

  /// Where each distinct value of a dimension stands in its natural order: sorting then compares numbers.
  static std::vector<std::vector<std::uint32_t>> value_ranks(const MergedGroups& groups, std::size_t dimensions) {
    std::vector<std::vector<std::uint32_t>> ranks(dimensions);
    for (std::size_t i = 0; i < dimensions; ++i) {
      std::vector<std::pair<std::uint32_t, std::uint32_t>> seen;  // value number, a group that has it
      for (std::uint32_t group = 0; group < groups.size(); ++group) {
        const std::uint32_t number = groups.value_number(group, i);
        if (number >= ranks[i].size()) ranks[i].resize(number + 1, UINT32_MAX);
        if (ranks[i][number] != UINT32_MAX) continue;
        ranks[i][number] = 0;
        seen.emplace_back(number, group);
      }
      std::sort(seen.begin(), seen.end(), [&](const auto& left, const auto& right) {
        return compare_values(groups.value(left.second, i), groups.value(right.second, i)) < 0;
      });
      for (std::uint32_t rank = 0; rank < seen.size(); ++rank) ranks[i][seen[rank].first] = rank;
    }
    return ranks;
  }

  /// The default order, and on top of it that of limitSpec.
  std::vector<std::uint32_t> sorted(const MergedGroups& groups) const {
    const auto ranks = value_ranks(groups, dimensions().size());
    std::vector<std::uint32_t> order(groups.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
      if (!dimensions_first_ && groups.bucket_ms(left) != groups.bucket_ms(right))
        return groups.bucket_ms(left) < groups.bucket_ms(right);
      for (std::size_t i = 0; i < dimensions().size(); ++i) {
        const std::uint32_t left_rank = ranks[i][groups.value_number(left, i)];
        const std::uint32_t right_rank = ranks[i][groups.value_number(right, i)];
        if (left_rank != right_rank) return left_rank < right_rank;
      }
      return groups.bucket_ms(left) < groups.bucket_ms(right);
    });
    if (order_keys_.empty()) return order;
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
      if (!dimensions_first_ && groups.bucket_ms(left) != groups.bucket_ms(right))
        return groups.bucket_ms(left) < groups.bucket_ms(right);
      for (const OrderKey& key : order_keys_)
        if (const int by_key = compare(groups, left, right, key); by_key != 0)
          return key.column->descending ? by_key > 0 : by_key < 0;
      return dimensions_first_ && groups.bucket_ms(left) < groups.bucket_ms(right);
    });
    return order;
  }

  int compare(const MergedGroups& groups, std::uint32_t left, std::uint32_t right, const OrderKey& key) const {
    if (!key.is_dimension)
      return aggregators().factory(key.index).compare(aggregators().finalise(groups.states(left), key.index),
                                                      aggregators().finalise(groups.states(right), key.index));
    return key.column->comparator->compare(value_text(groups.value(left, key.index)),
                                           value_text(groups.value(right, key.index)));
  }

  class Writer {
   public:
    Writer(const GroupBy& query, QueryRun& run, const MergedGroups& groups)
        : query_(query), out_(run.out()), groups_(groups) {
      JavaHashOrder keys(16, run.limits().key_order);
      for (const DimensionSpec& dimension : query.dimensions()) keys.put(dimension.output_name);
      for (std::size_t i = 0; i < query.aggregators().size(); ++i) keys.put(query.aggregators().factory(i).name());
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
      return i < dimensions ? query_.dimensions()[i].output_name : query_.aggregators().factory(i - dimensions).name();
    }

    void cell(std::uint32_t group, std::size_t i) {
      const std::size_t dimensions = query_.dimensions().size();
      if (i < dimensions) {
        out_.value(groups_.value(group, i));
      } else {
        out_.value(query_.aggregators().result(groups_.states(group), i - dimensions, query_.finalised()));
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
    Writer(*this, run, one).row(0);
  }

  LimitSpec limit_spec_;
  std::vector<OrderKey> order_keys_;
  bool as_arrays_;
  bool dimensions_first_;
  std::optional<std::int64_t> fudge_timestamp_ms_;
};

QueryPtr parse_group_by(const JsonField& json) { return std::make_shared<GroupBy>(json); }

}  // namespace

void register_group_by(QueryRegistry& registry) {
  registry.add({.type = "groupBy", .parse = parse_group_by, .doc = "Aggregates by buckets of time and dimensions."});
}

}  // namespace sarsen::engine
