#pragma once
// The groups of single segments, from earlier queries that grouped and aggregated alike, whatever they then made of
// their groups. Only segments that never change take part, and only by the very part of their time that is asked for.
// Merged in the order in which the scan would have given them, so that answers are the same to the last bit. Belongs to
// one run.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "engine/cache/result_cache.h"
#include "engine/group/kept_groups.h"
#include "engine/query/query_run.h"

namespace sarsen::engine {

/// What scans of one part gave: the pieces in the order of the rows.
struct SegmentGroups final : CachedResult {
  std::weak_ptr<const storage::Segment> segment;  // an id may come again for other rows
  std::vector<KeptGroups> pieces;
  std::size_t pieces_bytes = 0;

  std::size_t bytes() const noexcept override { return sizeof(*this) + pieces_bytes; }
};

class SegmentCache {
 public:
  /// `grouping_key`: all that decides the groups of given rows; empty where it does not tell everything.
  SegmentCache(const QueryRun& run, const std::string& grouping_key);

  bool takes_part() const noexcept { return uses_ || populates_; }

  /// nullptr: not here.
  std::shared_ptr<const SegmentGroups> find(const QueryRun::Part& part) const;

  /// Collects what goes into the cache for one part.
  class Entry {
   public:
    void add(const Grouping& grouping, const GroupScan& scan);

   private:
    friend SegmentCache;
    std::shared_ptr<SegmentGroups> groups_;  // nullptr: nothing is collected, or it became too large
    std::size_t bytes_max_ = 0;
  };
  Entry start(const QueryRun::Part& part) const;
  void put(const QueryRun::Part& part, Entry entry) const;

 private:
  std::string key(const QueryRun::Part& part) const;

  const std::string& grouping_key_;
  ResultCache* cache_;
  std::size_t bytes_max_;
  bool uses_ = false;
  bool populates_ = false;
};

/// The parts of a scan: those whose groups are in the cache, and the others.
class CachedParts {
 public:
  /// All must outlive it.
  CachedParts(const SegmentCache& cache, const Grouping& grouping, const std::vector<QueryRun::Part>& parts);

  const std::vector<QueryRun::Part>& others() const noexcept { return others_; }
  std::size_t place(std::size_t other) const { return places_[other]; }
  /// Calls visit(part, kept groups) for what the cache has of the parts before `end`, each once.
  template <class Visit>
  void visit_known(std::size_t end, Visit visit) {
    for (; next_ < end; ++next_)
      if (known_[next_] != nullptr)
        for (const KeptGroups& piece : known_[next_]->pieces) visit(next_, piece);
  }
  /// Collects what put() puts into the cache.
  void keep(std::size_t other, const GroupScan& scan) { entries_[other].add(grouping_, scan); }
  void put();

 private:
  const SegmentCache& cache_;
  const Grouping& grouping_;
  std::vector<std::shared_ptr<const SegmentGroups>> known_;  // by part
  std::vector<QueryRun::Part> others_;
  std::vector<std::size_t> places_;  // of the others
  std::vector<SegmentCache::Entry> entries_;
  std::size_t next_ = 0;
};

}  // namespace sarsen::engine
