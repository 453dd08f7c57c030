// dataSourceMetadata: the newest time that was ingested. Of a stored segment that is its last row's.

#include <algorithm>

#include "engine/query/query_run.h"

namespace sarsen::engine {
namespace {

class DataSourceMetadata final : public Query {
 public:
  explicit DataSourceMetadata(const JsonField& json) : Query(json, Intervals::kEternityWhenAbsent) {}

  void run(QueryRun& run) const override {
    std::optional<std::int64_t> newest;
    for (const QueryRun::Part& part : run.parts())
      if (const auto times = part.segment->time_bounds()) newest = std::max(newest.value_or(INT64_MIN), times->end_ms);
    if (newest) write(run.out().json(), *newest);
  }

 private:
  void write(JsonWriter& json, std::int64_t time_ms) const {
    const bool as_long = context().boolean_or("serializeDateTimeAsLong", false);
    const auto time = [&] {
      if (as_long) {
        json.integer(time_ms);
      } else {
        json.string(format_iso(time_ms));
      }
    };
    json.begin_object().key("timestamp");
    time();
    json.key("result").begin_object().key("maxIngestedEventTime");
    time();
    json.end_object().end_object();
  }
};

QueryPtr parse_data_source_metadata(const JsonField& json) { return std::make_shared<DataSourceMetadata>(json); }

}  // namespace

void register_data_source_metadata(QueryRegistry& registry) {
  registry.add({.type = "dataSourceMetadata", .parse = parse_data_source_metadata, .doc = "The newest time ingested."});
}

}  // namespace sarsen::engine
