// groupBy: aggregates by buckets of time and any number of dimensions.

#include <algorithm>
#include <numeric>

#include "engine/data_source/row_segment.h"
#include "engine/exec/poll.h"
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
    if (json["subtotalsSpec"].present()) parse_subtotals(json["subtotalsSpec"]);
    check_names(json);
    check_limit_push_down(json);
    refuse_present(json["context"]["timestampResultField"], "in a groupBy it is");
    order_.emplace(limit_spec_.columns, dimensions(), outputs(), context().boolean_or("sortByDimsFirst", false),
                   json["limitSpec"]["columns"]);
    if (const auto fudge = context().string("fudgeTimestamp")) fudge_timestamp_ms_ = exact_long(*fudge);
  }

  void run(QueryRun& run) const override {
    JsonRows rows(*this, run);
    answer(run, rows);
  }

  void rows(QueryRun& run, RowSink& sink) const override {
    SinkRows rows(*this, run, sink);
    answer(run, rows);
  }

 private:
  /// Where the rows of the answer go, in order.
  class Rows {
   public:
    virtual ~Rows() = default;
    /// False: no more rows are wanted.
    virtual bool row(const MergedGroups& groups, std::uint32_t group) = 0;
  };

  void parse_subtotals(const JsonField& json) {
    subtotals_.emplace();
    for (const JsonField& element : json.elements()) {
      std::vector<bool> kept(dimensions().size());
      for (const JsonField& name : element.elements()) kept[subtotal_dimension(element, name.string())] = true;
      subtotals_->push_back(std::move(kept));
    }
    subtotal_grouping_ = grouping();
    subtotal_grouping_.dimensions.emplace_back().output_type = storage::ValueType::kLong;  // which subtotal
  }

  std::size_t subtotal_dimension(const JsonField& subtotal, const std::string& name) const {
    for (std::size_t i = 0; i < dimensions().size(); ++i)
      if (dimensions()[i].output_name == name) return i;
    subtotal.fail("Subtotal spec " + subtotal.json().dump() + " is either not a subset of top level dimensions.");
  }

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

  /// Calls visit(name) for each dimension of which a row may have several values.
  template <class Visit>
  void for_each_multiple(const std::vector<QueryRun::Part>& parts, Visit visit) const {
    for (const QueryRun::Part& part : parts)
      for (const DimensionSpec& dimension : dimensions()) {
        const storage::Column* column = part.segment->column(dimension.dimension);
        if (column != nullptr && column->multiple_values()) visit(dimension.dimension);
      }
  }

  void check_multiple_values(const std::vector<QueryRun::Part>& parts) const {
    if (!context().boolean_or("groupByEnableMultiValueUnnesting", true))
      for_each_multiple(parts, [](const std::string& name) {
        throw Error(
            ErrorCategory::kInvalidInput,
            "Encountered multi-value dimension [" + name +
                "] that cannot be processed with 'groupByEnableMultiValueUnnesting' set to false. Consider setting "
                "'groupByEnableMultiValueUnnesting' to true in your query context.");
      });
    if (context().is_forced("vectorize"))
      for_each_multiple(parts, [](const std::string& name) {
        throw Error(ErrorCategory::kInvalidInput, "Cannot vectorize! The dimension [" + name + "] has several values");
      });
  }

  void answer(QueryRun& run, Rows& out) const {
    const std::vector<QueryRun::Part>& parts = run.parts();
    check_multiple_values(parts);
    MergedGroups groups = scan(run, parts);
    if (run.is_by_segment()) return answer_segment(groups, out);
    if (subtotals_) return answer_subtotals(run, groups, out);
    if (groups.size() == 0) return answer_empty(out);
    answer_groups(run, groups, out);
  }

  /// What happens to merged rows, having, limits, subtotals, does not happen to a segment's own.
  void answer_segment(const MergedGroups& groups, Rows& out) const {
    std::vector<std::uint32_t> rows(groups.size());
    std::iota(rows.begin(), rows.end(), 0U);
    GroupOrder({}, dimensions(), outputs(), false, JsonField(Json())).sort(groups, rows);
    for (const std::uint32_t row : rows) out.row(groups, row);
  }

  void answer_groups(QueryRun& run, MergedGroups& groups, Rows& out) const {
    std::vector<std::uint32_t> rows = accepted(groups);
    order_->sort(groups, rows, room(), subtotals_.has_value());
    if (pushes_limit_down()) cut_and_merge(groups, rows);
    const std::size_t offset = std::min(rows.size(), static_cast<std::size_t>(limit_spec_.offset));
    const std::size_t count = std::min(rows.size() - offset, static_cast<std::size_t>(limit_spec_.limit));
    for (std::size_t i = offset; i < offset + count; ++i) {
      run.control().check();
      if (!out.row(groups, rows[i])) return;
    }
  }

  /// How many rows are worth sorting.
  std::size_t room() const {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(limit_spec_.limit) +
                                    static_cast<std::uint64_t>(limit_spec_.offset));
  }

  /// Where Druid's data servers would cut their rows already.
  bool pushes_limit_down() const {
    return limit_spec_.limit != INT64_MAX && !limit_spec_.columns.empty() && order_->is_by_dimensions() &&
           having_ == nullptr && !subtotals_ && context().boolean_or("applyLimitPushDown", true);
  }

  /// Those servers then merge rows by the comparators of limitSpec, so rows that these take for equal ("1" and "01" as
  /// numbers) become one, with the values of the first.
  void cut_and_merge(MergedGroups& groups, std::vector<std::uint32_t>& rows) const {
    std::size_t kept = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (order_->are_one(groups, rows[kept], rows[i])) {
        outputs().aggregators()->merge(groups.states(rows[kept]), groups.states(rows[i]));
      } else {
        rows[++kept] = rows[i];
      }
    }
    if (!rows.empty()) rows.resize(kept + 1);
  }

  void answer_subtotals(QueryRun& run, const MergedGroups& groups, Rows& out) const {
    MergedGroups all(subtotal_grouping_);
    for (std::size_t i = 0; i < subtotals_->size(); ++i) {
      run.control().check();
      const std::uint32_t before = all.size();
      all.add_subtotal(groups, (*subtotals_)[i], static_cast<std::int64_t>(i));
      note_dimensions(all, before, (*subtotals_)[i]);
    }
    answer_groups(run, all, out);
  }

  /// Tells the aggregators which dimensions the groups from `begin` on have: by the names of their columns, not those
  /// of the output, as Druid does.
  void note_dimensions(MergedGroups& groups, std::uint32_t begin, const std::vector<bool>& kept) const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (kept[i]) names.push_back(dimensions()[i].dimension);
    const AggregatorSet& set = *outputs().aggregators();
    for (std::size_t i = 0; i < set.size(); ++i)
      for (std::uint32_t group = begin; group < groups.size(); ++group)
        set.factory(i).note_dimensions(groups.states(group) + set.offset(i), names);
  }

  /// Without dimensions and with granularity all, nothing is one row of initial values, as in SQL.
  void answer_empty(Rows& out) const {
    if (!dimensions().empty() || !granularity().is_all() || limit_spec_.offset > 0) return;
    MergedGroups one(grouping());
    one.add_initial();
    if (!accepted(one).empty()) out.row(one, 0);
  }

  /// Groups as `having` sees them.
  class GroupRows final : public HavingRows {
   public:
    GroupRows(const GroupBy& query, const MergedGroups& groups) : query_(query), groups_(groups) {}

    std::uint32_t size() const override { return groups_.size(); }

    Value value(std::uint32_t row, std::string_view name) const override {
      for (std::size_t i = 0; i < query_.dimensions().size(); ++i)
        if (query_.dimensions()[i].output_name == name) return groups_.shown(row, i);
      const std::ptrdiff_t output = query_.outputs().find(name);
      if (output < 0) return {};
      return query_.outputs().value(groups_.states(row), static_cast<std::size_t>(output));
    }

    std::shared_ptr<const storage::Segment> segment() const override {
      if (segment_ != nullptr) return segment_;
      RowSegmentBuilder builder;
      builder.start(query_.signature(true));
      for (std::uint32_t group = 0; group < groups_.size(); ++group) {
        poll();
        std::vector<Value> row = query_.values(groups_, group, true, true);
        builder.row(row);
      }
      segment_ = builder.finish();
      return segment_;
    }

   private:
    const GroupBy& query_;
    const MergedGroups& groups_;
    mutable std::shared_ptr<const storage::Segment> segment_;
  };

  /// The groups that `having` lets through.
  std::vector<std::uint32_t> accepted(const MergedGroups& groups) const {
    std::vector<std::uint32_t> rows;
    if (having_ == nullptr) {
      rows.resize(groups.size());
      std::iota(rows.begin(), rows.end(), 0U);
      return rows;
    }
    const std::vector<bool> kept = having_->accepted(GroupRows(*this, groups));
    for (std::uint32_t group = 0; group < groups.size(); ++group)
      if (kept[group]) rows.push_back(group);
    return rows;
  }

  class JsonRows final : public Rows {
   public:
    JsonRows(const GroupBy& query, QueryRun& run) : query_(query), out_(run.out()) {
      JavaHashOrder keys(16, run.limits().key_order);
      for (const DimensionSpec& dimension : query.dimensions()) keys.put(dimension.output_name);
      for (const std::string& name : query.outputs().names()) keys.put(name);
      order_ = keys.order();
    }

    bool row(const MergedGroups& groups, std::uint32_t group) override {
      const std::int64_t time_ms = query_.row_time_ms(groups.bucket_ms(group));
      if (query_.as_arrays_) {
        array(groups, group, time_ms);
      } else {
        object(groups, group, time_ms);
      }
      out_.flush_if_full();
      return true;
    }

   private:
    void object(const MergedGroups& groups, std::uint32_t group, std::int64_t time_ms) {
      out_.json().begin_object().key("version").string("v1").key("timestamp");
      query_.write_time(out_, time_ms);
      out_.json().key("event").begin_object();
      for (const std::size_t i : order_) {
        out_.json().key(name(i));
        cell(groups, group, i);
      }
      out_.json().end_object().end_object();
    }

    void array(const MergedGroups& groups, std::uint32_t group, std::int64_t time_ms) {
      out_.json().begin_array();
      if (!query_.granularity().is_all()) out_.json().integer(time_ms);
      for (std::size_t i = 0; i < order_.size(); ++i) cell(groups, group, i);
      out_.json().end_array();
    }

    const std::string& name(std::size_t i) const {
      const std::size_t dimensions = query_.dimensions().size();
      return i < dimensions ? query_.dimensions()[i].output_name : query_.outputs().name(i - dimensions);
    }

    void cell(const MergedGroups& groups, std::uint32_t group, std::size_t i) {
      const std::size_t dimensions = query_.dimensions().size();
      if (i < dimensions) {
        out_.value(groups.shown(group, i));
      } else {
        out_.value(query_.outputs().value(groups.states(group), i - dimensions, query_.finalised()));
      }
    }

    const GroupBy& query_;
    ResultWriter& out_;
    std::vector<std::size_t> order_;
  };

  /// For another query. A groupBy of groupBys works on values that are not finalised, and on the rows' own times.
  class SinkRows final : public Rows {
   public:
    SinkRows(const GroupBy& query, const QueryRun& run, RowSink& sink)
        : query_(query),
          sink_(sink),
          with_time_(run.is_nested() || !query.granularity().is_all()),
          finalised_(run.is_nested() ? query.context().boolean_or("finalize", false) : query.finalised()) {
      sink.start(query.signature(with_time_, finalised_));
    }

    bool row(const MergedGroups& groups, std::uint32_t group) override {
      std::vector<Value> values = query_.values(groups, group, with_time_, finalised_);
      return sink_.row(values);
    }

   private:
    const GroupBy& query_;
    RowSink& sink_;
    bool with_time_;
    bool finalised_;
  };

  RowSignature signature(bool with_time, bool finalised = true) const {
    RowSignature signature;
    if (with_time) signature.push_back({std::string(storage::kTimeColumn), "LONG"});
    for (const DimensionSpec& dimension : dimensions())
      signature.push_back({dimension.output_name, dimension.type_name()});
    add_outputs(signature, finalised);
    return signature;
  }

  std::vector<Value> values(const MergedGroups& groups, std::uint32_t group, bool with_time, bool finalised) const {
    std::vector<Value> row;
    if (with_time) row.emplace_back(row_time_ms(groups.bucket_ms(group)));
    for (std::size_t i = 0; i < dimensions().size(); ++i) row.push_back(groups.shown(group, i));
    add_outputs(row, groups.states(group), finalised);
    return row;
  }

  std::int64_t row_time_ms(std::int64_t bucket_ms) const {
    if (fudge_timestamp_ms_) return *fudge_timestamp_ms_;
    if (!granularity().is_all()) return bucket_ms;
    return intervals().empty() ? 0 : intervals().front().start_ms;
  }

  LimitSpec limit_spec_;
  HavingPtr having_;
  std::optional<GroupOrder> order_;
  bool as_arrays_;
  std::optional<std::int64_t> fudge_timestamp_ms_;
  std::optional<std::vector<std::vector<bool>>> subtotals_;  // for each: the dimensions that it keeps
  Grouping subtotal_grouping_;
};

QueryPtr parse_group_by(const JsonField& json) { return std::make_shared<GroupBy>(json); }

}  // namespace

void register_group_by(QueryRegistry& registry) {
  registry.add({.type = "groupBy", .parse = parse_group_by, .doc = "Aggregates by buckets of time and dimensions."});
}

}  // namespace sarsen::engine
