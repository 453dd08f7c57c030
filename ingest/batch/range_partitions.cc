// range and single_dim: partitions are ranges of the values of some dimensions, cut so that they hold about the same
// number of rows. The survey counts rows by value; where there are very many values, neighbours share a count, and cuts
// fall between them.

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cmath>
#include <map>
#include <optional>

#include "engine/sketch/murmur3.h"
#include "ingest/batch/partitioner.h"
#include "storage/base/error.h"
#include "storage/base/java_order.h"

namespace sarsen::ingest {
namespace {

/// Different values of an interval that are counted one by one.
constexpr std::size_t kValuesMax = 1'000'000;
/// Different rows that are told apart; further ones count, whether they were there before or not.
constexpr std::size_t kRowsKnownMax = 20'000'000;
/// Of the sketch that Druid cuts by (k = 4096): how far below the maximum it aims.
constexpr double kRankError = 6.0206e-4;

/// The values of the partition dimensions of a row.
using Values = std::vector<std::optional<std::string>>;

/// Value by value, nulls first, in Java's order.
struct ValuesLess {
  bool operator()(const Values& left, const Values& right) const {
    for (std::size_t i = 0; i < left.size(); ++i) {
      const auto order = java_compare_nullable(left[i], right[i]);
      if (order != 0) return order < 0;
    }
    return false;
  }
};

/// How many rows have which values.
class Distribution {
 public:
  void add(const Values& values) {
    ++counts_[values];
    ++total_;
    if (counts_.size() > kValuesMax) share_counts();
  }

  /// The values at which ranges begin, but for the first range.
  std::vector<Values> cuts(std::uint32_t target, bool target_is_maximum) const {
    const std::uint64_t ranges = range_count(target, target_is_maximum);
    std::vector<Values> cuts;
    auto at = counts_.begin();
    std::uint64_t behind = 0;  // rows before `at`
    for (std::uint64_t i = 1; i < ranges; ++i) {
      const auto row = static_cast<std::uint64_t>(
          std::floor(static_cast<double>(i) * (1.0 / static_cast<double>(ranges)) * static_cast<double>(total_)));
      while (behind + at->second <= row && std::next(at) != counts_.end()) behind += (at++)->second;
      const bool least = at == counts_.begin();
      const bool greatest = std::next(at) == counts_.end();
      if (!least && !greatest && (cuts.empty() || ValuesLess()(cuts.back(), at->first))) cuts.push_back(at->first);
    }
    return cuts;
  }

 private:
  std::uint64_t range_count(std::uint32_t target, bool target_is_maximum) const {
    const auto total = static_cast<double>(total_);
    if (!target_is_maximum)
      return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::floor(total / target + 0.5)));
    const double aim = std::max(1.0, std::floor(target - kRankError * total));
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(total / aim)));
  }

  /// Of every two neighbours the second takes both counts.
  void share_counts() {
    for (auto first = counts_.begin(); first != counts_.end() && std::next(first) != counts_.end();) {
      std::next(first)->second += first->second;
      first = std::next(counts_.erase(first));
    }
  }

  std::map<Values, std::uint64_t, ValuesLess> counts_;
  std::uint64_t total_ = 0;
};

class RangePartitioner final : public Partitioner {
 public:
  RangePartitioner(const PartitionsSpec& spec, const std::shared_ptr<const DataSchema>& schema, FieldTable& fields)
      : spec_(spec), schema_(schema), keys_(schema, fields) {
    for (const std::string& dimension : spec.dimensions) dimension_fields_.push_back(fields.add(dimension));
  }

  bool surveys() const noexcept override { return true; }

  void survey(const Interval& interval, const RawRow& row, std::int64_t time_ms) override {
    const Values values = values_of(row);
    if (schema_->granularity_spec.rollup() && !spec_.assume_grouped && !is_new(row, time_ms)) return;
    distributions_[interval].add(values);
  }

  void end_survey() override {
    for (const auto& [interval, distribution] : distributions_)
      cuts_[interval] = distribution.cuts(spec_.target_rows, spec_.target_is_maximum);
    distributions_.clear();
    known_rows_ = {};
  }

  std::uint32_t bucket_of(const Interval& interval, const RawRow& row, std::int64_t) override {
    const std::vector<Values>& cuts = cuts_[interval];
    const auto after = std::upper_bound(cuts.begin(), cuts.end(), values_of(row), ValuesLess());
    return static_cast<std::uint32_t>(after - cuts.begin());
  }

  Json shard_spec(const Interval& interval, std::uint32_t bucket, std::uint32_t partition,
                  std::uint32_t core_partitions) const override {
    const std::vector<Values>& cuts = cuts_.at(interval);
    const Values* start = bucket == 0 ? nullptr : &cuts[bucket - 1];
    const Values* end = bucket == cuts.size() ? nullptr : &cuts[bucket];
    const std::pair<std::string, Json> numbers[] = {{"partitionNum", std::int64_t{partition}},
                                                    {"numCorePartitions", std::int64_t{core_partitions}}};
    if (spec_.dimensions.size() == 1)
      return Json::Object{{"type", "single"},
                          {"start", start == nullptr ? Json() : json_of(start->front())},
                          {"end", end == nullptr ? Json() : json_of(end->front())},
                          {"dimension", spec_.dimensions.front()},
                          numbers[0],
                          numbers[1]};
    return Json::Object{{"type", "range"},
                        {"dimensions", Json(Json::Array(spec_.dimensions.begin(), spec_.dimensions.end()))},
                        {"start", start == nullptr ? Json() : json_of(*start)},
                        {"end", end == nullptr ? Json() : json_of(*end)},
                        numbers[0],
                        numbers[1]};
  }

 private:
  static Json json_of(const std::optional<std::string>& value) { return value ? Json(*value) : Json(); }
  static Json json_of(const Values& values) {
    Json::Array array;
    for (const auto& value : values) array.push_back(json_of(value));
    return Json(std::move(array));
  }

  Values values_of(const RawRow& row) const {
    Values values;
    for (std::size_t i = 0; i < dimension_fields_.size(); ++i) {
      std::vector<std::string> texts = RowKeys::texts(row.value(dimension_fields_[i]));
      if (texts.size() > 1)
        throw Error(ErrorCategory::kInvalidInput,
                    "Cannot partition on multi-value dimension [" + spec_.dimensions[i] + "]");
      values.push_back(texts.empty() ? std::nullopt : std::optional(std::move(texts.front())));
    }
    return values;
  }

  bool is_new(const RawRow& row, std::int64_t time_ms) {
    if (known_rows_.size() >= kRowsKnownMax) return true;
    const engine::Granularity& granularity = schema_->granularity_spec.query_granularity();
    const std::int64_t bucket = granularity.is_none()  ? time_ms
                                : granularity.is_all() ? kEternity.start_ms
                                                       : granularity.bucket_start(time_ms);
    return known_rows_.insert(engine::sketch::murmur3(keys_.group_key(row, bucket), 0).low).second;
  }

  const PartitionsSpec spec_;
  const std::shared_ptr<const DataSchema> schema_;
  RowKeys keys_;
  std::vector<std::uint32_t> dimension_fields_;
  std::map<Interval, Distribution> distributions_;
  std::map<Interval, std::vector<Values>> cuts_;
  boost::unordered_flat_set<std::uint64_t> known_rows_;
};

}  // namespace

std::unique_ptr<Partitioner> make_range_partitioner(const PartitionsSpec& spec,
                                                    const std::shared_ptr<const DataSchema>& schema,
                                                    FieldTable& fields) {
  return std::make_unique<RangePartitioner>(spec, schema, fields);
}

}  // namespace sarsen::ingest
