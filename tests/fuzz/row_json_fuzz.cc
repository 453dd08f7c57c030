// Any bytes as the message of a row stream: first byte, the way to read it; the rest, the message. Whatever becomes of
// a message, it is counted in full, and an index that took its rows can be read.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "ingest/incremental_index/incremental_index.h"
#include "ingest/row/json_rows.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

DataSchema make_schema(bool discover) {
  const Json json = Json::parse(discover ? R"({"dataSource":"x","timestampSpec":{"column":"t","missingValue":"2020"},
        "metricsSpec":[{"type":"count","name":"c"},{"type":"doubleSum","name":"s","fieldName":"v"}]})"
                                         : R"({"dataSource":"x","timestampSpec":{"column":"t","missingValue":"2020"},
        "dimensionsSpec":{"dimensions":["a",{"type":"long","name":"n"},{"type":"float","name":"f"},
                                        {"name":"m","multiValueHandling":"SORTED_SET"}]},
        "metricsSpec":[{"type":"count","name":"c"},{"type":"longSum","name":"s","fieldName":"v"}],
        "granularitySpec":{"queryGranularity":"HOUR"}})");
  return DataSchema::parse(JsonField(json));
}

/// Every string of every row is one of the dictionary.
void read_back(const LiveSegment& segment) {
  for (const std::string& name : segment.dimensions()) {
    const storage::Column& column = *segment.column(name);
    if (column.dictionary() == nullptr) continue;
    const auto reader = column.string_reader();
    const auto lists = reader->read_lists(0, segment.row_count());
    for (std::uint32_t i = 0; i < lists.offsets[segment.row_count()]; ++i)
      require(lists.ids[i] < column.dictionary()->size());
  }
}

JsonFeatures all_features() {
  JsonFeatures features;
  for (int i = 0; i <= static_cast<int>(JsonFeature::kStrictDuplicates); ++i) features.set(static_cast<JsonFeature>(i));
  return features;
}

}  // namespace

void check_message(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool discover = (data[0] & 1) != 0;
  static const auto listed = std::make_shared<const DataSchema>(make_schema(false));
  static const auto discovered = std::make_shared<const DataSchema>(make_schema(true));
  const auto& schema = discover ? discovered : listed;

  FieldTable fields;
  const std::uint32_t time_field = fields.add("t");
  for (const DimensionSchema& dimension : schema->dimensions_spec.dimensions) fields.add(dimension.name);
  InputFormat format;
  format.lower_case_keys = (data[0] & 2) != 0;
  format.replace_malformed_utf8 = (data[0] & 4) != 0;
  if ((data[0] & 8) != 0) format.features = all_features();
  IncrementalIndex index(schema, fields, kEternity);
  JsonRowReader reader(format, fields, discover);
  std::uint64_t given = 0;
  std::uint64_t added = 0;
  std::vector<std::string> problems;
  const auto problem = reader.read(message, [&](const RawRow& row) {
    ++given;
    const auto time_ms = schema->timestamp_spec.time_ms(row.value(time_field));
    if (!time_ms) return;
    const RowOutcome outcome = index.add(row, *time_ms, problems);
    require(outcome == RowOutcome::kProcessed || outcome == RowOutcome::kProcessedWithError);
    ++added;
  });
  require(problem.has_value() == (given == 0));  // none of a broken message, and never nothing of a good one
  index.flush();
  require(index.row_count() <= added && (added == 0) == (index.row_count() == 0));
  if (added != 0) read_back(*index.snapshot());
}

}  // namespace sarsen::ingest

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sarsen::set_log_level(sarsen::LogLevel::kOff);
  if (size != 0) sarsen::ingest::check_message(data, size);
  return 0;
}
