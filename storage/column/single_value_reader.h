#pragma once
// Ids of a column of single strings, by row. Not thread-safe.

#include <vector>

#include "storage/column/column.h"
#include "storage/column/packed_ids.h"

namespace sarsen::storage {

class SingleValueReader final : public StringReader {
 public:
  /// All of these must outlive the reader.
  SingleValueReader(const PackedIds& ids, std::uint32_t dictionary_size, const Place& place)
      : ids_(ids, dictionary_size, place) {}

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) override {
    return ids_.read(begin, count, scratch);
  }

  Lists read_lists(std::uint32_t begin, std::uint32_t count) override {
    list_ids_.resize(count);
    list_offsets_.resize(static_cast<std::size_t>(count) + 1);
    for (std::uint32_t i = 0; i <= count; ++i) list_offsets_[i] = i;
    return {list_offsets_.data(), ids_.read(begin, count, list_ids_.data())};
  }

 private:
  PackedIdsReader ids_;
  std::vector<std::uint32_t> list_offsets_;
  std::vector<std::uint32_t> list_ids_;
};

}  // namespace sarsen::storage
