#pragma once
// Whether pushed events will become rows: they are read as the fire department will read them, and thrown away. A
// checker serves one thread at a time; EventCheckers lends them out, and is thread-safe.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/row/data_schema.h"
#include "ingest/row/json_objects.h"
#include "ingest/row/row_reader.h"
#include "ingest/transform/row_intake.h"

namespace sarsen::ingest {

class EventChecker {
 public:
  explicit EventChecker(const std::shared_ptr<const DataSchema>& schema);

  /// Throws kInvalidInput.
  void check(std::string_view event);

 private:
  FieldTable fields_;
  RowIntake intake_;
  std::unique_ptr<RowReader> reader_;
  std::string problem_;  // with the row's time
};

class EventCheckers {
 public:
  explicit EventCheckers(std::shared_ptr<const DataSchema> schema) : schema_(std::move(schema)) {}

  /// Throws kInvalidInput for the first event that is wrong.
  void check(const JsonObjects& events);

 private:
  std::unique_ptr<EventChecker> borrow();
  void give_back(std::unique_ptr<EventChecker> checker);

  const std::shared_ptr<const DataSchema> schema_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<EventChecker>> free_;
};

}  // namespace sarsen::ingest
