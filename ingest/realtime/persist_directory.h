#pragma once
// Where a fire department keeps what it has persisted, and how far its source was read by then:
//
//   <base>/<dataSource>/<start>_<end>/<n>/   hydrant n of the sink of that interval, a V9 segment
//   <base>/<dataSource>/<start>_<end>/merged all hydrants in one, on its way to deep storage
//   <base>/<dataSource>/commit.json          {"hydrants": {"<start>_<end>": count, …}, "closed": ["<start>_<end>", …],
//                                             "metadata": position}
//
// commit.json is replaced in one step after the hydrants of a persist are on disk: hydrants and position become true
// together. Hydrants past its counts belong to a persist that was cut short: their rows come again from the source, and
// they are removed. Sinks named in "closed" take no more rows and are on their way to be handed off; one that was is
// named no more, and its directory is removed. Where there is no commit.json (another program wrote the hydrants), all
// of them count.
//
// Not thread-safe: one thread at a time.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "ingest/position.h"
#include "storage/base/interval.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

class PersistDirectory {
 public:
  PersistDirectory(const std::filesystem::path& base, const std::string& data_source) : root_(base / data_source) {}

  struct Restored {
    std::map<Interval, std::vector<std::shared_ptr<const storage::Segment>>> hydrants;
    std::set<Interval> closed;
    Position position;
  };
  /// Opens what was committed and removes what was not. Throws where a committed hydrant is missing or unreadable,
  /// naming it and what can be done.
  Restored restore();

  std::filesystem::path hydrant_path(const Interval& interval, std::uint32_t number) const;

  /// Removes what an earlier attempt may have left there.
  void clear_hydrant(const Interval& interval, std::uint32_t number) const;

  std::filesystem::path merged_path(const Interval& interval) const;

  /// Sinks that take no more rows from now on, and sinks that are forgotten.
  struct Ends {
    std::set<Interval> closed;
    std::set<Interval> handed_off;
  };
  /// Makes hydrants [0, count) of each sink named, and the position, the state to restore. Sinks not named stay as they
  /// are.
  void commit(const std::map<Interval, std::uint32_t>& counts, const Position& position, const Ends& ends);
  void commit(const std::map<Interval, std::uint32_t>& counts, const Position& position) {
    commit(counts, position, {});
  }

  /// Removes the files of a sink that was handed off and is committed as such. Whoever has them mapped keeps them.
  void remove_sink(const Interval& interval) const;

 private:
  void read_commit(Restored& restored);
  void write_commit(const std::map<Interval, std::uint32_t>& counts, const std::set<Interval>& closed,
                    const Position& position) const;
  void restore_sink(const std::filesystem::path& directory, const Interval& interval, Restored& restored);

  const std::filesystem::path root_;
  bool committed_before_ = false;
  std::map<Interval, std::uint32_t> counts_;
  std::set<Interval> closed_;
};

}  // namespace sarsen::ingest
