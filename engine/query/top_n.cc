// topN: the best values of one dimension by a metric, in each bucket of time. As in Druid, only the best of each
// segment take part, at least 1000 of them (minTopNThreshold), and only as many of what is merged so far: a value that
// is never among them is missed, and one that is not always among them counts for less.

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <numeric>
#include <utility>

#include "engine/query/aggregating_query.h"
#include "engine/query/first_values.h"
#include "engine/query/top_n_metric.h"
#include "engine/query/top_n_ranking.h"
#include "engine/result/java_hash_order.h"
#include "engine/result/value_order.h"
#include "engine/virtual_column/virtual_column.h"

namespace sarsen::engine {
namespace {

class TopN final : public AggregatingQuery {
 public:
  explicit TopN(const JsonField& json) : AggregatingQuery(json), order_{parse_top_n_metric(json["metric"])} {
    const JsonField dimension = json["dimension"];
    if (!dimension.present()) dimension.fail("is required: the dimension to rank");
    set_dimensions({parse_dimension(dimension)}, false);
    if (!dimensions()[0].array_type.empty())
      dimension["outputType"].fail("topN cannot rank values of type [" + dimensions()[0].array_type + "]");
    const std::int64_t threshold = json["threshold"].integer();
    if (threshold <= 0) json["threshold"].fail("Threshold cannot be equal to 0: give a number greater than 0");
    threshold_ = static_cast<std::size_t>(threshold);
    order_.room = static_cast<std::size_t>(std::max(threshold, context().integer_or("minTopNThreshold", 1000)));
    set_metric(json["metric"]);
    if (outputs().find(dimensions()[0].output_name) >= 0)
      dimension.fail("the output name \"" + dimensions()[0].output_name + "\" is used by an aggregation too");
    if (const auto wanted = first_values(dimensions()[0], order_.metric, granularity(), threshold))
      set_narrowing([wanted](ScanPlan& plan) { keep_first_values(plan, *wanted); },
                    json["metric"].json().dump() + std::to_string(threshold));
  }

  void run(QueryRun& run) const override {
    const std::vector<QueryRun::Part>& parts = run.parts();
    const Candidates candidates = find(run, parts);
    JsonRows rows(*this, run, candidates);
    for_each_result(run, parts, [&](const Result& result) {
      rows.write(result);
      return true;
    });
  }

  void rows(QueryRun& run, RowSink& sink) const override {
    RowSignature signature{{std::string(storage::kTimeColumn), "LONG"},
                           {dimensions()[0].output_name, std::string(storage::name_of(dimensions()[0].output_type))}};
    add_outputs(signature, finalised());
    sink.start(signature);
    const std::vector<QueryRun::Part>& parts = run.parts();
    const Candidates candidates = find(run, parts);
    const MergedGroups& groups = candidates.groups;
    for_each_result(run, parts, [&](const Result& result) {
      for (const std::uint32_t group : best(candidates, result.key_ms)) {
        std::vector<Value> row{result.time_ms, groups.shown(group, 0)};
        add_outputs(row, groups.states(group), finalised());
        if (!sink.row(row)) return false;
      }
      return true;
    });
  }

 private:
  void set_metric(const JsonField& json) {
    const TopNMetric& metric = order_.metric;
    if (metric.ordering != nullptr) return;
    order_.metric_index = outputs().find(metric.metric);
    if (order_.metric_index < 0)
      json.fail("no aggregation or post-aggregation is named \"" + metric.metric + "\"" +
                suggestion(metric.metric, outputs().names()));
  }

  /// One bucket of the answer.
  struct Result {
    std::int64_t time_ms;
    std::int64_t key_ms;  // the bucket as the groups know it
    bool zoned;           // its time is printed in the granularity's zone
  };

  template <class Visit>
  void for_each_result(const QueryRun& run, const std::vector<QueryRun::Part>& parts, Visit visit) const {
    if (granularity().is_all()) {
      const std::optional<std::int64_t> stamp = all_timestamp_ms(parts, false);
      if (stamp) visit(Result{*stamp, 0, true});
    } else {
      const std::vector<BucketRange> ranges = part_ranges(parts);
      for_each_bucket(bucket_ranges(parts), false, run.control(), [&](std::int64_t start_ms) {
        return visit(Result{start_ms, start_ms, is_merged(ranges, start_ms)});
      });
    }
  }

  using Buckets = boost::unordered_flat_map<std::int64_t, std::vector<std::uint32_t>>;

  /// All groups, and those of each bucket that take part.
  struct Candidates {
    MergedGroups groups;
    Buckets buckets;
    std::vector<std::uint8_t> takes_part = {};  // by group, of the bucket that is merged just now; else 0
  };

  Buckets buckets_of(const MergedGroups& groups) const {
    Buckets buckets;
    if (granularity().is_all() && !order_.metric.previous_stop && groups.size() > 0) {
      std::vector<std::uint32_t>& all = buckets[0];
      all.resize(groups.size());
      std::iota(all.begin(), all.end(), 0U);
      return buckets;
    }
    std::int64_t known_ms = 0;
    std::vector<std::uint32_t>* known = nullptr;
    for (std::uint32_t group = 0; group < groups.size(); ++group) {
      if (order_.metric.previous_stop && !order_.metric.may_rank(groups.value(group, 0))) continue;
      const std::int64_t bucket_ms = groups.bucket_ms(group);
      if (known == nullptr || bucket_ms != known_ms) known = &buckets[bucket_ms];
      known_ms = bucket_ms;
      known->push_back(group);
    }
    return buckets;
  }

  /// The best of each segment, merged with the best so far, of which the best are kept again.
  Candidates find(const QueryRun& run, const std::vector<QueryRun::Part>& parts) const {
    Candidates found{MergedGroups(grouping()), {}};
    std::optional<Candidates> segment;
    std::size_t last = 0;  // the part before
    const auto visit = [&](std::size_t part, PartGroups groups) {
      if (segment && parts[part].served != parts[last].served) {
        merge_segment(*segment, parts[last], found);
        segment.reset();
      }
      if (!segment) segment.emplace(MergedGroups(grouping()), Buckets());
      last = part;
      groups.add_to(segment->groups);
      check_size(run, segment->groups);
      check_size(run, found.groups);
    };
    const BestWanted best{static_cast<std::size_t>(order_.metric_index), order_.metric.inverted, order_.room};
    scan_each(run, parts, visit, best_of_segments(best, *outputs().aggregators(), parts));
    if (segment) merge_segment(*segment, parts[last], found);
    return found;
  }

  /// Whether the dimension is a column of numbers, whatever they are answered as.
  bool is_numeric(const storage::Segment& segment) const {
    const DimensionSpec& spec = dimensions()[0];
    if (spec.output_type != storage::ValueType::kString) return true;
    if (spec.function != nullptr || !spec.filters.empty()) return false;
    CursorColumns columns(segment, virtual_columns().get());
    const std::optional<ColumnKind> kind = columns.sources().kind(spec.dimension);
    return kind && (kind->type == storage::ValueType::kLong || kind->type == storage::ValueType::kFloat ||
                    kind->type == storage::ValueType::kDouble);
  }

  /// Groups come to Druid's queue in the order of the dictionary; the null of numbers comes last.
  void merge_segment(Candidates& segment, const QueryRun::Part& part, Candidates& found) const {
    const bool null_last = is_numeric(*part.segment);
    segment.buckets = buckets_of(segment.groups);
    for (auto& [bucket_ms, groups] : segment.buckets) {
      if (groups.size() > order_.room) {
        ranking(segment.groups).drop_hopeless(groups);
        sort_by_value(segment.groups, groups, null_last);
      }
      merge_best(segment.groups, ranking(segment.groups).keep(groups), bucket_ms, found);
    }
  }

  static void sort_by_value(const MergedGroups& merged, std::vector<std::uint32_t>& groups, bool null_last) {
    const auto number = [&](std::uint32_t group) { return merged.value_number(group, 0); };
    if (merged.numbers_ascend(0)) {
      if (!std::ranges::is_sorted(groups, {}, number)) std::ranges::sort(groups, {}, number);
      return;
    }
    std::sort(groups.begin(), groups.end(), [&](std::uint32_t left, std::uint32_t right) {
      const Value& left_value = merged.value(left, 0);
      const Value& right_value = merged.value(right, 0);
      if (null_last && is_null(left_value) != is_null(right_value)) return is_null(right_value);
      return compare_values(left_value, right_value) < 0;
    });
  }

  TopNRanking ranking(const MergedGroups& groups) const { return {order_, outputs(), groups}; }

  /// The groups of a bucket that are shown.
  std::vector<std::uint32_t> best(const Candidates& candidates, std::int64_t key_ms) const {
    const auto found = candidates.buckets.find(key_ms);
    if (found == candidates.buckets.end()) return {};
    return ranking(candidates.groups).best(found->second, threshold_);
  }

  void merge_best(const MergedGroups& segment, const std::vector<std::uint32_t>& best, std::int64_t bucket_ms,
                  Candidates& found) const {
    std::vector<std::uint32_t>& groups = found.buckets[bucket_ms];
    for (const std::uint32_t group : groups) found.takes_part[group] = 1;
    const std::vector<std::uint32_t> added = found.groups.add_groups(segment, best);
    found.takes_part.resize(found.groups.size());
    for (const std::uint32_t group : added)
      if (std::exchange(found.takes_part[group], 1) == 0) groups.push_back(group);
    std::vector<std::uint32_t> kept = ranking(found.groups).keep(groups);
    for (const std::uint32_t group : kept) found.takes_part[group] = 0;
    for (const std::uint32_t group : groups)
      if (std::exchange(found.takes_part[group], 0) != 0) found.groups.reset(group);
    groups = std::move(kept);
  }

  class JsonRows {
   public:
    JsonRows(const TopN& query, QueryRun& run, const Candidates& candidates)
        : query_(query), out_(run.out()), candidates_(candidates) {
      order_keys(run.limits().key_order);
    }

    void write(const Result& result) {
      out_.json().begin_object().key("timestamp");
      query_.write_time(out_, result.time_ms, result.zoned);
      out_.json().key("result").begin_array();
      for (const std::uint32_t group : query_.best(candidates_, result.key_ms)) row(group);
      out_.json().end_array().end_object();
      out_.flush_if_full();
    }

   private:
    /// Druid puts the aggregations, then the dimension, then the post-aggregations into the row's map.
    void order_keys(KeyOrder key_order) {
      const Outputs& outputs = query_.outputs();
      const std::size_t aggregations = outputs.aggregators()->size();
      JavaHashOrder keys(JavaHashOrder::sized_table_size(outputs.size() + 1), key_order);
      for (std::size_t i = 0; i < aggregations; ++i) keys.put(outputs.name(i));
      keys.put(query_.dimensions()[0].output_name);
      for (std::size_t i = aggregations; i < outputs.size(); ++i) keys.put(outputs.name(i));
      for (const std::size_t i : keys.order())
        order_.push_back(i < aggregations ? i : i == aggregations ? kDimension : i - 1);
    }

    void row(std::uint32_t group) {
      const Outputs& outputs = query_.outputs();
      out_.json().begin_object();
      for (const std::size_t i : order_) {
        if (i != kDimension) {
          out_.json().key(outputs.name(i));
          out_.value(outputs.value(candidates_.groups.states(group), i, query_.finalised()));
        } else {
          out_.json().key(query_.dimensions()[0].output_name);
          out_.value(candidates_.groups.shown(group, 0));
        }
      }
      out_.json().end_object();
    }

    const TopN& query_;
    ResultWriter& out_;
    const Candidates& candidates_;
    static constexpr std::size_t kDimension = SIZE_MAX;
    std::vector<std::size_t> order_;  // outputs, and kDimension
  };

  /// Druid prints a topN's bucket in the granularity's zone only where it merged the answers of several segments.
  static bool is_merged(const std::vector<BucketRange>& ranges, std::int64_t start_ms) {
    return std::count_if(ranges.begin(), ranges.end(), [&](const BucketRange& range) {
             return range.first_ms <= start_ms && start_ms < range.end_ms;
           }) > 1;
  }

  TopNOrder order_;
  std::size_t threshold_;
};

QueryPtr parse_top_n(const JsonField& json) { return std::make_shared<TopN>(json); }

}  // namespace

void register_top_n(QueryRegistry& registry) {
  registry.add({.type = "topN", .parse = parse_top_n, .doc = "The best values of a dimension by a metric."});
}

}  // namespace sarsen::engine
