#pragma once
// Where batch ingestion puts its segments, each with its descriptor.json (Druid's segment descriptor) beside the files:
//
//   deep storage: <root>/<dataSource>/<start>_<end>/<version>/<partition>/index/   Druid's local layout
//   plain:        <root>/<dataSource>/<day>[_<partition>]/                         or <start>_<end> where it is not one
//   day
//
// Segments are written aside first and moved to their places by publish(), one rename each. Not thread-safe.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ingest/deep_storage/deep_storage.h"
#include "ingest/metadata/metadata_store.h"
#include "storage/base/atomic_file.h"
#include "storage/base/json.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

/// What a task of the overlord has to say when its segments are published: locks, versions, and the end of the task in
/// the same transaction. Called in this order, on the task's thread.
class Publication {
 public:
  virtual ~Publication() = default;
  /// With the chunks that will be written. May wait; throws where the task may not write them.
  virtual void begin(const std::vector<Interval>& chunks) = 0;
  /// Of a chunk that is written anew.
  virtual std::string version(const Interval& chunk) const = 0;
  /// Whether somebody has this id: published, put out of use, or being filled.
  virtual bool is_taken(const storage::SegmentId& id) const = 0;
  /// Whether announce() gives appended segments their ids.
  virtual bool allocates() const { return false; }
  /// Before they are moved to their places. Where it allocates, they get their ids here.
  virtual void announce(std::vector<storage::SegmentDescriptor>& segments) = 0;
  /// In the place of MetadataStore::publish.
  virtual void publish(const std::vector<storage::SegmentDescriptor>& segments) = 0;
};

struct OutputLayout {
  enum class Kind : std::uint8_t { kDeepStorage, kPlain };
  Kind kind;
  std::filesystem::path root;
  /// With kDeepStorage: where the segments are published, all of a task in one transaction; and what stores them in
  /// another form than the folders above. Both may be null, and outlive the task.
  MetadataStore* metadata = nullptr;
  DeepStorage* deep_storage = nullptr;
  Publication* publication = nullptr;  // with the two above
  std::filesystem::path staging = {};  // where segments are written aside; empty: in root
  std::string replacing_task = {};     // see SegmentPlaces
  Json last_compaction_state = {};     // what the descriptors say of it; null: nothing
};

struct WrittenSegment {
  storage::SegmentId id;
  std::uint32_t row_count = 0;
  std::uint64_t size_bytes = 0;
  std::filesystem::path path;  // of its files
};

class SegmentOutput {
 public:
  /// With `append`, segments join those that are there; else they replace them: in deep storage by their newer version,
  /// in the plain layout by taking their places. `version` is for new chunks.
  SegmentOutput(OutputLayout layout, std::string data_source, std::string version, bool append);

  /// Where what is not finished may lie.
  const std::filesystem::path& root() const noexcept {
    return layout_.staging.empty() ? layout_.root : layout_.staging;
  }

  /// A place to write the next segment's files to.
  std::filesystem::path staging_path();

  /// What was written to the staging path given last.
  /// `shard_spec` makes the descriptor's of the partition's number and that of core partitions; empty: a numbered one.
  using ShardSpec = std::function<Json(std::uint32_t partition, std::uint32_t core_partitions)>;
  void add(const Interval& interval, std::uint32_t row_count, std::uint64_t size_bytes,
           std::vector<std::string> dimensions, std::vector<std::string> metrics, ShardSpec shard_spec = {});

  /// Each of the chunks that got no segment gets a tombstone, which hides what is there. Before publish(), when all is
  /// added.
  void bury(const std::vector<Interval>& chunks);

  /// The intervals of segments with rows that are there now.
  std::vector<Interval> intervals_with_rows() const;

  /// Gives the segments their partition numbers and moves them to their places.
  std::vector<WrittenSegment> publish();

 private:
  struct Staged {
    std::filesystem::path path;
    std::uint32_t row_count;
    std::uint64_t size_bytes;
    std::vector<std::string> dimensions;
    std::vector<std::string> metrics;
    ShardSpec shard_spec;
  };

  /// What new segments of an interval join.
  struct Chunk {
    std::string version;
    std::uint32_t next_partition = 0;
    std::uint32_t core_partitions = 0;
  };

  Chunk chunk_of(const Interval& interval, std::size_t staged_count) const;
  void join(Chunk& chunk, const storage::SegmentDescriptor& descriptor) const;
  void join_published(Chunk& chunk, const Interval& interval) const;
  storage::SegmentId free_id(storage::SegmentId id) const;
  storage::SegmentDescriptor describe(const Staged& staged, storage::SegmentId id, std::uint32_t core_partitions) const;
  storage::SegmentDescriptor store(const Staged& staged, storage::SegmentDescriptor descriptor) const;
  bool is_staged(const Interval& interval) const;
  void add_tombstone(const Interval& interval);
  std::vector<std::filesystem::path> existing(const Interval& interval) const;
  std::filesystem::path target(const storage::SegmentId& id) const;
  void replace_plain(const Interval& interval) const;

  const OutputLayout layout_;
  const std::string data_source_;
  const std::string version_;
  const bool append_;
  TemporaryDirectory staging_;
  std::uint32_t staged_count_ = 0;
  std::map<Interval, std::vector<Staged>> staged_;
};

}  // namespace sarsen::ingest
