// ingestSegment: rows of published segments, read once to their end. Where they are found, and what of them, is as with
// batch tasks (ingest/batch/segment_rows.h). A partition is a segment by its id, numbered where several intervals of it
// are read, and an offset the number of a row in it: a start goes on behind the rows that were taken. A segment that
// has taken the place of others meanwhile is read from its beginning.

#include <atomic>
#include <deque>
#include <map>
#include <string>

#include "ingest/batch/segment_rows.h"
#include "ingest/firehose/firehose_types.h"
#include "ingest/firehose/named_stream.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

/// A batch's rows: their values live as long as it.
struct HeldRows {
  std::shared_ptr<FieldTable> fields;  // has the names
  RowArena arena;
  std::deque<NamedValues> rows;
};

class SegmentSource final : public Source {
 public:
  SegmentSource(SegmentInput input, SegmentPlaces places) : input_(std::move(input)), places_(std::move(places)) {}

  void start(const Position& resume) override { resume_ = resume.next_offsets; }
  void committed(const Position&) override {}
  void close() override { closed_ = true; }

  Batch poll(int) override {
    Batch batch;
    if (!rows_) rows_ = std::make_unique<SegmentRows>(input_, places_, *fields_, true);
    while (batch.messages.empty() && !closed_) {
      if (segment_ == nullptr && !open_next()) {
        batch.exhausted = true;
        break;
      }
      if (!take_rows(batch)) segment_ = nullptr;
    }
    return batch;
  }

 private:
  bool open_next() {
    if (!rows_->next_segment()) return false;
    const auto [segment, added] = segments_.try_emplace(rows_->segment_id(), -1);
    segment_ = &*segment;
    const auto taken = resume_.find(StreamPartition(segment_->first, ++segment_->second));
    first_row_ = taken == resume_.end() ? 0 : taken->second;
    log_info("Reading segment {} from row {}", segment_->first, first_row_);
    return true;
  }

  /// False at the end of the segment.
  bool take_rows(Batch& batch) {
    const auto held = std::make_shared<HeldRows>();
    held->fields = fields_;
    const bool more = rows_->next_rows(held->arena, [&](RawRow& row, std::uint32_t number) {
      if (number >= first_row_) batch.messages.push_back(message_of(hold(row, *held), number));
    });
    batch.owner = held;
    return more;
  }

  const NamedValues& hold(const RawRow& row, HeldRows& held) const {
    NamedValues& values = held.rows.emplace_back();
    for (const std::uint32_t field : row.fields()) values.emplace_back(fields_->name(field), row.value(field));
    return values;
  }

  Message message_of(const NamedValues& values, std::uint32_t number) const {
    Message message{
        .bytes = segment_->first, .partition = segment_->second, .offset = number, .topic = segment_->first};
    message.row = &values;
    return message;
  }

  const SegmentInput input_;
  const SegmentPlaces places_;
  const std::shared_ptr<FieldTable> fields_ = std::make_shared<FieldTable>();
  StreamOffsets resume_;
  std::unique_ptr<SegmentRows> rows_;             // null: not looked for yet
  std::map<std::string, std::int32_t> segments_;  // that were opened, with the number of their interval
  std::map<std::string, std::int32_t>::value_type* segment_ = nullptr;  // the open one
  std::int64_t first_row_ = 0;                                          // of it, that is not taken yet
  std::atomic<bool> closed_ = false;
};

class SegmentFirehose final : public Firehose {
 public:
  SegmentFirehose(std::string stream, SegmentInput input) : stream_(std::move(stream)), input_(std::move(input)) {}

  std::string stream() const override { return stream_; }
  bool has_times() const override { return true; }

  std::unique_ptr<Source> connect(const FirehoseServices& services) const override {
    if (services.segments == nullptr)
      throw Error(ErrorCategory::kUnsupported,
                  "A firehose of type ingestSegment reads published segments, and there is no metadata store here");
    return std::make_unique<SegmentSource>(input_, *services.segments);
  }

  void adapt(DataSchema& schema, const JsonField&) const override {
    const Json time = Json::Object{{"column", storage::kTimeColumn}, {"format", "millis"}};
    schema.timestamp_spec = TimestampSpec::parse(JsonField(time));
    schema.dimensions_spec.exclusions.emplace(storage::kTimeColumn);
  }

 private:
  const std::string stream_;
  const SegmentInput input_;
};

}  // namespace

FirehosePtr parse_segment_firehose(const JsonField& json, const FirehoseOptions&) {
  return std::make_shared<SegmentFirehose>(stream_of(json), SegmentInput::parse(json));
}

}  // namespace sarsen::ingest
