#include "engine/query/group_by_rows.h"

#include "engine/query/group_by.h"
#include "engine/result/java_hash_order.h"

namespace sarsen::engine {
namespace {

class JsonRows final : public GroupByRows {
 public:
  JsonRows(const GroupBy& query, QueryRun& run) : query_(query), out_(run.out()) {
    JavaHashOrder keys(16, run.limits().key_order);
    for (const DimensionSpec& dimension : query.dimensions()) keys.put(dimension.output_name);
    for (const std::string& name : query.outputs().names()) keys.put(name);
    order_ = keys.order();
  }

  bool row(const MergedGroups& groups, std::uint32_t group) override {
    const std::int64_t time_ms = query_.row_time_ms(groups.bucket_ms(group));
    if (query_.as_arrays()) {
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

class SinkRows final : public GroupByRows {
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

}  // namespace

std::unique_ptr<GroupByRows> json_rows(const GroupBy& query, QueryRun& run) {
  return std::make_unique<JsonRows>(query, run);
}

std::unique_ptr<GroupByRows> sink_rows(const GroupBy& query, const QueryRun& run, RowSink& sink) {
  return std::make_unique<SinkRows>(query, run, sink);
}

LimitedRows::LimitedRows(const GroupBy& query, const Grouping& grouping, GroupByRows& out)
    : query_(query), grouping_(grouping), out_(out), pushed_down_(query.pushes_limit_down()) {
  if (pushed_down_)
    room_ =
        static_cast<std::uint64_t>(query.limit_spec().limit) + static_cast<std::uint64_t>(query.limit_spec().offset);
}

bool LimitedRows::row(MergedGroups& groups, std::uint32_t group) {
  if (!pushed_down_) return pass(groups, group);
  if (room_ == 0) return false;
  --room_;
  if (pending_ != nullptr && query_.order().are_one({pending_.get(), 0}, {&groups, group})) {
    grouping_.aggregators->merge(pending_->states(0), groups.states(group));
    return true;
  }
  if (pending_ != nullptr && !pass(*pending_, 0)) {
    pending_.reset();
    return false;
  }
  pending_ = std::make_unique<MergedGroups>(grouping_);
  pending_->take(groups, group);
  return true;
}

void LimitedRows::finish() {
  if (pending_ != nullptr) pass(*pending_, 0);
}

bool LimitedRows::pass(const MergedGroups& groups, std::uint32_t group) {
  const LimitSpec& limit = query_.limit_spec();
  if (passed_ - limit.offset >= limit.limit) return false;
  return ++passed_ <= limit.offset || out_.row(groups, group);
}

}  // namespace sarsen::engine
