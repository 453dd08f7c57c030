#pragma once
// A tombstone: a segment without rows or files that hides older ones of its interval. Druid stores nothing of it but
// factory.json. Thread safety: as any Segment, shared by threads.

#include <memory>

#include "storage/segment/segment.h"

namespace sarsen::storage {

/// Its data interval is empty: only the descriptor of a tombstone knows where it lies.
std::shared_ptr<const Segment> make_tombstone(std::size_t size_bytes);

}  // namespace sarsen::storage
