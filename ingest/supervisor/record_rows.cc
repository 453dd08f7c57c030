#include "ingest/supervisor/record_rows.h"

#include <utility>

#include "ingest/row/json_text.h"
#include "ingest/row/text_lines.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Bytes past 0x7F: each one U+FFFD (ASCII), or the character of that number (Latin 1).
std::string decode_bytes(std::string_view bytes, bool latin1) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else if (latin1) {
      text += static_cast<char>(0xC0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3F));
    } else {
      text += kReplacement;
    }
  }
  return text;
}

}  // namespace

RecordRows::RecordRows(const KafkaInputFormat& format, FieldTable& fields, bool discover, std::string topic)
    : format_(format),
      fields_(fields),
      discover_(discover),
      topic_(std::move(topic)),
      values_(make_row_reader(format.value, fields, discover)),
      take_first_field_([this](RawRow& row) {
        if (!key_ && !row.fields().empty()) key_ = row.value(row.fields().front());
      }) {
  if (format.key) keys_ = make_row_reader(*format.key, key_fields_, true);
}

bool RecordRows::read(const Message& message, const RowSink& row, const Problem& problem) {
  if (!format_.with_metadata) {
    if (!message.bytes) return false;
    read_value(*message.bytes, row, problem);
    return true;
  }
  try {
    collect_metadata(message);
  } catch (const Error& error) {
    problem(error.what());
    return true;
  }
  if (message.bytes) {
    read_value(
        *message.bytes,
        [&](RawRow& value) {
          add_metadata(value);
          row(value);
        },
        problem);
    return true;
  }
  without_value_.clear();
  add_metadata(without_value_);
  row(without_value_);
  return true;
}

void RecordRows::read_value(std::string_view value, const RowSink& row, const Problem& problem) {
  const auto read_record = [&](std::string_view record) {
    if (auto wrong = values_->read(record, row)) problem(std::move(*wrong));
  };
  values_->start_input();
  if (format_.value.by_lines())
    for_each_line(value, read_record);
  else
    read_record(value);
}

void RecordRows::collect(const std::string& name, const RawValue& value) {
  const auto field = discover_ ? std::optional(fields_.add(name)) : fields_.find(name);
  if (field) metadata_.emplace_back(*field, value);
}

std::string_view RecordRows::decoded(std::string_view header) {
  switch (*format_.header_encoding) {
    case HeaderEncoding::kUtf8:
      return texts_.emplace_back(replace_malformed_utf8(header));
    case HeaderEncoding::kAscii:
      return texts_.emplace_back(decode_bytes(header, false));
    case HeaderEncoding::kLatin1:
      return texts_.emplace_back(decode_bytes(header, true));
  }
  return header;
}

void RecordRows::collect_headers(const MessageDetails& details) {
  for (const auto& [name, value] : details.headers)
    collect(format_.header_prefix + std::string(name), value ? RawValue::of(decoded(*value)) : RawValue::null());
}

void RecordRows::collect_key(std::string_view key) {
  key_.reset();
  keys_->start_input();
  if (auto wrong = keys_->read(key, take_first_field_))
    throw Error(ErrorCategory::kInvalidInput, "Unable to parse the key of the record: " + *wrong);
  if (key_) collect(format_.key_column, *key_);
}

/// In Druid's order: headers, time, topic, key.
void RecordRows::collect_metadata(const Message& message) {
  metadata_.clear();
  texts_.clear();
  const MessageDetails* details = message.details;
  if (details != nullptr && format_.header_encoding) collect_headers(*details);
  if (details != nullptr) collect(format_.timestamp_column, RawValue::of(details->timestamp_ms));
  collect(format_.topic_column, RawValue::of(message.topic.empty() ? std::string_view(topic_) : message.topic));
  if (details != nullptr && details->key && keys_) collect_key(*details->key);
}

void RecordRows::add_metadata(RawRow& row) const {
  for (const auto& [field, value] : metadata_)
    if (row.value(field).absent()) row.set(field, value);
}

}  // namespace sarsen::ingest
