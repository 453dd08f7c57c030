// timeBoundary: the first and the last time of a data source. The simplest query type, and so the one to imitate.

#include <algorithm>

#include "engine/query/query_run.h"
#include "engine/result/java_hash_order.h"
#include "engine/scan/vector_cursor.h"
#include "engine/vector/row_mask.h"
#include "storage/base/ascii_case.h"

namespace sarsen::engine {
namespace {

/// The times found so far; empty while min > max.
struct Bounds {
  std::int64_t min_ms = INT64_MAX;
  std::int64_t max_ms = INT64_MIN;

  bool empty() const noexcept { return min_ms > max_ms; }
  void add(std::int64_t time_ms) noexcept {
    min_ms = std::min(min_ms, time_ms);
    max_ms = std::max(max_ms, time_ms);
  }
  void merge(const Bounds& other) noexcept {
    min_ms = std::min(min_ms, other.min_ms);
    max_ms = std::max(max_ms, other.max_ms);
  }
};

class TimeBoundary final : public Query {
 public:
  explicit TimeBoundary(const JsonField& json)
      : Query(json, Intervals::kEternityWhenAbsent, Columns::kStoredOnly),
        filter_(parse_optional_filter(json["filter"])) {
    const std::string bound = storage::lower_ascii(json["bound"].string_or(""));
    want_min_ = bound != "maxtime";  // anything else means both, as in Druid
    want_max_ = bound != "mintime";
  }

  FilterPtr filter() const override { return filter_; }

  void run(QueryRun& run) const override {
    const Bounds bounds = find(run);
    if (!bounds.empty()) write(run, bounds);
  }

 private:
  Bounds find(QueryRun& run) const {
    Bounds bounds;
    std::vector<QueryRun::Part> to_scan;
    for (const QueryRun::Part& part : run.parts())
      if (!known(part, bounds)) to_scan.push_back(part);
    const std::vector<ScanPlan> plans = run.plans(to_scan, filter_);
    const std::vector<Morsel> cuts = morsels(plans);
    std::vector<Bounds> found(cuts.size());
    run.parallel(cuts.size(), [&](std::size_t i) { found[i] = scan(plans[cuts[i].plan], cuts[i], run.control()); });
    for (const Bounds& other : found) bounds.merge(other);
    return bounds;
  }

  /// What a segment knows of itself suffices where no row is left out. True: the part is settled.
  bool known(const QueryRun::Part& part, Bounds& bounds) const {
    const std::optional<Interval> times = part.segment->time_bounds();
    if (!times) return true;
    if (filter_ != nullptr || part.filter != nullptr || times->start_ms < part.interval.start_ms ||
        times->end_ms >= part.interval.end_ms)
      return false;
    bounds.merge({times->start_ms, times->end_ms});
    return true;
  }

  static Bounds scan(const ScanPlan& plan, const Morsel& morsel, const QueryControl& control) {
    Bounds bounds;
    VectorCursor cursor(plan, morsel.begin_row, morsel.end_row, control);
    NumericSource<std::int64_t>& times = cursor.columns().longs(storage::kTimeColumn);
    while (cursor.next()) {
      const Selection& selection = cursor.selection();
      const std::int64_t* values = times.read(cursor.begin(), selection.size).values;
      for (std::uint32_t row = 0; row < selection.size; ++row)
        if (selection.mask == nullptr || mask_has(selection.mask, row)) bounds.add(values[row]);
    }
    return bounds;
  }

  void write(QueryRun& run, const Bounds& bounds) const {
    const bool as_long = context().boolean_or("serializeDateTimeAsLong", false);
    JsonWriter& json = run.out().json();
    const auto time = [&](std::int64_t time_ms) {
      if (as_long) {
        json.integer(time_ms);
      } else {
        json.string(format_iso(time_ms));
      }
    };
    JavaHashOrder keys(16, run.limits().key_order);
    std::vector<std::int64_t> times;
    if (want_min_) {
      keys.put("minTime");
      times.push_back(bounds.min_ms);
    }
    if (want_max_) {
      keys.put("maxTime");
      times.push_back(bounds.max_ms);
    }
    json.begin_object().key("timestamp");
    time(times.front());
    json.key("result").begin_object();
    for (const std::size_t i : keys.order()) {
      json.key(i == 0 && want_min_ ? "minTime" : "maxTime");
      time(times[i]);
    }
    json.end_object().end_object();
  }

  FilterPtr filter_;
  bool want_min_;
  bool want_max_;
};

QueryPtr parse_time_boundary(const JsonField& json) { return std::make_shared<TimeBoundary>(json); }

}  // namespace

void register_time_boundary(QueryRegistry& registry) {
  registry.add(
      {.type = "timeBoundary", .parse = parse_time_boundary, .doc = "The first and the last time of a data source."});
}

}  // namespace sarsen::engine
