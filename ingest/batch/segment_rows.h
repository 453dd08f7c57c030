#pragma once
// Rows of segments that are there already, as the input of a task: Druid's input source druid. A row has its columns by
// name and its time as __time, in milliseconds; what is null in it is left out. Metrics come as they are stored, so
// that combining aggregators keep them.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/filter/filter.h"
#include "ingest/deep_storage/deep_storage.h"
#include "ingest/metadata/metadata_store.h"
#include "ingest/row/row_arena.h"
#include "ingest/row/row_reader.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

struct SegmentInput {
  /// A segment by its id, and the times that are wanted of it.
  struct Window {
    std::string segment_id;
    std::vector<Interval> intervals;
  };

  std::string data_source;
  std::optional<Interval> interval = {};  // or:
  std::vector<Window> segments = {};
  engine::FilterPtr filter = nullptr;
  std::optional<std::vector<std::string>> dimensions = {};  // unset: all
  std::optional<std::vector<std::string>> metrics = {};

  /// Throws kInvalidInput naming the field.
  static SegmentInput parse(const JsonField& json);
};

/// Where segments are looked for: those that the metadata store calls used, in deep storage; without a store, those in
/// the folder <root>/<dataSource>.
struct SegmentPlaces {
  std::filesystem::path root;
  const MetadataStore* metadata = nullptr;
  const DeepStorage* deep_storage = nullptr;  // null: the folder `root`, where there is a metadata store
  std::filesystem::path scratch;              // an existing folder, for what is being read
  std::string replacing_task = {};  // what was appended since this task has its locks is not read; empty: all is
};

/// Gives all rows of one segment; with `discover` all columns, else those that have field numbers. Throws where it is
/// corrupt.
void read_all_rows(const std::shared_ptr<const storage::Segment>& segment, FieldTable& fields, const RowSink& row,
                   bool discover = false);

/// The rows of the segments that answer for the interval, as many at a time as whoever wants them asks for. Segments
/// come in the order of their times, their rows in their own; the same each time while the segments are the same.
class SegmentRows {
 public:
  /// What read_segment_rows says of `discover` and of errors. REQUIRES: `fields` outlives it.
  SegmentRows(SegmentInput input, SegmentPlaces places, FieldTable& fields, bool discover);
  ~SegmentRows();
  SegmentRows(const SegmentRows&) = delete;
  SegmentRows& operator=(const SegmentRows&) = delete;

  /// Goes on to the next segment, or to another interval of the same. False where there is none.
  bool next_segment();
  /// Of the present one, which may have no rows.
  std::string segment_id() const;

  using Take = std::function<void(RawRow&, std::uint32_t number)>;
  /// Gives some rows of the present segment with their numbers in it, which ascend; their values live in `arena`. False
  /// at its end.
  bool next_rows(RowArena& arena, const Take& take);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Gives the rows of the segments that answer for the interval, one segment after the other; where there are none it
/// gives none. With `discover` all columns get field numbers, else those are left out that nobody asks for. `begin`,
/// which may be empty, is told the id of each segment before its rows. Throws kNotFound for a segment named by its id
/// that is not there, kRuntimeFailure for corrupt ones.
void read_segment_rows(const SegmentInput& input, const SegmentPlaces& places, FieldTable& fields, bool discover,
                       const RowSink& row, const std::function<void(std::string_view)>& begin = {});

}  // namespace sarsen::ingest
