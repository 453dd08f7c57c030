#include "ingest/batch/segment_rows.h"

#include <algorithm>
#include <deque>
#include <memory>

#include "engine/scan/vector_cursor.h"
#include "engine/vector/row_mask.h"
#include "ingest/deep_storage/fetched_segment.h"
#include "ingest/deep_storage/local_deep_storage.h"
#include "ingest/merge/logical_column.h"
#include "ingest/row/raw_json.h"
#include "ingest/row/row_arena.h"
#include "storage/base/error.h"
#include "storage/base/interval_field.h"
#include "storage/segment/segment_finder.h"
#include "storage/segment/timeline.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using SegmentPtr = std::shared_ptr<const storage::Segment>;

std::optional<std::vector<std::string>> parse_names(const JsonField& json) {
  if (!json.present()) return std::nullopt;
  std::vector<std::string> names;
  for (const JsonField& name : json.elements()) names.push_back(name.string());
  return names;
}

std::vector<SegmentInput::Window> parse_windows(const JsonField& json) {
  std::vector<SegmentInput::Window> windows;
  for (const JsonField& element : json.elements()) {
    SegmentInput::Window window{element["segmentId"].string(), {}};
    for (const JsonField& interval : element["intervals"].elements())
      window.intervals.push_back(parse_interval(interval));
    if (window.intervals.empty()) element["intervals"].fail("the times that are wanted of the segment are missing");
    windows.push_back(std::move(window));
  }
  if (windows.empty()) json.fail("at least one segment is wanted");
  return windows;
}

/// The used segments of a data source, and the way to their files.
class SegmentSet {
 public:
  SegmentSet(const std::string& data_source, SegmentPlaces places) : places_(std::move(places)), local_(places_.root) {
    places_.metadata != nullptr ? add_published(data_source) : add_found(data_source);
  }

  const storage::Timeline& timeline() const noexcept { return timeline_; }

 private:
  void add_published(const std::string& data_source) {
    std::vector<storage::SegmentDescriptor> used = places_.metadata->used_segments();
    std::set<std::string> appended;
    if (!places_.replacing_task.empty()) appended = places_.metadata->appended_meanwhile(places_.replacing_task);
    for (storage::SegmentDescriptor& segment : used) {
      if (segment.id.data_source != data_source || appended.contains(segment.id.text())) continue;
      storage::TimelineEntry entry{segment.id, segment.core_partitions, segment.shard_spec, nullptr};
      entry.segment = std::make_shared<FetchedSegment>(deep_storage(), places_.scratch, std::move(segment));
      timeline_.add(std::move(entry));
    }
  }

  void add_found(const std::string& data_source) {
    const fs::path folder = places_.root / data_source;
    if (!fs::is_directory(folder)) return;
    storage::FoundSegments found = storage::find_segments(folder, data_source);
    if (!found.problems.empty()) throw Error(ErrorCategory::kRuntimeFailure, found.problems.front());
    for (const storage::FoundSegment& segment : found.segments)
      timeline_.add({segment.descriptor.id, segment.descriptor.core_partitions, segment.descriptor.shard_spec,
                     std::make_shared<storage::ImmutableServedSegment>(segment.segment)});
  }

  const DeepStorage& deep_storage() const noexcept {
    return places_.deep_storage != nullptr ? *places_.deep_storage : local_;
  }

  const SegmentPlaces places_;
  const LocalDeepStorage local_;
  storage::Timeline timeline_;
};

/// One segment's columns as fields of rows.
class SegmentReader {
 public:
  SegmentReader(const SegmentInput& input, const SegmentPtr& segment, const Interval& interval, FieldTable& fields,
                bool discover)
      : plan_(engine::make_scan_plan(segment, interval, input.filter)) {
    if (plan_.empty()) return;
    add_column(std::string(storage::kTimeColumn), fields, discover);
    add_columns(input.dimensions, segment->dimensions(), fields, discover);
    add_columns(input.metrics, segment->metrics(), fields, discover);
    for (Column& column : columns_)
      if (const storage::Column* stored = segment->column(column.name)) column.as = read_as(*stored);
    cursor_.emplace(plan_, plan_.begin_row, plan_.end_row, control_);
    for (Column& column : columns_) column.values = &cursor_->columns().values(column.name);
  }
  SegmentReader(const SegmentReader&) = delete;
  SegmentReader& operator=(const SegmentReader&) = delete;

  /// A vector's rows; false at the end.
  bool next(RowArena& arena, const SegmentRows::Take& take) {
    if (!cursor_ || !cursor_->next()) return false;
    engine::for_each_selected(cursor_->selection(),
                              [&](std::uint32_t, std::uint32_t row) { give(cursor_->begin() + row, arena, take); });
    return true;
  }

 private:
  struct Column {
    std::string name;
    std::uint32_t field;
    ReadAs as = ReadAs::kItself;
    engine::ValueSource* values = nullptr;
  };

  void add_columns(const std::optional<std::vector<std::string>>& wanted, const std::vector<std::string>& all,
                   FieldTable& fields, bool discover) {
    for (const std::string& name : all)
      if (!wanted || std::find(wanted->begin(), wanted->end(), name) != wanted->end())
        add_column(name, fields, discover);
  }

  void add_column(const std::string& name, FieldTable& fields, bool discover) {
    const auto field = discover ? std::optional(fields.add(name)) : fields.find(name);
    if (field) columns_.push_back({name, *field});
  }

  void give(std::uint32_t row, RowArena& arena, const SegmentRows::Take& take) {
    row_.clear();
    for (const Column& column : columns_) {
      const RawValue value = read(raw_of_view(column.values->value(row), arena), column.as, arena);
      if (!value.absent()) row_.set(column.field, value);
    }
    take(row_, row);
  }

  static RawValue read(const RawValue& value, ReadAs as, RowArena& arena) {
    if (as == ReadAs::kDouble && value.kind == RawValue::Kind::kLong)
      return RawValue::of(static_cast<double>(value.integer));
    if (as != ReadAs::kText || value.absent()) return value;
    std::string scratch;
    return RawValue::of(arena.keep(*text_of(value, scratch)));
  }

  static RawValue raw_of_view(const engine::ValueView& view, RowArena& arena) {
    if (std::holds_alternative<std::monostate>(view)) return RawValue::null();
    if (const auto* integer = std::get_if<std::int64_t>(&view)) return RawValue::of(*integer);
    if (const auto* number = std::get_if<double>(&view)) return RawValue::of(*number);
    if (const auto* number = std::get_if<float>(&view)) return RawValue::of(static_cast<double>(*number));
    if (const auto* text = std::get_if<std::string_view>(&view)) return RawValue::of(arena.keep(*text));
    if (const auto* texts = std::get_if<std::vector<std::optional<std::string_view>>>(&view);
        texts && texts->size() < 2)
      return texts->empty() || !texts->front() ? RawValue::null() : RawValue::of(arena.keep(*texts->front()));
    if (const auto* bytes = std::get_if<std::span<const std::byte>>(&view))
      return RawValue::complex(arena.keep({reinterpret_cast<const char*>(bytes->data()), bytes->size()}));
    return raw_of(engine::json_of(engine::value_of_view(view)), arena);
  }

  const engine::QueryControl control_;
  const engine::ScanPlan plan_;
  std::optional<engine::VectorCursor> cursor_;  // none where no row is wanted
  std::vector<Column> columns_;
  RawRow row_;
};

/// What is to be read of one segment.
struct Piece {
  const storage::TimelineEntry* entry;
  Interval interval;
};

const storage::TimelineEntry& entry_of(const storage::Timeline& timeline, const std::string& id) {
  for (const auto& [known, entry] : timeline.entries())
    if (known.text() == id) return entry;
  throw Error(ErrorCategory::kNotFound, "There is no used segment of this id: " + id);
}

std::vector<Piece> pieces_of(const SegmentInput& input, const storage::Timeline& timeline) {
  std::vector<Piece> pieces;
  if (input.interval)
    for (const storage::TimelineHit& hit : timeline.lookup(*input.interval))
      pieces.push_back({hit.entry, hit.interval.intersection(*input.interval)});
  for (const SegmentInput::Window& window : input.segments) {
    const storage::TimelineEntry& entry = entry_of(timeline, window.segment_id);
    for (const Interval& interval : window.intervals) pieces.push_back({&entry, interval});
  }
  return pieces;
}

}  // namespace

SegmentInput SegmentInput::parse(const JsonField& json) {
  SegmentInput input;
  input.data_source = json["dataSource"].string();
  if (json["interval"].present() == json["segments"].present())
    json.fail("Specify exactly one of 'interval' and 'segments'");
  if (json["interval"].present())
    input.interval = parse_interval(json["interval"]);
  else
    input.segments = parse_windows(json["segments"]);
  input.filter = engine::parse_optional_filter(json["filter"]);
  input.dimensions = parse_names(json["dimensions"]);
  input.metrics = parse_names(json["metrics"]);
  return input;
}

class SegmentRows::Impl {
 public:
  Impl(SegmentInput input, SegmentPlaces places, FieldTable& fields, bool discover)
      : input_(std::move(input)),
        fields_(fields),
        discover_(discover),
        segments_(input_.data_source, std::move(places)),
        pieces_(pieces_of(input_, segments_.timeline())) {}

  bool next_segment() {
    readers_.clear();
    if (next_ == pieces_.size()) return false;
    const Piece& piece = pieces_[next_++];
    open_ = piece.entry->segment->acquire();
    for (const SegmentPtr& segment : open_) readers_.emplace_back(input_, segment, piece.interval, fields_, discover_);
    return true;
  }

  std::string segment_id() const { return pieces_[next_ - 1].entry->id.text(); }

  bool next_rows(RowArena& arena, const Take& take) {
    while (!readers_.empty()) {
      if (readers_.front().next(arena, take)) return true;
      readers_.pop_front();
    }
    return false;
  }

 private:
  const SegmentInput input_;
  FieldTable& fields_;
  const bool discover_;
  const SegmentSet segments_;
  const std::vector<Piece> pieces_;
  std::size_t next_ = 0;
  std::vector<SegmentPtr> open_;
  std::deque<SegmentReader> readers_;  // of open_, the present one first
};

SegmentRows::SegmentRows(SegmentInput input, SegmentPlaces places, FieldTable& fields, bool discover)
    : impl_(std::make_unique<Impl>(std::move(input), std::move(places), fields, discover)) {}

SegmentRows::~SegmentRows() = default;

bool SegmentRows::next_segment() { return impl_->next_segment(); }

std::string SegmentRows::segment_id() const { return impl_->segment_id(); }

bool SegmentRows::next_rows(RowArena& arena, const Take& take) { return impl_->next_rows(arena, take); }

void read_all_rows(const SegmentPtr& segment, FieldTable& fields, const RowSink& row, bool discover) {
  SegmentReader reader({}, segment, {INT64_MIN, INT64_MAX}, fields, discover);
  RowArena arena;
  while (reader.next(arena, [&](RawRow& read, std::uint32_t) { row(read); })) arena.release();
}

void read_segment_rows(const SegmentInput& input, const SegmentPlaces& places, FieldTable& fields, bool discover,
                       const RowSink& row, const std::function<void(std::string_view)>& begin) {
  SegmentRows rows(input, places, fields, discover);
  RowArena arena;
  while (rows.next_segment()) {
    const std::string id = rows.segment_id();
    if (begin) begin(id);
    while (rows.next_rows(arena, [&](RawRow& read, std::uint32_t) { row(read); })) arena.release();
  }
}

}  // namespace sarsen::ingest
