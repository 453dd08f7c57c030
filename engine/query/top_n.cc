// topN: the best values of one dimension by a metric, in each bucket of time. Exact: every value of every segment takes
// part, where Druid keeps only the best of each segment (at least 1000) and so may miss what is never among them.

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>

#include "engine/query/aggregating_query.h"
#include "engine/query/top_n_metric.h"
#include "engine/result/java_hash_order.h"
#include "engine/result/value_cast.h"
#include "engine/result/value_order.h"

namespace sarsen::engine {
namespace {

class TopN final : public AggregatingQuery {
 public:
  explicit TopN(const JsonField& json) : AggregatingQuery(json), metric_(parse_top_n_metric(json["metric"])) {
    const JsonField dimension = json["dimension"];
    if (!dimension.present()) dimension.fail("is required: the dimension to rank");
    set_dimensions({parse_dimension(dimension)}, false);
    threshold_ = json["threshold"].integer();
    if (threshold_ <= 0) json["threshold"].fail("Threshold cannot be equal to 0: give a number greater than 0");
    threshold_min_ = context().integer_or("minTopNThreshold", 1000);
    metric_index_ = metric_.metric.empty() ? -1 : outputs().find(metric_.metric);
    if (!metric_.metric.empty() && metric_index_ < 0)
      json["metric"].fail("no aggregation or post-aggregation is named \"" + metric_.metric + "\"" +
                          suggestion(metric_.metric, outputs().names()));
    if (outputs().find(dimensions()[0].output_name) >= 0)
      dimension.fail("the output name \"" + dimensions()[0].output_name + "\" is used by an aggregation too");
  }

  void run(QueryRun& run) const override {
    const std::vector<QueryRun::Part>& parts = run.parts();
    MergedGroups groups = scan(run, parts);
    Ranking ranking(*this, groups);
    JsonRows rows(*this, run, ranking);
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
    const MergedGroups groups = scan(run, parts);
    Ranking ranking(*this, groups);
    for_each_result(run, parts, [&](const Result& result) {
      for (const std::uint32_t group : ranking.best(result.key_ms)) {
        std::vector<Value> row{result.time_ms, groups.value(group, 0)};
        add_outputs(row, groups.states(group), finalised());
        if (!sink.row(row)) return false;
      }
      return true;
    });
  }

 private:
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

  /// The groups of each bucket, best first.
  class Ranking {
   public:
    Ranking(const TopN& query, const MergedGroups& groups) : query_(query), groups_(groups) {
      for (std::uint32_t group = 0; group < groups.size(); ++group)
        if (query.may_rank(groups.value(group, 0))) buckets_[groups.bucket_ms(group)].push_back(group);
    }

    const MergedGroups& groups() const noexcept { return groups_; }

    std::vector<std::uint32_t> best(std::int64_t key_ms) const {
      const auto found = buckets_.find(key_ms);
      if (found == buckets_.end()) return {};
      std::vector<Ranked> ranked;
      ranked.reserve(found->second.size());
      for (const std::uint32_t group : found->second)
        ranked.push_back({group, query_.metric_index_ < 0 ? Value() : metric(group)});
      drop_late_null(ranked);
      const auto kept = std::min(ranked.size(), static_cast<std::size_t>(query_.threshold_));
      std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept), ranked.end(),
                        [&](const Ranked& left, const Ranked& right) { return better(left, right); });
      std::vector<std::uint32_t> best;
      for (std::size_t i = 0; i < kept; ++i) best.push_back(ranked[i].group);
      return best;
    }

   private:
    struct Ranked {
      std::uint32_t group;
      Value metric;
    };

    /// Druid meets the null of a numeric dimension last; ranking by the dimension, it then has no room for it.
    void drop_late_null(std::vector<Ranked>& ranked) const {
      const auto room = static_cast<std::size_t>(std::max(query_.threshold_, query_.threshold_min_));
      const bool is_number = query_.dimensions()[0].output_type != storage::ValueType::kString;
      if (query_.metric_index_ >= 0 || !is_number || ranked.size() <= room) return;
      std::erase_if(ranked, [this](const Ranked& one) { return is_null(groups_.value(one.group, 0)); });
    }

    Value metric(std::uint32_t group) const {
      return query_.outputs().value(groups_.states(group), static_cast<std::size_t>(query_.metric_index_));
    }

    bool better(const Ranked& left, const Ranked& right) const {
      const Value& left_value = groups_.value(left.group, 0);
      const Value& right_value = groups_.value(right.group, 0);
      if (query_.metric_index_ < 0) {
        if (is_null(left_value) != is_null(right_value)) return is_null(left_value);  // first, inverted or not
        const int order = query_.compare_dimension(left_value, right_value);
        return query_.metric_.inverted ? order > 0 : order < 0;
      }
      const int order =
          query_.outputs().compare(static_cast<std::size_t>(query_.metric_index_), left.metric, right.metric);
      if (is_null(left.metric) != is_null(right.metric)) return is_null(right.metric);  // last, inverted or not
      if (order != 0) return query_.metric_.inverted ? order < 0 : order > 0;
      return compare_values(left_value, right_value) < 0;
    }

    const TopN& query_;
    const MergedGroups& groups_;
    boost::unordered_flat_map<std::int64_t, std::vector<std::uint32_t>> buckets_;
  };

  class JsonRows {
   public:
    JsonRows(const TopN& query, QueryRun& run, const Ranking& ranking)
        : query_(query), out_(run.out()), ranking_(ranking) {
      order_keys(run.limits().key_order);
    }

    void write(const Result& result) {
      out_.json().begin_object().key("timestamp");
      query_.write_time(out_, result.time_ms, result.zoned);
      out_.json().key("result").begin_array();
      for (const std::uint32_t group : ranking_.best(result.key_ms)) row(group);
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
          out_.value(outputs.value(ranking_.groups().states(group), i, query_.finalised()));
        } else {
          out_.json().key(query_.dimensions()[0].output_name);
          out_.value(ranking_.groups().value(group, 0));
        }
      }
      out_.json().end_object();
    }

    const TopN& query_;
    ResultWriter& out_;
    const Ranking& ranking_;
    static constexpr std::size_t kDimension = SIZE_MAX;
    std::vector<std::size_t> order_;  // outputs, and kDimension
  };

  /// Druid prints a topN's bucket in the granularity's zone only where it merged the answers of several segments.
  static bool is_merged(const std::vector<BucketRange>& ranges, std::int64_t start_ms) {
    return std::count_if(ranges.begin(), ranges.end(), [&](const BucketRange& range) {
             return range.first_ms <= start_ms && start_ms < range.end_ms;
           }) > 1;
  }

  int compare_dimension(const Value& left, const Value& right) const {
    const std::optional<std::string> left_text = value_text(left);
    const std::optional<std::string> right_text = value_text(right);
    return metric_.ordering->compare(left_text, right_text);
  }

  /// With previousStop, only values after it in the order asked for.
  bool may_rank(const Value& value) const {
    if (!metric_.previous_stop) return true;
    const std::optional<std::string> text = value_text(value);
    if (!text) return false;
    const int order = metric_.ordering->compare(text, metric_.previous_stop);
    return metric_.inverted ? order < 0 : order > 0;
  }

  TopNMetric metric_;
  std::int64_t threshold_;
  std::int64_t threshold_min_;  // what Druid keeps of each segment at least
  std::ptrdiff_t metric_index_;
};

QueryPtr parse_top_n(const JsonField& json) { return std::make_shared<TopN>(json); }

}  // namespace

void register_top_n(QueryRegistry& registry) {
  registry.add({.type = "topN", .parse = parse_top_n, .doc = "The best values of a dimension by a metric."});
}

}  // namespace sarsen::engine
