#pragma once
// Whether other servers serve what this one has published. Thread safety: one thread at a time.

#include <set>
#include <vector>

#include "storage/segment/segment.h"

namespace sarsen::ingest {

class ServedElsewhere {
 public:
  virtual ~ServedElsewhere() = default;

  /// Those of `segments` that this process need serve no more. Throws where nobody can tell now.
  virtual std::set<storage::SegmentId> served(const std::vector<storage::SegmentId>& segments) = 0;
};

}  // namespace sarsen::ingest
