#pragma once
// From Kafka's records to rows: the value by its format and, where the format is "kafka", columns for key, headers,
// time and topic beside it. The value's own fields win over those, unless they are null. Belongs to one reader: not
// thread-safe.

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/row/field_table.h"
#include "ingest/row/row_reader.h"
#include "ingest/source.h"
#include "ingest/supervisor/kafka_input_format.h"

namespace sarsen::ingest {

class RecordRows {
 public:
  /// `topic`: of messages that name none. REQUIRES: `format` and `fields` outlive it.
  RecordRows(const KafkaInputFormat& format, FieldTable& fields, bool discover, std::string topic);

  /// What cannot be read, once for each line of a format of lines.
  using Problem = std::function<void(std::string)>;

  /// Gives the record's rows and problems in their order. False where it is a record without a value, of which no row
  /// can be made.
  bool read(const Message& message, const RowSink& row, const Problem& problem);

 private:
  void read_value(std::string_view value, const RowSink& row, const Problem& problem);
  void collect_metadata(const Message& message);
  void collect_headers(const MessageDetails& details);
  void collect_key(std::string_view key);
  void collect(const std::string& name, const RawValue& value);
  void add_metadata(RawRow& row) const;
  std::string_view decoded(std::string_view header);

  const KafkaInputFormat& format_;
  FieldTable& fields_;
  const bool discover_;
  const std::string topic_;
  const std::unique_ptr<RowReader> values_;
  FieldTable key_fields_;
  std::unique_ptr<RowReader> keys_;
  RowSink take_first_field_;

  // Of the record being read.
  std::vector<std::pair<std::uint32_t, RawValue>> metadata_;
  std::deque<std::string> texts_;  // that values in metadata_ look at
  std::optional<RawValue> key_;
  RawRow without_value_;
};

}  // namespace sarsen::ingest
