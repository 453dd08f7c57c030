// topN: the best values of one dimension by a metric, in each bucket of time. As in Druid, only the best of each
// segment take part, at least 1000 of them (minTopNThreshold), and only as many of what is merged so far: a value that
// is never among them is missed, and one that is not always among them counts for less.

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "engine/aggregator/ranked_states.h"
#include "engine/exec/poll.h"
#include "engine/query/aggregating_query.h"
#include "engine/query/best_ranks.h"
#include "engine/query/first_values.h"
#include "engine/query/rank_queue.h"
#include "engine/query/top_n_metric.h"
#include "engine/result/java_hash_order.h"
#include "engine/result/value_order.h"
#include "engine/virtual_column/virtual_column.h"

namespace sarsen::engine {
namespace {

class TopN final : public AggregatingQuery {
 public:
  explicit TopN(const JsonField& json) : AggregatingQuery(json), metric_(parse_top_n_metric(json["metric"])) {
    const JsonField dimension = json["dimension"];
    if (!dimension.present()) dimension.fail("is required: the dimension to rank");
    set_dimensions({parse_dimension(dimension)}, false);
    if (!dimensions()[0].array_type.empty())
      dimension["outputType"].fail("topN cannot rank values of type [" + dimensions()[0].array_type + "]");
    threshold_ = json["threshold"].integer();
    if (threshold_ <= 0) json["threshold"].fail("Threshold cannot be equal to 0: give a number greater than 0");
    threshold_min_ = context().integer_or("minTopNThreshold", 1000);
    metric_index_ = metric_.ordering != nullptr ? -1 : outputs().find(metric_.metric);
    if (metric_.ordering == nullptr && metric_index_ < 0)
      json["metric"].fail("no aggregation or post-aggregation is named \"" + metric_.metric + "\"" +
                          suggestion(metric_.metric, outputs().names()));
    if (outputs().find(dimensions()[0].output_name) >= 0)
      dimension.fail("the output name \"" + dimensions()[0].output_name + "\" is used by an aggregation too");
    if (const auto wanted = first_values(dimensions()[0], metric_, granularity(), threshold_))
      set_narrowing([wanted](ScanPlan& plan) { keep_first_values(plan, *wanted); },
                    json["metric"].json().dump() + std::to_string(threshold_));
  }

  void run(QueryRun& run) const override {
    const std::vector<QueryRun::Part>& parts = run.parts();
    const Candidates candidates = find(run, parts);
    Ranking ranking(*this, candidates);
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
    const Candidates candidates = find(run, parts);
    const MergedGroups& groups = candidates.groups;
    Ranking ranking(*this, candidates);
    for_each_result(run, parts, [&](const Result& result) {
      for (const std::uint32_t group : ranking.best(result.key_ms)) {
        std::vector<Value> row{result.time_ms, groups.shown(group, 0)};
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

  using Buckets = boost::unordered_flat_map<std::int64_t, std::vector<std::uint32_t>>;

  /// All groups, and those of each bucket that take part.
  struct Candidates {
    MergedGroups groups;
    Buckets buckets;
    std::vector<std::uint8_t> takes_part = {};  // by group, of the bucket that is merged just now; else 0
  };

  Buckets buckets_of(const MergedGroups& groups) const {
    Buckets buckets;
    if (granularity().is_all() && !metric_.previous_stop && groups.size() > 0) {
      std::vector<std::uint32_t>& all = buckets[0];
      all.resize(groups.size());
      std::iota(all.begin(), all.end(), 0U);
      return buckets;
    }
    std::int64_t known_ms = 0;
    std::vector<std::uint32_t>* known = nullptr;
    for (std::uint32_t group = 0; group < groups.size(); ++group) {
      if (metric_.previous_stop && !metric_.may_rank(groups.value(group, 0))) continue;
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
    const BestWanted best{static_cast<std::size_t>(metric_index_), metric_.inverted, room()};
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
      if (groups.size() > room()) {
        Ranking(*this, segment).drop_hopeless(groups);
        sort_by_value(segment.groups, groups, null_last);
      }
      merge_best(segment.groups, Ranking(*this, segment).keep(groups), bucket_ms, found);
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

  /// How many values of a segment are kept.
  std::size_t room() const { return static_cast<std::size_t>(std::max(threshold_, threshold_min_)); }

  void merge_best(const MergedGroups& segment, const std::vector<std::uint32_t>& best, std::int64_t bucket_ms,
                  Candidates& found) const {
    std::vector<std::uint32_t>& groups = found.buckets[bucket_ms];
    for (const std::uint32_t group : groups) found.takes_part[group] = 1;
    const std::vector<std::uint32_t> added = found.groups.add_groups(segment, best);
    found.takes_part.resize(found.groups.size());
    for (const std::uint32_t group : added)
      if (std::exchange(found.takes_part[group], 1) == 0) groups.push_back(group);
    std::vector<std::uint32_t> kept = Ranking(*this, found).keep(groups);
    for (const std::uint32_t group : kept) found.takes_part[group] = 0;
    for (const std::uint32_t group : groups)
      if (std::exchange(found.takes_part[group], 0) != 0) found.groups.reset(group);
    groups = std::move(kept);
  }

  /// The groups of each bucket, best first.
  class Ranking {
   public:
    Ranking(const TopN& query, const Candidates& candidates)
        : query_(query),
          groups_(candidates.groups),
          buckets_(candidates.buckets),
          numbers_ascend_(groups_.numbers_ascend(0)) {}

    const MergedGroups& groups() const noexcept { return groups_; }

    std::vector<std::uint32_t> best(std::int64_t key_ms) const {
      const auto found = buckets_.find(key_ms);
      if (found == buckets_.end()) return {};
      std::vector<Ranked> ranked = all(found->second);
      const auto kept = std::min(ranked.size(), static_cast<std::size_t>(query_.threshold_));
      std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept), ranked.end(),
                        [&](const Ranked& left, const Ranked& right) { return better(left, right); });
      ranked.resize(kept);
      return numbers(ranked);
    }

    /// What Druid's queue keeps of groups that come in this order, best first: a group that comes late must be better
    /// than the worst by the metric, and of those that are equally bad the smallest value goes. Ranked by the
    /// dimension, null is kept only where there is room when it comes.
    std::vector<std::uint32_t> keep(const std::vector<std::uint32_t>& groups) const {
      std::vector<std::uint32_t> kept;
      if (keep_ranked(groups, kept)) return kept;
      const std::size_t room = query_.room();
      const auto above = [&](const Ranked& left, const Ranked& right) {
        poll();
        const int order = compare_metrics(left, right);
        return order != 0 ? order < 0 : compare_dimensions(left.group, right.group) > 0;
      };
      metrics_.clear();
      std::vector<Ranked> queue;  // a heap, the worst first
      for (const std::uint32_t group : groups) {
        const bool full = queue.size() >= room;
        const double rank = this->rank(group);
        if (full && is_behind(rank, queue.front().rank)) continue;
        const Ranked one = ranked(group, rank);
        const bool is_late_null = query_.metric_index_ < 0 && is_null(value(one));
        if (full && (is_late_null || compare_metrics(one, queue.front()) >= 0)) continue;
        queue.push_back(one);
        std::push_heap(queue.begin(), queue.end(), above);
        if (queue.size() <= room) continue;
        std::pop_heap(queue.begin(), queue.end(), above);
        queue.pop_back();
      }
      std::sort(queue.begin(), queue.end(),
                [&](const Ranked& left, const Ranked& right) { return better(left, right); });
      return numbers(queue);
    }

    /// Leaves out groups that keep() lets go in whatever order they come, as there is room only for better ones. So
    /// they need no order, and no values are made of them.
    void drop_hopeless(std::vector<std::uint32_t>& groups) const {
      if (is_by_number()) return drop_by_number(groups);
      if (!has_ranks()) return;
      const std::vector<double> ranks = all_ranks(groups);
      BestRanks best(query_.room());
      for (const double rank : ranks) best.add(rank);
      const double worst = best.worst();
      std::size_t kept = 0;
      for (std::size_t i = 0; i < groups.size(); ++i)
        if (!(ranks[i] < worst)) groups[kept++] = groups[i];  // what must be compared in full stays
      groups.resize(kept);
    }

   private:
    /// A group with what tells most others from it, and where its metric is kept that tells the rest.
    struct Ranked {
      std::uint32_t group;
      std::uint32_t place;
      double rank;
    };
    static constexpr std::uint32_t kNotKept = UINT32_MAX;
    static constexpr std::size_t kRankedTogether = 4096;

    /// Whether the numbers of values have the order that is asked for.
    bool is_by_number() const {
      return query_.metric_index_ < 0 && numbers_ascend_ && query_.metric_.is_lexicographic();
    }

    /// Null, whose number is the least, ranks highest in either direction.
    void drop_by_number(std::vector<std::uint32_t>& groups) const {
      const auto number = [&](std::uint32_t group) { return groups_.value_number(group, 0); };
      const auto least = std::ranges::min_element(groups, {}, number);
      std::iter_swap(groups.begin(), least);
      const auto last = groups.begin() + static_cast<std::ptrdiff_t>(query_.room());
      if (query_.metric_.inverted)
        std::ranges::nth_element(groups.begin() + 1, last, groups.end(), std::greater<>(), number);
      else
        std::ranges::nth_element(groups.begin() + 1, last, groups.end(), {}, number);
      groups.erase(last + 1, groups.end());
    }

    /// Whether states tell something of the metric's order (engine/aggregator/ranked_states.h).
    bool has_ranks() const noexcept {
      return static_cast<std::size_t>(query_.metric_index_) < query_.outputs().aggregators()->size();
    }

    /// The greater, the better.
    std::vector<double> all_ranks(std::span<const std::uint32_t> groups) const {
      std::vector<double> ranks(groups.size());
      for (std::size_t begin = 0; begin < groups.size(); begin += kRankedTogether) {
        poll_now();
        query_.outputs().aggregators()->ranks(groups_.states(0),
                                              groups.subspan(begin, std::min(kRankedTogether, groups.size() - begin)),
                                              static_cast<std::size_t>(query_.metric_index_), ranks.data() + begin);
      }
      if (query_.metric_.inverted) std::ranges::transform(ranks, ranks.begin(), std::negate<>());
      return ranks;
    }

    std::vector<Ranked> all(const std::vector<std::uint32_t>& groups) const {
      metrics_.clear();
      std::vector<Ranked> ranked;
      ranked.reserve(groups.size());
      for (const std::uint32_t group : groups) ranked.push_back(this->ranked(group, rank(group)));
      return ranked;
    }

    /// From the states alone, without making values of them; NaN where that cannot be.
    double rank(std::uint32_t group) const noexcept {
      if (!has_ranks()) return std::numeric_limits<double>::quiet_NaN();
      return query_.outputs().aggregators()->rank(groups_.states(group),
                                                  static_cast<std::size_t>(query_.metric_index_));
    }

    /// Or as bad. Never says so of a group that is better.
    bool is_behind(double rank, double worst) const noexcept {
      return are_same_rank(rank, worst) || (query_.metric_.inverted ? rank > worst : rank < worst);
    }

    Ranked ranked(std::uint32_t group, double rank) const {
      if (query_.metric_index_ < 0 || are_same_rank(rank, rank)) return {group, kNotKept, rank};
      metrics_.push_back(made_metric(group));
      return {group, static_cast<std::uint32_t>(metrics_.size() - 1), rank};
    }

    static std::vector<std::uint32_t> numbers(const std::vector<Ranked>& ranked) {
      std::vector<std::uint32_t> groups;
      groups.reserve(ranked.size());
      for (const Ranked& one : ranked) groups.push_back(one.group);
      return groups;
    }

    const Value& value(const Ranked& ranked) const { return groups_.value(ranked.group, 0); }

    Value metric(const Ranked& ranked) const {
      return ranked.place != kNotKept ? metrics_[ranked.place] : made_metric(ranked.group);
    }

    Value made_metric(std::uint32_t group) const {
      return query_.outputs().ordered_by(groups_.states(group), static_cast<std::size_t>(query_.metric_index_));
    }

    /// Negative: the left one ranks higher. Null values come first and null metrics last, inverted or not; but of what
    /// ranks nulls highest they come first where it is not inverted.
    int compare_metrics(const Ranked& left, const Ranked& right) const {
      if (query_.metric_index_ < 0) {
        if (is_null(value(left)) != is_null(value(right))) return is_null(value(left)) ? -1 : 1;
        const int order = query_.metric_.compare(value(left), value(right));
        return query_.metric_.inverted ? -order : order;
      }
      if (left.rank < right.rank || left.rank > right.rank)
        return (left.rank < right.rank) == query_.metric_.inverted ? -1 : 1;
      if (are_same_rank(left.rank, right.rank)) return 0;
      return compare_made_metrics(metric(left), metric(right));
    }

    int compare_made_metrics(const Value& left, const Value& right) const {
      const auto index = static_cast<std::size_t>(query_.metric_index_);
      if (is_null(left) != is_null(right)) {
        const bool nulls_first = !query_.metric_.inverted && query_.outputs().nulls_rank_highest(index);
        return is_null(right) != nulls_first ? -1 : 1;
      }
      const int order = query_.outputs().compare(index, left, right);
      return query_.metric_.inverted ? order : -order;
    }

    bool better(const Ranked& left, const Ranked& right) const {
      const int order = compare_metrics(left, right);
      if (order != 0 || query_.metric_index_ < 0) return order < 0;
      return compare_dimensions(left.group, right.group) < 0;
    }

    int compare_dimensions(std::uint32_t left, std::uint32_t right) const {
      if (!numbers_ascend_) return compare_values(groups_.value(left, 0), groups_.value(right, 0));
      const std::uint32_t left_number = groups_.value_number(left, 0);
      const std::uint32_t right_number = groups_.value_number(right, 0);
      return left_number < right_number ? -1 : left_number > right_number;
    }

    /// The same by ranks alone; false where these do not tell enough.
    bool keep_ranked(const std::vector<std::uint32_t>& groups, std::vector<std::uint32_t>& kept) const {
      if (!has_ranks()) return false;
      const std::vector<double> ranks = all_ranks(groups);
      const auto tells_enough = [&](double rank) {  // which a zero below zero does not
        return are_same_rank(rank, rank) && (rank != 0 || std::signbit(rank) == query_.metric_.inverted);
      };
      if (!std::ranges::all_of(ranks, tells_enough)) return false;
      std::vector<RankedGroup> ranked(groups.size());
      for (std::size_t i = 0; i < groups.size(); ++i) ranked[i] = {ranks[i], groups[i]};
      const auto smaller = [&](std::uint32_t left, std::uint32_t right) {
        poll();
        return compare_dimensions(left, right) < 0;
      };
      for (const RankedGroup& one : keep_best(std::move(ranked), query_.room(), smaller)) kept.push_back(one.group);
      return true;
    }

    const TopN& query_;
    const MergedGroups& groups_;
    const Buckets& buckets_;
    bool numbers_ascend_;
    mutable std::vector<Value> metrics_;  // of the groups that are ranked just now
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
          out_.value(ranking_.groups().shown(group, 0));
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
