#include "ingest/tasks/compaction_status.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "engine/aggregator/aggregator.h"
#include "engine/time/granularity.h"
#include "ingest/batch/partitions_json.h"
#include "ingest/row/dimension_json.h"
#include "ingest/row/index_spec_json.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using Segments = std::vector<const storage::SegmentDescriptor*>;
using Normal = std::function<Json(const JsonField&)>;
using Reason = std::optional<std::string>;

/// Without nulls, and fields by name: what is left is what a document says.
Json plain(const Json& json) {
  if (json.is_array()) {
    Json::Array array;
    for (const Json& element : json.array()) array.push_back(plain(element));
    return array;
  }
  if (!json.is_object()) return json;
  Json::Object object;
  for (const auto& [name, value] : json.object())
    if (!value.is_null()) object.emplace_back(name, plain(value));
  std::sort(object.begin(), object.end(), [](const auto& left, const auto& right) { return left.first < right.first; });
  return object;
}

/// In the form that all spellings have in common; null where it is absent. What cannot be read stays as it is.
Json normal(const JsonField& json, const Normal& read) {
  if (!json.present()) return {};
  try {
    return plain(read(json));
  } catch (const Error&) {
    return plain(json.json());
  }
}

/// Of ranges only the effective maximum counts.
Json partitions_of(const JsonField& json) {
  const Json tuning = Json::Object{{"partitionsSpec", json.json()},
                                   {"forceGuaranteedRollup", json["type"].string_or("dynamic") != "dynamic"}};
  PartitionsSpec spec = PartitionsSpec::parse(JsonField(tuning));
  if (spec.kind == PartitionsSpec::Kind::kDynamic)
    spec.total_rows_max = parse_row_count(json["maxTotalRows"]).value_or(INT64_MAX);
  if (spec.kind == PartitionsSpec::Kind::kRange && !std::exchange(spec.target_is_maximum, true))
    spec.target_rows += spec.target_rows / 2;
  return partitions_json(spec);
}

Json index_spec_of(const JsonField& json) { return Json::parse(index_spec_text(parse_index_spec(json))); }
Json granularity_json(const JsonField& json) { return engine::parse_granularity(json)->to_json(); }
Json itself(const JsonField& json) { return json.json(); }

Json metrics_of(const JsonField& json) {
  Json::Array metrics;
  for (const JsonField& metric : json.elements()) metrics.push_back(engine::parse_aggregator(metric)->to_json());
  return metrics;
}

/// Those by which partitions go stand first, whatever their place was.
Json dimensions_of(const JsonField& json, const std::set<std::string>& partition_dimensions) {
  Json::Array dimensions = dimensions_json(json);
  std::erase_if(dimensions,
                [&](const Json& dimension) { return partition_dimensions.contains(dimension.find("name")->string()); });
  return dimensions;
}

std::set<std::string> range_dimensions(const Json& partitions) {
  std::set<std::string> names;
  const JsonField json(partitions);
  if (json.present() && json["type"].string() == "range")
    for (const JsonField& name : json["partitionDimensions"].elements()) names.insert(name.string());
  return names;
}

Reason changed(const std::string& field, const Json& wanted, const Json& present) {
  if (wanted.dump() == present.dump()) return std::nullopt;
  return "'" + field + "' mismatch: required[" + wanted.dump() + "], current[" + present.dump() + "]";
}

/// What a place in the configuration does not say does not matter.
Reason changed_where_said(const std::string& field, const Json& wanted, const Json& present) {
  return wanted.is_null() ? std::nullopt : changed(field, wanted, present);
}

JsonField at(const JsonField& json, const char* name) { return json.present() ? json[name] : json; }

class Evaluation {
 public:
  Evaluation(const DataSourceCompaction& compaction, const Segments& segments)
      : segments_(segments),
        task_(compaction.task(kEternity, "")),
        config_(task_),
        state_(segments.front()->last_compaction_state) {}

  Reason reason() const {
    if (!state_.present()) return "not compacted yet";
    if (std::any_of(segments_.begin(), segments_.end(), [&](const auto* segment) { return is_another(*segment); }))
      return "segments have different last compaction states";
    for (const auto& check : {&Evaluation::partitions, &Evaluation::index_spec, &Evaluation::segment_granularity,
                              &Evaluation::query_granularity, &Evaluation::rollup, &Evaluation::dimensions,
                              &Evaluation::metrics, &Evaluation::filter})
      if (Reason reason = (this->*check)()) return reason;
    return std::nullopt;
  }

 private:
  bool is_another(const storage::SegmentDescriptor& segment) const {
    return plain(segment.last_compaction_state).dump() != plain(state_.json()).dump();
  }

  Json wanted_partitions() const {
    const Json dynamic = Json::Object{{"type", "dynamic"}};
    const JsonField given = config_["tuningConfig"]["partitionsSpec"];
    return normal(given.present() ? given : JsonField(dynamic), partitions_of);
  }
  Json present_partitions() const { return normal(state_["partitionsSpec"], partitions_of); }

  Reason partitions() const { return changed("partitionsSpec", wanted_partitions(), present_partitions()); }

  Reason index_spec() const {
    const Json none = Json::Object();
    const JsonField given = config_["tuningConfig"]["indexSpec"];
    return changed("indexSpec", normal(given.present() ? given : JsonField(none), index_spec_of),
                   normal(state_["indexSpec"], index_spec_of));
  }

  Json wanted_granularity(const char* name, const Normal& read) const {
    return normal(at(config_["granularitySpec"], name), read);
  }
  Json present_granularity(const char* name, const Normal& read) const {
    return normal(at(state_["granularitySpec"], name), read);
  }

  Reason segment_granularity() const {
    const Json wanted = wanted_granularity("segmentGranularity", granularity_json);
    if (wanted.is_null()) return std::nullopt;
    const Json present = present_granularity("segmentGranularity", granularity_json);
    if (!present.is_null()) return changed("segmentGranularity", wanted, present);
    const auto granularity = engine::parse_granularity(JsonField(wanted));
    const bool aligned = std::all_of(segments_.begin(), segments_.end(), [&](const auto* segment) {
      return is_bucket(*granularity, segment->id.interval);
    });
    if (aligned) return std::nullopt;
    return "segmentGranularity: segments do not align with target[" + wanted.dump() + "]";
  }

  static bool is_bucket(const engine::Granularity& granularity, const Interval& interval) {
    if (granularity.is_all()) return interval == kEternity;
    return granularity.bucket_start(interval.start_ms) == interval.start_ms &&
           granularity.next_bucket(interval.start_ms) == interval.end_ms;
  }

  Reason query_granularity() const {
    return changed_where_said("queryGranularity", wanted_granularity("queryGranularity", granularity_json),
                              present_granularity("queryGranularity", granularity_json));
  }

  Reason rollup() const {
    return changed_where_said("rollup", wanted_granularity("rollup", itself), present_granularity("rollup", itself));
  }

  Reason dimensions() const {
    const auto read = [](const JsonField& spec, const Json& partitions) {
      if (!at(spec, "dimensions").present() && at(spec, "spatialDimensions").elements().empty()) return Json();
      const std::set<std::string> left_out = range_dimensions(partitions);
      return normal(spec, [&](const JsonField& json) { return dimensions_of(json, left_out); });
    };
    return changed_where_said("dimensionsSpec", read(config_["dimensionsSpec"], wanted_partitions()),
                              read(state_["dimensionsSpec"], present_partitions()));
  }

  Reason metrics() const {
    const Json wanted = normal(config_["metricsSpec"], metrics_of);
    if (wanted.is_array() && wanted.array().empty()) return std::nullopt;
    return changed_where_said("metricsSpec", wanted, normal(state_["metricsSpec"], metrics_of));
  }

  Reason filter() const {
    return changed_where_said("transformSpec filter", normal(at(config_["transformSpec"], "filter"), itself),
                              normal(at(state_["transformSpec"], "filter"), itself));
  }

  const Segments& segments_;
  const Json task_;
  const JsonField config_;
  const JsonField state_;
};

}  // namespace

std::optional<std::string> reason_to_compact(const DataSourceCompaction& compaction, const Segments& segments) {
  return Evaluation(compaction, segments).reason();
}

}  // namespace sarsen::ingest
