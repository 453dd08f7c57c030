#pragma once
// One column of all sources, vector by vector, in the order in which a merge comes to them. Not thread-safe.

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/vector/selection.h"
#include "ingest/merge/merged_rows.h"
#include "ingest/merge/source_rows.h"

namespace sarsen::ingest {

/// `Vectors`: NumberVectors, IdVectors or ListVectors of column_vectors.h, one added per source.
template <class Vectors>
class SourceVectors {
 public:
  explicit SourceVectors(const Sources& sources) : sources_(sources) {}

  void add(Vectors vectors) { entries_.push_back({std::move(vectors)}); }

  /// The vector that the piece lies in; the piece begins at `piece.position % kVectorRows`.
  const auto& of(const RowPiece& piece) {
    Entry& entry = entries_[piece.source];
    const std::uint32_t first = piece.position / engine::kVectorRows * engine::kVectorRows;
    if (entry.first != first) {
      entry.vector = entry.vectors.read(first, std::min(engine::kVectorRows, sources_[piece.source].end - first));
      entry.first = first;
    }
    return entry.vector;
  }

 private:
  struct Entry {
    Vectors vectors;
    std::uint32_t first = UINT32_MAX;
    decltype(std::declval<Vectors&>().read(0, 0)) vector = {};
  };
  const Sources& sources_;
  std::vector<Entry> entries_;
};

}  // namespace sarsen::ingest
