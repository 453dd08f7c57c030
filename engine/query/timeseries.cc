// timeseries: aggregates by buckets of time.

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <numeric>

#include "engine/query/aggregating_query.h"
#include "engine/result/java_hash_order.h"

namespace sarsen::engine {
namespace {

class Timeseries final : public AggregatingQuery {
 public:
  explicit Timeseries(const JsonField& json)
      : AggregatingQuery(json),
        descending_(json["descending"].boolean_or(false)),
        limit_(json["limit"].integer_or(0)),
        skip_empty_buckets_(context().boolean_or("skipEmptyBuckets", false)),
        grand_total_(context().boolean_or("grandTotal", false)),
        timestamp_field_(context().string("timestampResultField").value_or("")) {
    if (limit_ < 0) json["limit"].fail("limit must be greater than 0");
    if (descending_) read_backwards();
  }

  void run(QueryRun& run) const override {
    JsonRows rows(*this, run);
    answer(run, rows);
  }

  void rows(QueryRun& run, RowSink& sink) const override {
    SinkRows rows(*this, sink);
    answer(run, rows);
  }

 private:
  /// The rows of the answer as they come, and their grand total.
  class Rows {
   public:
    explicit Rows(const Timeseries& query)
        : query_(query), total_(*query.outputs().aggregators()), empty_(*query.outputs().aggregators()) {
      total_.grow_to(1);
      empty_.grow_to(1);
    }
    virtual ~Rows() = default;

    /// `states`: nullptr for a bucket without a row. False when the limit is reached.
    bool row(std::int64_t time_ms, const std::byte* states) {
      if (states == nullptr) states = empty_.row(0);
      if (query_.grand_total_) add_to_total(states);
      ++rows_;
      return take(time_ms, states) && (query_.limit_ == 0 || rows_ < query_.limit_);
    }

    void total() { take(std::nullopt, rows_ > 0 ? total_.row(0) : nullptr); }

   protected:
    /// No time: the grand total. No states: of no row. False: no more rows are wanted.
    virtual bool take(std::optional<std::int64_t> time_ms, const std::byte* states) = 0;

    const Timeseries& query_;

   private:
    /// Druid does not combine with a total that is null so far, but replaces it.
    void add_to_total(const std::byte* states) {
      const AggregatorSet& aggregators = *query_.outputs().aggregators();
      for (std::size_t i = 0; i < aggregators.size(); ++i) {
        const AggregatorFactory& factory = aggregators.factory(i);
        std::byte* total = total_.row(0) + aggregators.offset(i);
        if (factory.divides_segments() || !is_null(factory.intermediate(total))) continue;
        factory.destroy(total);
        factory.init(total);
      }
      aggregators.merge(total_.row(0), states);
    }

    StateRows total_;
    StateRows empty_;
    std::int64_t rows_ = 0;
  };

  class JsonRows final : public Rows {
   public:
    JsonRows(const Timeseries& query, QueryRun& run) : Rows(query), out_(run.out()) {
      JavaHashOrder keys(JavaHashOrder::copied_table_size(query.outputs().aggregators()->size()),
                         run.limits().key_order);
      for (const std::string& name : query.outputs().names()) keys.put(name);
      if (!query.timestamp_field_.empty()) keys.put(query.timestamp_field_);
      order_ = keys.order();
    }

   private:
    bool take(std::optional<std::int64_t> time_ms, const std::byte* states) override {
      out_.json().begin_object().key("timestamp");
      if (time_ms) {
        query_.write_time(out_, *time_ms);
      } else {
        out_.json().null();
      }
      result(time_ms, states);
      return true;
    }

    void result(std::optional<std::int64_t> time_ms, const std::byte* states) {
      const Outputs& outputs = query_.outputs();
      out_.json().key("result").begin_object();
      for (const std::size_t i : order_) {
        if (i < outputs.size()) {
          out_.json().key(outputs.name(i));
          // A metric without a name is lost on Druid's way from a data server to the broker.
          const bool lost = i < outputs.aggregators()->size() && outputs.name(i).empty();
          out_.value(outputs.value(lost ? nullptr : states, i, query_.finalised()));
        } else if (time_ms) {
          out_.json().key(query_.timestamp_field_);
          out_.json().integer(*time_ms);
        }
      }
      out_.json().end_object().end_object();
      out_.flush_if_full();
    }

    ResultWriter& out_;
    std::vector<std::size_t> order_;
  };

  class SinkRows final : public Rows {
   public:
    SinkRows(const Timeseries& query, RowSink& sink) : Rows(query), sink_(sink) {
      RowSignature signature{{std::string(storage::kTimeColumn), "LONG"}};
      query.add_outputs(signature, query.finalised());
      sink.start(signature);
    }

   private:
    bool take(std::optional<std::int64_t> time_ms, const std::byte* states) override {
      std::vector<Value> row{time_ms ? Value(*time_ms) : Value()};
      query_.add_outputs(row, states, query_.finalised());
      return sink_.row(row);
    }

    RowSink& sink_;
  };

  void answer(QueryRun& run, Rows& rows) const {
    const std::vector<QueryRun::Part>& parts = run.parts();
    std::vector<QueryRun::Part> matched;
    const bool knows_rows_only = skip_empty_buckets_ || outputs().aggregators()->divides_segments();
    MergedGroups groups = knows_rows_only ? scan(run, parts, &matched) : scan_with_empty_buckets(run, parts);
    if (granularity().is_all()) {
      all_in_one(rows, skip_empty_buckets_ ? matched : parts, groups);
    } else {
      by_bucket(rows, run, parts, groups);
    }
    if (grand_total_) rows.total();
  }

  /// Druid merges a segment's bucket also where none of its rows match. It tells where nulls are merged.
  MergedGroups scan_with_empty_buckets(const QueryRun& run, const std::vector<QueryRun::Part>& parts) const {
    const auto key = [&](std::int64_t start_ms) { return granularity().is_all() ? 0 : start_ms; };
    boost::unordered_flat_map<std::int64_t, std::int64_t> without_rows;  // parts, by bucket
    if (granularity().is_all()) {
      without_rows[0] = std::count_if(parts.begin(), parts.end(), [](const QueryRun::Part& part) {
        const std::optional<Interval> times = part.segment->time_bounds();
        return times && times->start_ms < part.interval.end_ms;
      });
    } else {
      for (const BucketRange& range : part_ranges(parts))
        for_each_bucket({range}, false, run.control(), [&](std::int64_t start_ms) {
          ++without_rows[start_ms];
          return true;
        });
    }
    MergedGroups merged(grouping());
    scan_each(run, parts, [&](std::size_t, PartGroups groups) {
      for (std::uint32_t group = 0; group < groups.size(); ++group) --without_rows[key(groups.bucket_ms(group))];
      groups.add_to(merged);
      check_size(run, merged);
    });
    const AggregatorSet& aggregators = *outputs().aggregators();
    StateRows empty(aggregators);
    empty.grow_to(1);
    for (std::uint32_t group = 0; group < merged.size(); ++group)
      if (without_rows[key(merged.bucket_ms(group))] > 0) aggregators.merge(merged.states(group), empty.row(0));
    return merged;
  }

  void all_in_one(Rows& rows, const std::vector<QueryRun::Part>& parts, MergedGroups& groups) const {
    if (groups.size() == 0 && skip_empty_buckets_) return;
    std::optional<std::int64_t> stamp = all_timestamp_ms(parts, descending_);
    if (!stamp) stamp = intervals().empty() ? 0 : intervals().front().start_ms;
    rows.row(*stamp, groups.size() > 0 ? groups.states(0) : nullptr);
  }

  void by_bucket(Rows& rows, const QueryRun& run, const std::vector<QueryRun::Part>& parts,
                 MergedGroups& groups) const {
    if (skip_empty_buckets_) return by_group(rows, groups);
    boost::unordered_flat_map<std::int64_t, std::uint32_t> by_start;
    for (std::uint32_t group = 0; group < groups.size(); ++group) by_start.emplace(groups.bucket_ms(group), group);
    for_each_bucket(bucket_ranges(parts), descending_, run.control(), [&](std::int64_t start_ms) {
      const auto found = by_start.find(start_ms);
      return rows.row(start_ms, found == by_start.end() ? nullptr : groups.states(found->second));
    });
  }

  /// Only the buckets that have rows.
  void by_group(Rows& rows, MergedGroups& groups) const {
    std::vector<std::uint32_t> order(groups.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
      return (groups.bucket_ms(left) < groups.bucket_ms(right)) != descending_;
    });
    for (const std::uint32_t group : order)
      if (!rows.row(groups.bucket_ms(group), groups.states(group))) return;
  }

  bool descending_;
  std::int64_t limit_;
  bool skip_empty_buckets_;
  bool grand_total_;
  std::string timestamp_field_;
};

QueryPtr parse_timeseries(const JsonField& json) { return std::make_shared<Timeseries>(json); }

}  // namespace

void register_timeseries(QueryRegistry& registry) {
  registry.add({.type = "timeseries", .parse = parse_timeseries, .doc = "Aggregates by buckets of time."});
}

}  // namespace sarsen::engine
