#pragma once
// What this process serves as a historical: published segments enter the timeline together, and those that they hide
// leave it in the same swap, so that no query sees both or none. Hidden ones are put out of use in the metadata store,
// as the coordinator does. Live sinks are left to those who fill them. Where other servers are the historicals, nothing
// enters. Thread safety: from any thread.

#include <memory>
#include <vector>

#include "ingest/deep_storage/segment_cache.h"
#include "ingest/metadata/metadata_store.h"
#include "storage/segment/catalog.h"

namespace sarsen::ingest {

class ServedSwap {
 public:
  /// `serves`: this process is the historical of what it publishes. REQUIRES: all references outlive it.
  ServedSwap(MetadataStore& metadata, SegmentCache& cache, storage::Catalog& catalog, bool serves = true)
      : metadata_(metadata), cache_(cache), catalog_(catalog), serves_(serves) {}

  bool serves() const noexcept { return serves_; }

  /// Loads published segments, then swaps them in, and those that they hide out, and `replaced` whether hidden or not.
  /// In the same swap what is filled still and was `upgraded` answers by its new ids, too. All are of one data source.
  /// Throws where one cannot be loaded: then nothing is swapped.
  void serve(const std::vector<storage::SegmentDescriptor>& segments,
             const std::vector<storage::SegmentId>& replaced = {}, const std::vector<UpgradedSegment>& upgraded = {});

  /// Takes segments out of the timeline and deletes their copies.
  void drop(const std::vector<storage::SegmentId>& ids);

  /// Drops what newer versions hide, of all data sources, and puts it out of use.
  void drop_hidden();

 private:
  void forget_hidden(const std::vector<storage::SegmentId>& hidden);

  MetadataStore& metadata_;
  SegmentCache& cache_;
  storage::Catalog& catalog_;
  const bool serves_;
};

/// The live segment of an id answers by another id, too; where it is not served, or something else has the other id,
/// nothing is to be done.
void serve_upgraded(storage::Timeline& timeline, const UpgradedSegment& upgraded);

/// Takes these out, whatever ids they have.
void remove_served(storage::Timeline& timeline,
                   const std::vector<std::shared_ptr<const storage::ServedSegment>>& segments);

/// Entries that are immutable, and of which every moment is answered by a newer version.
std::vector<storage::SegmentId> hidden_segments(const storage::Timeline& timeline);

}  // namespace sarsen::ingest
