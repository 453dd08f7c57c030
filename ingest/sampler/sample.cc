#include "ingest/sampler/sample.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "ingest/kafka/kafka_stream.h"
#include "ingest/row/raw_json.h"
#include "ingest/row/row_arena.h"
#include "ingest/row/row_reader.h"
#include "ingest/sampler/sample_answer.h"
#include "ingest/supervisor/record_rows.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kPollMs = 100;

/// What is read is shown before anything is looked for inside.
InputFormat whole_format(InputFormat format) {
  format.flatten = nullptr;
  return format;
}

Json input_of(const RawRow& row, const FieldTable& fields) {
  Json::Object input;
  for (const std::uint32_t field : row.fields()) input.emplace_back(fields.name(field), json_of(row.value(field)));
  return input;
}

/// Rows as they were read, for those that come of them.
class RowsAsRead {
 public:
  FieldTable& fields() noexcept { return fields_; }
  void add(const RawRow& row) { inputs_.push_back(input_of(row, fields_)); }
  void clear() noexcept { inputs_.clear(); }
  bool empty() const noexcept { return inputs_.empty(); }

  /// The next; null where there is none.
  Json take() {
    if (inputs_.empty()) return {};
    Json input = std::move(inputs_.front());
    inputs_.pop_front();
    return input;
  }

 private:
  FieldTable fields_;
  std::deque<Json> inputs_;
};

class Sampling {
 public:
  Sampling(const SamplerSpec& spec, const SegmentPlaces& places) : spec_(spec), places_(places), rows_(spec) {
    if (spec.config.timeout_ms > 0) deadline_ = SteadyClock::now() + std::chrono::milliseconds(spec.config.timeout_ms);
  }

  Json run() {
    if (spec_.stream)
      read_stream(*spec_.stream);
    else
      read_inputs(spec_.input.listed());
    rows_.end();
    return sample_answer(spec_, rows_);
  }

 private:
  bool goes_on() const { return rows_.wants_more() && (!deadline_ || SteadyClock::now() < *deadline_); }

  void read_inputs(const InputSource& input) {
    for (std::size_t i = 0; i < input.size() && goes_on(); ++i) {
      if (const SegmentInput* segments = input[i].segments())
        read_segments(*segments);
      else
        read_lines(input[i]);
    }
  }

  void read_segments(const SegmentInput& segments) {
    SegmentRows reader(segments, places_, rows_.fields(), true);
    const auto take = [this](RawRow& row, std::uint32_t) {
      if (goes_on()) rows_.add(row, input_of(row, rows_.fields()), "");
    };
    while (goes_on() && reader.next_segment()) {
      RowArena arena;
      while (goes_on() && reader.next_rows(arena, take)) arena.release();
    }
  }

  static std::string unreadable(std::string_view record, const std::string& where) {
    return "Unable to parse row [" + std::string(record) + "] into JSON" + where;
  }

  void read_lines(const Input& input) {
    RowsAsRead inputs;
    const auto whole = make_row_reader(whole_format(*spec_.schema->input_format), inputs.fields(), true);
    const auto reader = make_row_reader(*spec_.schema->input_format, rows_.fields(), true);
    const std::vector<SystemField> system_fields = input.system_fields();  // its texts are told below
    std::vector<std::pair<std::uint32_t, RawValue>> told;
    for (const SystemField& field : system_fields)
      told.emplace_back(rows_.fields().add(field.name), field.value ? RawValue::of(*field.value) : RawValue::null());
    const auto lines = input.open(places_.scratch);
    const std::string path = path_of(input.name());
    for (std::int64_t number = 1; goes_on(); ++number) {
      const auto line = lines->next();
      if (!line) return;
      const std::string where = " (" + path + "Line: " + std::to_string(number) + ")";
      inputs.clear();
      if (whole->read(*line, [&](const RawRow& row) { inputs.add(row); })) {
        rows_.add_unreadable({}, unreadable(*line, where));
        continue;
      }
      const auto problem = reader->read(*line, [&](RawRow& row) {
        for (const auto& [field, value] : told) row.set_unlisted(field, value);
        rows_.add(row, inputs.take(), where);
      });
      if (problem) rows_.add_unreadable(inputs.take(), *problem + where);
    }
  }

  /// As it is told where something is wrong.
  static std::string path_of(std::string_view name) {
    if (name.empty()) return "";
    if (name.find("://") != std::string_view::npos) return "Path: " + std::string(name) + ", ";
    return "Path: " + *system_fields_of({"__file_uri"}, name).front().value + ", ";
  }

  void read_stream(const SupervisorIo& io) {
    KafkaStream stream({.stream = io.stream,
                        .pattern = io.pattern,
                        .properties = io.consumer_properties,
                        .with_details = io.input_format.with_metadata});
    Position from{.stream = io.stream, .next_offsets = {}};
    for (const auto& [partition, range] : stream.look())
      from.next_offsets[partition] = io.use_earliest_offset ? range.low : range.high;
    if (from.next_offsets.empty())
      throw Error(ErrorCategory::kInvalidInput,
                  "Topic [" + io.stream + "] is not found in KafkaConsumer's list of topics");
    const auto source = stream.open();
    source->start(from);
    RowsAsRead inputs;
    KafkaInputFormat whole_value = io.input_format;
    whole_value.value = whole_format(whole_value.value);
    RecordRows whole(whole_value, inputs.fields(), true, io.stream);
    RecordRows reader(io.input_format, rows_.fields(), true, io.stream);
    while (goes_on()) {
      const Batch batch = source->poll(kPollMs);
      for (const Message& message : batch.messages)
        if (goes_on()) take_message(message, whole, reader, inputs);
    }
    source->close();
  }

  void take_message(const Message& message, RecordRows& whole, RecordRows& reader, RowsAsRead& inputs) {
    inputs.clear();
    bool is_readable = true;
    const auto note = [&is_readable](const std::string&) { is_readable = false; };
    if (!whole.read(message, [&](const RawRow& row) { inputs.add(row); }, note)) return;
    if (!is_readable && inputs.empty()) return rows_.add_unreadable({}, unreadable(message.bytes.value_or("null"), ""));
    reader.read(
        message, [&](RawRow& row) { rows_.add(row, inputs.take(), ""); },
        [&](const std::string& problem) { rows_.add_unreadable(inputs.take(), problem); });
  }

  const SamplerSpec& spec_;
  const SegmentPlaces& places_;
  SampledRows rows_;
  std::optional<SteadyClock::time_point> deadline_;
};

}  // namespace

Json take_sample(const SamplerSpec& spec, const SegmentPlaces& places) {
  try {
    return Sampling(spec, places).run();
  } catch (const Error& error) {
    throw Error(ErrorCategory::kInvalidInput, "Failed to sample data: " + std::string(error.what()));
  }
}

}  // namespace sarsen::ingest
