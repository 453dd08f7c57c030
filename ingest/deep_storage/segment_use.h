#pragma once
// Puts published segments out of use and into use again, as the coordinator does when it is asked to: in the metadata
// store and among what is served. Thread safety: from any thread.

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "ingest/deep_storage/served_swap.h"

namespace sarsen::ingest {

/// Which segments of a data source; nullopt asks for all.
struct SegmentFilter {
  std::optional<Interval> interval;  // that the segment lies in as a whole
  std::optional<std::set<std::string>> versions;
  std::optional<std::set<std::string>> ids;

  bool wants(const storage::SegmentId& id) const;
};

class SegmentUse {
 public:
  /// REQUIRES: both outlive it.
  SegmentUse(MetadataStore& metadata, ServedSwap& served) : metadata_(metadata), served_(served) {}

  /// How many were used until now.
  std::size_t mark_unused(const std::string& data_source, const SegmentFilter& filter);

  /// How many are used from now on. Unless a segment is named alone, those that others hide stay out of use. Throws
  /// where one cannot be loaded: then none is used.
  std::size_t mark_used(const std::string& data_source, const SegmentFilter& filter, bool even_hidden = false);

 private:
  MetadataStore& metadata_;
  ServedSwap& served_;
};

}  // namespace sarsen::ingest
