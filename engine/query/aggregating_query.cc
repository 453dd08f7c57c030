#include "engine/query/aggregating_query.h"

#include <algorithm>
#include <utility>

#include "engine/aggregator/float_sums.h"
#include "engine/cache/answer_key.h"
#include "engine/query/segment_cache.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

/// More empty buckets than this are not walked: Druid would never end.
constexpr double kBucketsMax = 1e6;

bool has_many_buckets(const Interval& interval, const Granularity& granularity) {
  if (granularity.is_all()) return false;
  const std::int64_t first = granularity.bucket_start(interval.start_ms);
  const auto length = static_cast<double>(granularity.next_bucket(first)) - static_cast<double>(first);
  return (static_cast<double>(interval.end_ms) - static_cast<double>(first)) / length > kBucketsMax;
}

/// The times of the part's rows that its interval can contain, as [first row, after the bucket of the last row);
/// nullopt: none.
std::optional<Interval> clipped(const QueryRun::Part& part, const Granularity& granularity) {
  if (!part.knows_its_times && !has_many_buckets(part.interval, granularity)) return part.interval;
  const std::optional<Interval> times = part.segment->time_bounds();
  if (!times) return std::nullopt;
  Interval range{std::max(part.interval.start_ms, times->start_ms), part.interval.end_ms};
  const std::int64_t data_end =
      granularity.is_all() ? kEternity.end_ms : granularity.next_bucket(granularity.bucket_start(times->end_ms));
  range.end_ms = std::min(range.end_ms, data_end);
  if (range.empty()) return std::nullopt;
  return range;
}

/// With fewer keys than this, merging pieces of kMorselRows costs little beside reading them.
constexpr std::uint64_t kFewKeys = 1 << 14;
/// Pieces have this many rows at most, so that there is work for several threads.
constexpr std::uint64_t kPieceRowsMax = 3 << 20;

/// So many rows, with so many for each key, are two pieces at least.
constexpr std::uint64_t kTwoPieceRows = 1 << 20;
constexpr std::uint64_t kTwoPieceRowsPerKey = 8;

/// Adds so many pieces of the plan, one at least, as even as vectors allow. A plan that fits into one is one, wherever
/// it begins.
void cut_evenly(std::size_t number, const ScanPlan& plan, std::uint64_t pieces, std::vector<Morsel>& cuts) {
  const std::uint32_t first = plan.begin_row / kVectorRows * kVectorRows;
  const std::uint64_t rows = (plan.end_row - first) / std::max<std::uint64_t>(pieces, 1) / kVectorRows * kVectorRows;
  for (std::uint64_t begin = plan.begin_row, next = first; begin < plan.end_row; begin = next) {
    next += rows + kVectorRows;
    cuts.push_back({number, static_cast<std::uint32_t>(begin),
                    static_cast<std::uint32_t>(std::min<std::uint64_t>(next, plan.end_row))});
  }
}

/// The more keys, the more rows, so that a piece finds most of its keys again and few are merged. Sketches learn at
/// first from every row, then from few, and are merged as a whole: they get as many rows as there may be.
void cut_by_keys(const Grouping& grouping, std::size_t number, const ScanPlan& plan, std::vector<Morsel>& cuts) {
  const std::uint64_t rows = plan.end_row - plan.begin_row;
  const std::uint64_t keys = keys_max(grouping.dimensions, plan);
  if (keys <= kFewKeys) {
    if (grouping.aggregators->copies_initial_states()) return cut(number, plan, kMorselRows, cuts);
    return cut_evenly(number, plan, (rows + kPieceRowsMax - 1) / kPieceRowsMax, cuts);
  }
  const std::uint64_t wanted = std::clamp<std::uint64_t>(keys * 16, kMorselRows, kPieceRowsMax);
  const bool divides = rows >= kTwoPieceRows && keys * kTwoPieceRowsPerKey <= rows;
  cut_evenly(number, plan, std::max<std::uint64_t>((rows + wanted / 2) / wanted, divides ? 2 : 1), cuts);
}

/// So many keys of pieces are merged at a time.
constexpr std::uint32_t kKeysTogether = 1 << 16;

/// Where so many groups of plans may have been met, they are merged before others are scanned.
constexpr std::uint64_t kWaveBytes = 256 << 20;
/// What a group takes beside its states, about.
constexpr std::uint64_t kGroupBytes = 24;

/// Pieces from `begin` on whose groups may wait together for being merged: those of whole plans, one at least.
std::size_t wave_end(const GroupedPlans& plans, const std::vector<Morsel>& cuts, std::size_t begin) {
  std::uint64_t bytes = 0;
  std::size_t end = begin;
  while (end < cuts.size() && bytes < kWaveBytes) {
    const std::size_t number = cuts[end].plan;
    for (; end < cuts.size() && cuts[end].plan == number; ++end) {
    }
    const ScanPlan& plan = plans.plans[number];
    const Grouping& grouping = plans.grouping(plan);
    bytes += keys_max(grouping.dimensions, plan) * (grouping.aggregators->stride() + kGroupBytes);
  }
  return end;
}

Json json_or_null(const JsonField& field) { return field.present() ? field.json() : Json(); }

/// The fields of the query that decide how given rows are grouped and aggregated, and from which end. Lookups change
/// behind a query's back.
std::string grouping_key(const JsonField& json) {
  std::string key = json["queryType"].string();
  for (const char* name :
       {"granularity", "descending", "virtualColumns", "filter", "dimension", "dimensions", "aggregations"})
    key += '\n' + (json[name].present() ? canonical(json[name].json()).dump() : std::string());
  return key.find("ookup") == std::string::npos ? key : std::string();
}

}  // namespace

AggregatingQuery::AggregatingQuery(const JsonField& json)
    : Query(json, Intervals::kRequired),
      grouping_key_(grouping_key(json)),
      filter_(parse_optional_filter(json["filter"])),
      asked_{json_or_null(json["filter"]), json_or_null(json["virtualColumns"])},
      outputs_(json, source().reads_segments()),
      finalised_(context().boolean_or("finalize", true)) {
  const JsonField granularity = json["granularity"];
  if (!granularity.present()) granularity.fail("is required, such as \"all\" or \"hour\"");
  grouping_.granularity = parse_granularity(granularity);
  grouping_.aggregators = outputs_.aggregators();
  if (source().is_table()) grouping_.tables = canonical(json["dataSource"].json()).dump();
  times_as_longs_ = context().boolean_or("serializeDateTimeAsLong", false) ||
                    (!finalised_ && context().boolean_or("serializeDateTimeAsLongInner", false));
  if (context().is_forced("vectorize") && !source().reads_segments())
    json["context"]["vectorize"].fail("Cannot vectorize! The rows are in memory");
}

std::vector<Morsel> AggregatingQuery::pieces(const GroupedPlans& grouped) const {
  const std::vector<ScanPlan>& plans = grouped.plans;
  if (!grouping_.aggregators->divides_segments() || sums_floats(*grouping_.aggregators)) return morsels(plans, false);
  std::vector<Morsel> cuts;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const auto first = static_cast<std::ptrdiff_t>(cuts.size());
    cut_by_keys(grouped.grouping(plans[i]), i, plans[i], cuts);
    if (grouping_.backwards) std::reverse(cuts.begin() + first, cuts.end());
  }
  return cuts;
}

void AggregatingQuery::scan_each(const QueryRun& run, const std::vector<QueryRun::Part>& parts, const PartVisit& visit,
                                 const ScanShortcuts& shortcuts) const {
  const SegmentCache cache(run, grouping_key_);
  if (!cache.takes_part())
    return scan_parts(run, parts, shortcuts,
                      [&](std::size_t part, std::unique_ptr<GroupScan> scan) { visit(part, {std::move(scan)}); });
  CachedParts cached(cache, grouping_, parts);
  const auto visit_kept = [&](std::size_t part, const KeptGroups& kept) { visit(part, {nullptr, &kept}); };
  scan_parts(run, cached.others(), {}, [&](std::size_t other, std::unique_ptr<GroupScan> scan) {
    cached.visit_known(cached.place(other), visit_kept);
    cached.keep(other, *scan);
    visit(cached.place(other), {std::move(scan)});
  });
  cached.visit_known(parts.size(), visit_kept);
  cached.put();
}

void AggregatingQuery::scan_parts(const QueryRun& run, const std::vector<QueryRun::Part>& parts,
                                  const ScanShortcuts& shortcuts, const ScanVisit& visit) const {
  const std::shared_ptr<GroupedPlans> chosen = plan_groups(run, parts, grouping_, asked_);
  if (narrow_) run.parallel(chosen->plans.size(), [&](std::size_t i) { narrow_(chosen->plans[i]); });
  const Plans plans = chosen;
  if (shortcuts.take_merged && takes_rows(*plans)) return scan_rows(run, *plans, shortcuts);
  const std::vector<Morsel> cuts = pieces(*plans);
  for (std::size_t begin = 0, end = 0; begin < cuts.size(); begin = end) {
    end = wave_end(*plans, cuts, begin);
    scan_wave(run, plans, std::span(cuts).subspan(begin, end - begin), shortcuts, visit);
  }
}

/// Arrays by key are merged by all threads, a range of keys each.
bool AggregatingQuery::join_by_key(const QueryRun& run, Scans pieces) {
  GroupScan& first = *pieces[0];
  const Scans others = pieces.subspan(1);
  if (others.empty() || !std::ranges::all_of(others, [&](const auto& piece) { return first.absorbs_by_key(*piece); }))
    return false;
  const std::uint32_t keys = first.keys();
  run.parallel((keys + kKeysTogether - 1) / kKeysTogether, [&](std::size_t i) {
    const auto begin = static_cast<std::uint32_t>(i) * kKeysTogether;
    run.control().check();
    for (const auto& piece : others) first.absorb_keys(*piece, begin, std::min(begin + kKeysTogether, keys));
  });
  for (auto& piece : others) piece.reset();
  return true;
}

void AggregatingQuery::join_pieces(const QueryRun& run, Scans pieces) {
  for (auto& piece : pieces.subspan(1)) {
    run.control().check();
    if (!pieces[0]->absorb(*piece)) break;
    piece.reset();
  }
}

void AggregatingQuery::scan_wave(const QueryRun& run, const Plans& plans, std::span<const Morsel> cuts,
                                 const ScanShortcuts& shortcuts, const ScanVisit& visit) const {
  std::vector<std::unique_ptr<GroupScan>> scans(cuts.size());
  const std::size_t bytes_max = run.limits().query_bytes_max;
  run.parallel(cuts.size(), [&](std::size_t i) {
    const ScanPlan& plan = plans->plans[cuts[i].plan];
    scans[i] = std::make_unique<GroupScan>(plans->grouping(plan), std::shared_ptr<const ScanPlan>(plans, &plan),
                                           cuts[i].begin_row, cuts[i].end_row, run.control());
    scans[i]->run(bytes_max);
  });
  std::vector<std::size_t> first;  // the first piece of each plan
  for (std::size_t i = 0; i < cuts.size(); ++i)
    if (i == 0 || cuts[i].plan != cuts[i - 1].plan) first.push_back(i);
  const auto pieces_of = [&](std::size_t plan) {
    const std::size_t end = plan + 1 < first.size() ? first[plan + 1] : cuts.size();
    return Scans(scans).subspan(first[plan], end - first[plan]);
  };
  if (first.size() != 1 || !join_by_key(run, pieces_of(0)))
    run.parallel(first.size(), [&](std::size_t plan) { join_pieces(run, pieces_of(plan)); });
  for (std::size_t plan = 0; plan < first.size(); ++plan) {
    const Scans pieces = pieces_of(plan);
    const std::size_t part = plans->plans[cuts[first[plan]].plan].part;
    const bool is_one = std::ranges::none_of(pieces.subspan(1), [](const auto& piece) { return piece != nullptr; });
    const bool wants_best = is_one && shortcuts.best && shortcuts.is_best_of_part(part);
    for (auto& piece : pieces) {
      if (piece == nullptr) continue;
      run.control().check();
      wants_best ? piece->settle(*shortcuts.best) : piece->settle();
      visit(part, std::move(piece));
    }
  }
}

void AggregatingQuery::check_size(const QueryRun& run, const MergedGroups& groups) {
  const std::size_t bytes_max = run.limits().query_bytes_max;
  if (groups.bytes() <= bytes_max) return;
  throw Error(
      ErrorCategory::kResourceLimit,
      "The query's groups need more memory than sarsen.query.maxBytesPerQuery allows: " + std::to_string(bytes_max));
}

MergedGroups AggregatingQuery::scan(const QueryRun& run, const std::vector<QueryRun::Part>& parts,
                                    std::vector<QueryRun::Part>* matched) const {
  MergedGroups merged(grouping_);
  scan_each(run, parts, [&](std::size_t part, PartGroups groups) {
    if (matched != nullptr && groups.size() > 0) matched->push_back(parts[part]);
    groups.add_to(merged);
    check_size(run, merged);
  });
  return merged;
}

std::vector<BucketRange> AggregatingQuery::part_ranges(const std::vector<QueryRun::Part>& parts) const {
  std::vector<BucketRange> ranges;
  for (const QueryRun::Part& part : parts)
    if (const auto range = clipped(part, granularity()))
      ranges.push_back({granularity().bucket_start(range->start_ms), range->end_ms});
  return ranges;
}

std::vector<BucketRange> AggregatingQuery::bucket_ranges(const std::vector<QueryRun::Part>& parts) const {
  std::vector<BucketRange> ranges = part_ranges(parts);
  std::sort(ranges.begin(), ranges.end(),
            [](const BucketRange& a, const BucketRange& b) { return a.first_ms < b.first_ms; });
  std::vector<BucketRange> merged;
  for (const BucketRange& range : ranges) {
    if (!merged.empty() && range.first_ms < merged.back().end_ms) {
      merged.back().end_ms = std::max(merged.back().end_ms, range.end_ms);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

std::optional<std::int64_t> AggregatingQuery::all_timestamp_ms(const std::vector<QueryRun::Part>& parts,
                                                               bool descending) const {
  std::optional<std::int64_t> stamp;
  for (const QueryRun::Part& part : parts) {
    const std::optional<Interval> range = clipped(part, granularity());
    if (!range) continue;
    if (!stamp || (descending ? range->start_ms > *stamp : range->start_ms < *stamp)) stamp = range->start_ms;
  }
  return stamp;
}

void AggregatingQuery::add_outputs(RowSignature& signature, bool finalised) const {
  for (std::size_t i = 0; i < outputs_.size(); ++i)
    signature.push_back({outputs_.name(i), outputs_.type_name(i, finalised)});
}

void AggregatingQuery::add_outputs(std::vector<Value>& row, const std::byte* states, bool finalised) const {
  for (std::size_t i = 0; i < outputs_.size(); ++i) row.push_back(outputs_.value(states, i, finalised));
}

void AggregatingQuery::write_time(ResultWriter& out, std::int64_t time_ms, bool zoned) const {
  if (times_as_longs_) {
    out.json().integer(time_ms);
  } else {
    out.json().string(zoned ? granularity().format(time_ms) : format_iso(time_ms));
  }
}

}  // namespace sarsen::engine
