// Data sources whose rows are in memory: inline, rows written in the query; query, the answer of another query; lookup,
// the pairs of a lookup.

#include "engine/data_source/row_segment.h"
#include "engine/lookup/lookup_registry.h"
#include "engine/query/query_run.h"
#include "storage/base/check.h"

namespace sarsen::engine {
namespace {

/// The one part of a data source in memory, for each of the query's intervals.
std::vector<SourcePart> parts_of(const std::shared_ptr<const storage::Segment>& segment, const std::string& name,
                                 const QueryRun& run) {
  std::vector<SourcePart> parts;
  const storage::SegmentId id{name, kEternity, "dummy_version", 0};
  for (const Interval& interval : run.query().intervals())
    parts.push_back({segment, interval, nullptr, id.text(), kEternity, parts.size(), false, false});
  return parts;
}

/// As it is printed again: booleans stay booleans.
Value inline_value(const Json& json) { return json.is_bool() ? Value(Nested{json}) : value_of(json); }

class Inline final : public DataSource {
 public:
  /// `small_time`: a time of less than 32 bits, if there is one.
  Inline(std::shared_ptr<const RowSegment> segment, std::optional<std::int64_t> small_time)
      : segment_(std::move(segment)), small_time_(small_time) {}

  void add_tables(std::vector<std::string>&) const override {}
  bool is_in_memory() const noexcept override { return true; }
  std::shared_ptr<const storage::Segment> rows(QueryRun&) const override { return segment_; }
  /// Refused where Druid cannot cast the Integer that it has read to the Long of a time.
  std::vector<SourcePart> parts(QueryRun& run, const PushedFilter&) const override {
    if (small_time_)
      throw Error(
          ErrorCategory::kInvalidInput,
          "Rows written in a query cannot have a __time that fits into 32 bits: " + std::to_string(*small_time_));
    return parts_of(segment_, "inline", run);
  }

 private:
  std::shared_ptr<const RowSegment> segment_;
  std::optional<std::int64_t> small_time_;
};

DataSourcePtr parse_inline(const JsonField& json) {
  RowSignature signature;
  const JsonField names = json["columnNames"];
  const JsonField types = json["columnTypes"];
  if (!names.present()) names.fail("is required: the names of the columns");
  for (const JsonField& name : names.elements()) signature.push_back({name.string(), ""});
  if (types.present()) {
    const std::vector<JsonField> elements = types.elements();
    if (elements.size() != signature.size()) types.fail("must have as many elements as columnNames");
    for (std::size_t i = 0; i < elements.size(); ++i)
      if (elements[i].present()) signature[i].type = elements[i].string();
  }
  const JsonField rows = json["rows"];
  if (!rows.present()) rows.fail("is required: a list of rows, each a list of values");
  RowSegmentBuilder builder;
  builder.start(signature);
  std::optional<std::int64_t> small_time;
  for (const JsonField& row : rows.elements()) {
    std::vector<Value> values;
    if (!row.json().is_array()) row.fail("must be a list of values");
    for (const Json& cell : row.json().array()) values.push_back(inline_value(cell));
    if (values.size() < signature.size()) row.fail("has fewer values than columnNames");
    for (std::size_t i = 0; i < signature.size(); ++i) {
      const auto* whole = std::get_if<std::int64_t>(&values[i]);
      if (signature[i].name == storage::kTimeColumn && whole != nullptr && std::in_range<std::int32_t>(*whole))
        small_time = *whole;
    }
    builder.row(values);
  }
  return std::make_shared<Inline>(builder.finish(), small_time);
}

/// Counts the rows of all queries below one query against their limit.
class CountedRows final : public RowSink {
 public:
  CountedRows(RowSink& rows, SubQueryLimit& limit) : rows_(rows), limit_(limit) {}

  void start(const RowSignature& signature) override {
    limit_.start(signature);
    rows_.start(signature);
  }
  bool row(std::vector<Value>& values) override {
    limit_.count(values);
    return rows_.row(values);
  }

 private:
  RowSink& rows_;
  SubQueryLimit& limit_;
};

class SubQuery final : public DataSource {
 public:
  explicit SubQuery(QueryPtr query) : query_(std::move(query)) {}

  void add_tables(std::vector<std::string>& names) const override { query_->source().add_tables(names); }
  bool is_in_memory() const noexcept override { return true; }
  const Query* query() const noexcept override { return query_.get(); }

  std::vector<SourcePart> parts(QueryRun& run, const PushedFilter&) const override {
    const bool is_source = is_group_by(run.query()) && run.query().source().query() == query_.get();
    const bool nested = is_source && is_group_by(*query_) && (!run.is_nested() || is_nestable());
    return parts_of(answer(run, nested), "inline", run);
  }
  std::shared_ptr<const storage::Segment> rows(QueryRun& run) const override { return answer(run, false); }

 private:
  std::shared_ptr<const storage::Segment> answer(QueryRun& run, bool nested) const {
    RowSegmentBuilder builder(run.limits().query_bytes_max);
    CountedRows counted(builder, run.sub_queries());
    QueryRun below = run.below(*query_, nested);
    query_->rows(below, nested ? static_cast<RowSink&>(builder) : counted);
    return builder.finish();
  }

  static bool is_group_by(const Query& query) { return query.type() == "groupBy"; }

  /// Druid works a groupBy of groupBys, down to one of something else than a query, out in one: no limit of rows holds
  /// between them. Of other chains it works out in one the two on top.
  bool is_nestable() const {
    for (const Query* query = query_.get(); query != nullptr; query = query->source().query())
      if (!is_group_by(*query)) return false;
    return true;
  }

  QueryPtr query_;
};

DataSourcePtr parse_sub_query(const JsonField& json) {
  const JsonField query = json["query"];
  if (!query.present()) query.fail("is required: a native query");
  return std::make_shared<SubQuery>(parse_query(query));
}

/// Two columns of text, k and v. A lookup that nobody registered has no rows, as in Druid.
class LookupRows final : public DataSource {
 public:
  LookupRows(std::string name, std::shared_ptr<const RowSegment> segment)
      : name_(std::move(name)), segment_(std::move(segment)) {}

  void add_tables(std::vector<std::string>&) const override {}
  bool is_in_memory() const noexcept override { return true; }
  std::shared_ptr<const storage::Segment> rows(QueryRun&) const override { return segment_; }
  std::vector<SourcePart> parts(QueryRun& run, const PushedFilter&) const override {
    return parts_of(segment_, name_, run);
  }

 private:
  std::string name_;
  std::shared_ptr<const RowSegment> segment_;
};

DataSourcePtr parse_lookup_rows(const JsonField& json) {
  std::string name = json["lookup"].string();
  RowSegmentBuilder builder;
  builder.start({{"k", "STRING"}, {"v", "STRING"}});
  if (const LookupPtr lookup = lookup_registry().find(name))
    for (const auto& [key, value] : lookup->entries()) {
      std::vector<Value> row{key, value};
      builder.row(row);
    }
  return std::make_shared<LookupRows>(std::move(name), builder.finish());
}

}  // namespace

void register_rows(DataSourceRegistry& registry) {
  registry.add({.type = "inline", .parse = parse_inline, .doc = "Rows written in the query."});
  registry.add({.type = "lookup", .parse = parse_lookup_rows, .doc = "The pairs of a lookup."});
  registry.add({.type = "query", .parse = parse_sub_query, .doc = "The answer of another query."});
}

}  // namespace sarsen::engine
