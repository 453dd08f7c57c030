// segmentMetadata: what segments are made of: their columns, and how their rows were ingested.

#include <algorithm>
#include <map>

#include "engine/query/column_analysis.h"
#include "engine/query/query_run.h"
#include "engine/result/java_hash_order.h"
#include "storage/base/ascii_case.h"
#include "storage/base/check.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kDefaultHistoryMs = std::int64_t{7} * 24 * 3600 * 1000;  // druid.query.segmentMetadata

enum class MergeStrategy : std::uint8_t { kStrict, kLenient, kEarliest, kLatest };

/// Of one segment, or of several.
struct SegmentAnalysis {
  std::string id;
  std::string data_source;
  Interval segment_interval;
  std::vector<Interval> intervals;
  std::vector<std::pair<std::string, ColumnAnalysis>> columns;  // in the segment's order
  std::int64_t size = 0;
  std::int64_t rows = 0;
  std::optional<std::map<std::string, Json>> aggregators;  // by name; null JSON for those that do not merge
  std::vector<std::string> aggregator_names;               // in the order in which they came
  Json timestamp_spec;
  Json query_granularity;
  Json rollup;
};

bool same(const Json& left, const Json& right) { return left.dump() == right.dump(); }

/// What both say, or null.
Json agreed(const Json& left, const Json& right) { return same(left, right) ? left : Json(); }

class AnalysisMerger {
 public:
  explicit AnalysisMerger(MergeStrategy strategy) : strategy_(strategy) {}

  /// The order of the columns is that of the segment that ends later.
  SegmentAnalysis merge(const SegmentAnalysis& earlier, const SegmentAnalysis& later) const {
    SegmentAnalysis merged = later;
    merge_id(merged, earlier);
    merged.intervals.insert(merged.intervals.end(), earlier.intervals.begin(), earlier.intervals.end());
    for (const auto& [name, analysis] : earlier.columns) merge_column(merged, name, analysis);
    merged.size += earlier.size;
    merged.rows += earlier.rows;
    merge_aggregators(merged, earlier);
    merged.timestamp_spec = agreed(earlier.timestamp_spec, later.timestamp_spec);
    merged.query_granularity = agreed(earlier.query_granularity, later.query_granularity);
    merged.rollup = agreed(earlier.rollup, later.rollup);
    return merged;
  }

 private:
  static void merge_id(SegmentAnalysis& merged, const SegmentAnalysis& other) {
    if (merged.id == other.id) return;
    merged.id = "merged";
    if (merged.data_source == other.data_source)
      merged.id = storage::SegmentId{merged.data_source, merged.segment_interval, "merged", 0}.text();
  }

  static void merge_column(SegmentAnalysis& merged, const std::string& name, const ColumnAnalysis& analysis) {
    const auto found = std::find_if(merged.columns.begin(), merged.columns.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    if (found == merged.columns.end()) {
      merged.columns.emplace_back(name, analysis);
    } else {
      found->second = engine::merge(analysis, found->second);
    }
  }

  void merge_aggregators(SegmentAnalysis& merged, const SegmentAnalysis& earlier) const {
    if (strategy_ == MergeStrategy::kEarliest && earlier.aggregators) {
      merged.aggregators = earlier.aggregators;
      merged.aggregator_names = earlier.aggregator_names;
    } else if (strategy_ == MergeStrategy::kLatest && !merged.aggregators) {
      merged.aggregators = earlier.aggregators;
      merged.aggregator_names = earlier.aggregator_names;
    } else if (strategy_ == MergeStrategy::kLenient && earlier.aggregators) {
      merge_leniently(merged, earlier);
    } else if (strategy_ == MergeStrategy::kStrict && !agree(merged, earlier)) {
      merged.aggregators.reset();
    }
    if (merged.aggregators && merged.aggregators->empty()) merged.aggregators.reset();
  }

  static bool agree(const SegmentAnalysis& left, const SegmentAnalysis& right) {
    if (!left.aggregators || !right.aggregators) return false;
    return std::equal(left.aggregators->begin(), left.aggregators->end(), right.aggregators->begin(),
                      right.aggregators->end(),
                      [](const auto& a, const auto& b) { return a.first == b.first && same(a.second, b.second); });
  }

  static void merge_leniently(SegmentAnalysis& merged, const SegmentAnalysis& earlier) {
    if (!merged.aggregators) merged.aggregators.emplace();
    for (const std::string& name : earlier.aggregator_names) {
      const Json& theirs = earlier.aggregators->at(name);
      const auto [entry, added] = merged.aggregators->try_emplace(name, theirs);
      if (added) merged.aggregator_names.push_back(name);
      if (!added && !same(entry->second, theirs)) entry->second = Json();
    }
  }

  MergeStrategy strategy_;
};

AnalysisTypes parse_types(const JsonField& json) {
  AnalysisTypes types;
  if (!json.present()) {
    types.cardinality = types.interval = types.min_max = true;
    return types;
  }
  const std::vector<std::pair<std::string, bool*>> known = {{"cardinality", &types.cardinality},
                                                            {"interval", &types.interval},
                                                            {"minmax", &types.min_max},
                                                            {"size", &types.size},
                                                            {"timestampSpec", &types.timestamp_spec},
                                                            {"queryGranularity", &types.query_granularity},
                                                            {"aggregators", &types.aggregators},
                                                            {"rollup", &types.rollup}};
  for (const JsonField& element : json.elements()) {
    const std::string name = element.string();
    const auto found = std::find_if(known.begin(), known.end(), [&](const auto& entry) {
      return storage::equals_ignoring_case(name, entry.first);
    });
    if (found == known.end()) {
      std::vector<std::string> names;
      for (const auto& [word, flag] : known) names.push_back(word);
      element.fail("unknown analysis type \"" + name + "\"" + suggestion(name, names));
    }
    *found->second = true;
  }
  return types;
}

MergeStrategy parse_strategy(const JsonField& json) {
  const JsonField strategy = json["aggregatorMergeStrategy"];
  const JsonField lenient = json["lenientAggregatorMerge"];
  if (strategy.present() && lenient.present())
    strategy.fail("Both lenientAggregatorMerge and aggregatorMergeStrategy parameters cannot be set.");
  if (!strategy.present()) return lenient.boolean_or(false) ? MergeStrategy::kLenient : MergeStrategy::kStrict;
  const std::string name = strategy.string();
  if (name == "strict") return MergeStrategy::kStrict;
  if (name == "lenient") return MergeStrategy::kLenient;
  if (name == "earliest") return MergeStrategy::kEarliest;
  if (name == "latest") return MergeStrategy::kLatest;
  strategy.fail("must be \"strict\", \"lenient\", \"earliest\" or \"latest\", but is \"" + name + "\"" +
                suggestion(name, {"strict", "lenient", "earliest", "latest"}));
}

class SegmentMetadata final : public Query {
 public:
  explicit SegmentMetadata(const JsonField& json)
      : Query(json, Intervals::kEternityWhenAbsent),
        default_interval_(!json["intervals"].present()),
        merge_(json["merge"].boolean_or(false)),
        types_(parse_types(json["analysisTypes"])),
        strategy_(parse_strategy(json)) {
    if (!source().is_table()) json["dataSource"].fail("SegmentMetadataQuery only supports table or union datasource");
    parse_columns(json["toInclude"]);
  }

  void run(QueryRun& run) const override {
    std::vector<SegmentAnalysis> analyses = analyse(run);
    if (analyses.empty()) return;
    if (merge_) {
      analyses = {merged(analyses)};
    } else {
      std::sort(analyses.begin(), analyses.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    }
    for (const SegmentAnalysis& analysis : analyses) write(run, analysis);
  }

 private:
  void parse_columns(const JsonField& json) {
    if (!json.present()) return;
    const std::string type = json["type"].string();
    if (type == "all") return;
    only_.emplace();
    if (type == "list") {
      if (!json["columns"].present()) json["columns"].fail("is required: the names of the columns");
      for (const JsonField& column : json["columns"].elements()) only_->push_back(column.string());
    } else if (type != "none") {
      json["type"].fail("must be \"all\", \"none\" or \"list\", but is \"" + type + "\"");
    }
  }

  bool includes(const std::string& column) const {
    return !only_ || std::find(only_->begin(), only_->end(), column) != only_->end();
  }

  /// Without intervals: the parts whose segments touch the last week before the end of the newest.
  std::vector<QueryRun::Part> parts_to_read(QueryRun& run) const {
    std::vector<QueryRun::Part> parts = run.parts();
    if (!default_interval_ || parts.empty()) return parts;
    std::int64_t end_ms = INT64_MIN;
    for (const QueryRun::Part& part : parts) end_ms = std::max(end_ms, part.segment_interval.end_ms);
    const Interval history{end_ms - kDefaultHistoryMs, end_ms};
    std::erase_if(parts, [&](const QueryRun::Part& part) { return !part.segment_interval.overlaps(history); });
    return parts;
  }

  /// One for each served segment.
  std::vector<SegmentAnalysis> analyse(QueryRun& run) const {
    const std::vector<QueryRun::Part> parts = parts_to_read(run);
    std::vector<SegmentAnalysis> of_parts(parts.size());
    run.parallel(parts.size(), [&](std::size_t i) {
      run.control().check();
      of_parts[i] = analyse(parts[i]);
    });
    std::vector<SegmentAnalysis> analyses;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0 && parts[i].served == parts[i - 1].served) {
        analyses.back() = AnalysisMerger(strategy_).merge(analyses.back(), of_parts[i]);
      } else {
        analyses.push_back(std::move(of_parts[i]));
      }
    }
    return analyses;
  }

  SegmentAnalysis analyse(const QueryRun::Part& part) const {
    SegmentAnalysis analysis;
    analysis.id = part.id;
    analysis.data_source = part.id.substr(0, part.id.find('_' + format_iso(part.segment_interval.start_ms)));
    analysis.segment_interval = part.segment_interval;
    if (types_.interval) analysis.intervals = {part.segment_interval};
    analysis.rows = part.segment->row_count();
    for (const std::string& name : part.segment->column_names()) {
      if (!includes(name) && !types_.size) continue;
      ColumnAnalysis column = analyse_column(*part.segment, name, types_);
      if (types_.size) analysis.size += size_in_text(column, analysis.rows);
      if (includes(name)) analysis.columns.emplace_back(name, std::move(column));
    }
    read_metadata(part.segment->metadata(), analysis);
    return analysis;
  }

  /// What a column, be it asked for or not, adds to a segment's size: Druid has a character of white space for each
  /// row.
  static std::int64_t size_in_text(const ColumnAnalysis& column, std::int64_t rows) {
    return rows + (column.error ? 0 : column.size);
  }

  void read_metadata(const Json& metadata, SegmentAnalysis& analysis) const {
    const auto member = [&](std::string_view name) {
      const Json* found = metadata.find(name);
      return found == nullptr ? Json() : *found;
    };
    if (types_.timestamp_spec) analysis.timestamp_spec = member("timestampSpec");
    if (types_.query_granularity) analysis.query_granularity = member("queryGranularity");
    if (types_.rollup) analysis.rollup = member("rollup");
    if (!types_.aggregators || !member("aggregators").is_array()) return;
    analysis.aggregators.emplace();
    const Json aggregators = member("aggregators");
    for (const Json& aggregator : aggregators.array()) {
      const Json* name = aggregator.find("name");
      if (name == nullptr || !name->is_string()) continue;
      if (analysis.aggregators->try_emplace(name->string(), aggregator).second)
        analysis.aggregator_names.push_back(name->string());
    }
  }

  SegmentAnalysis merged(std::vector<SegmentAnalysis>& analyses) const {
    std::stable_sort(analyses.begin(), analyses.end(), [](const auto& a, const auto& b) {
      return a.segment_interval.end_ms < b.segment_interval.end_ms;
    });
    SegmentAnalysis all = analyses.front();
    for (std::size_t i = 1; i < analyses.size(); ++i) all = AnalysisMerger(strategy_).merge(all, analyses[i]);
    return all;
  }

  void write(QueryRun& run, const SegmentAnalysis& analysis) const {
    JsonWriter& json = run.out().json();
    json.begin_object().key("id").string(analysis.id).key("intervals");
    write_intervals(json, analysis.intervals);
    json.key("columns").begin_object();
    for (const auto& [name, column] : analysis.columns) {
      json.key(name);
      write_json(json, column);
    }
    json.end_object().key("size").integer(analysis.size).key("numRows").integer(analysis.rows).key("aggregators");
    write_aggregators(run, analysis);
    json.key("timestampSpec");
    write_json(json, analysis.timestamp_spec);
    json.key("queryGranularity");
    write_json(json, analysis.query_granularity);
    json.key("rollup");
    write_json(json, analysis.rollup);
    json.end_object();
    run.out().flush_if_full();
  }

  void write_intervals(JsonWriter& json, std::vector<Interval> intervals) const {
    if (!types_.interval) {
      json.null();
      return;
    }
    json.begin_array();
    for (const Interval& interval : condensed(std::move(intervals))) json.string(format_iso(interval));
    json.end_array();
  }

  static void write_aggregators(QueryRun& run, const SegmentAnalysis& analysis) {
    JsonWriter& json = run.out().json();
    if (!analysis.aggregators) {
      json.null();
      return;
    }
    JavaHashOrder keys(16, run.limits().key_order);
    for (const std::string& name : analysis.aggregator_names) keys.put(name);
    json.begin_object();
    for (const std::size_t i : keys.order()) {
      json.key(analysis.aggregator_names[i]);
      write_json(json, analysis.aggregators->at(analysis.aggregator_names[i]));
    }
    json.end_object();
  }

  bool default_interval_;
  bool merge_;
  AnalysisTypes types_;
  MergeStrategy strategy_;
  std::optional<std::vector<std::string>> only_;  // nullopt: all columns
};

QueryPtr parse_segment_metadata(const JsonField& json) { return std::make_shared<SegmentMetadata>(json); }

}  // namespace

void register_segment_metadata(QueryRegistry& registry) {
  registry.add(
      {.type = "segmentMetadata", .parse = parse_segment_metadata, .doc = "What segments and their columns hold."});
}

}  // namespace sarsen::engine
