#pragma once
// An index with its parser, for tests: rows go in as JSON, and come out as text.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/incremental_index/incremental_index.h"
#include "ingest/row/json_rows.h"

namespace sarsen::ingest {

class IndexFixture {
 public:
  /// `schema` is a dataSchema in JSON; its parts may be left out where they do not matter.
  explicit IndexFixture(std::string_view schema, Interval interval = kEternity);

  /// Adds each object of the message; the last outcome.
  RowOutcome add(std::string_view message);
  IncrementalIndex& index() { return *index_; }
  const std::vector<std::string>& problems() const { return problems_; }
  FieldTable& fields() { return fields_; }
  std::shared_ptr<const DataSchema> schema() const { return schema_; }

 private:
  std::shared_ptr<const DataSchema> schema_;
  FieldTable fields_;
  std::unique_ptr<IncrementalIndex> index_;
  JsonRowReader reader_;
  std::vector<std::string> problems_;
};

/// Each row as "time|dimension|…|metric|…": lists as [a,b], null as ~, times in milliseconds, complex values as their
/// bytes, values of any shape as JSON.
std::vector<std::string> rows_of(const storage::Segment& segment);

}  // namespace sarsen::ingest
