#pragma once
// Lines of NDJSON in a growing index, as a task or a supervisor puts them there, but by one writer and without the
// source. Not thread-safe.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/incremental_index/incremental_index.h"
#include "ingest/row/data_schema.h"
#include "ingest/row/row_reader.h"
#include "ingest/transform/row_intake.h"
#include "storage/base/error.h"

namespace sarsen::bench {

class LoadedRows {
 public:
  /// `schema` is a dataSchema. Throws where a line cannot be read.
  LoadedRows(std::string_view schema, Interval interval, std::string_view lines)
      : schema_(parse(schema)), intake_(schema_, fields_), index_(schema_, fields_, interval) {
    const auto reader = ingest::make_row_reader({.first_object_only = true}, fields_, false);
    const ingest::RowSink add = [this](ingest::RawRow& row) { index_.add(row, intake_.take(row).time_ms, problems_); };
    for (std::string_view rest = lines; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
      if (const auto problem = reader->read(rest.substr(0, end), add)) problems_.push_back(*problem);
      rest.remove_prefix(end + 1);
    }
    index_.flush();
    if (!problems_.empty()) throw Error(ErrorCategory::kInvalidInput, problems_.front());
  }

  const ingest::IncrementalIndex& index() const noexcept { return index_; }

 private:
  static std::shared_ptr<const ingest::DataSchema> parse(std::string_view schema) {
    const Json json = Json::parse(schema);
    return std::make_shared<const ingest::DataSchema>(ingest::DataSchema::parse(JsonField(json)));
  }

  std::shared_ptr<const ingest::DataSchema> schema_;
  ingest::FieldTable fields_;
  ingest::RowIntake intake_;
  ingest::IncrementalIndex index_;
  std::vector<std::string> problems_;
};

}  // namespace sarsen::bench
