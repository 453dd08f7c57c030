#pragma once
// GenericIndexed: a random-access list of byte strings, read straight from the mapped bytes. Dictionaries, bitmaps,
// column lists, complex values and compressed blocks are such lists. Format: storage/FORMAT.md, "GenericIndexed".
//
// Version 1 is one piece; version 2 names further logical files that hold offsets and values. Opening proves the sizes
// of the tables; the two offsets of an element are proven when it is read, so that opening never walks a long list.
// Thread safety: a value; const methods from any thread. Lives no longer than the segment.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/base/byte_reader.h"
#include "storage/column/logical_files.h"

namespace sarsen::storage {

class GenericIndexed {
 public:
  struct Element {
    std::span<const std::byte> bytes;
    bool null;  // marked as null; then `bytes` is empty
  };

  GenericIndexed() = default;  // an empty list

  /// Reads the list that starts here and moves behind it. Throws kRuntimeFailure on corrupt bytes, kUnsupported for an
  /// unknown version.
  static GenericIndexed read(ByteReader& reader, const LogicalFiles& files);

  std::uint32_t size() const noexcept { return size_; }
  /// The list says of itself that it ascends without repeats.
  bool sorted() const noexcept { return sorted_; }
  /// REQUIRES: index < size(). Throws where the offsets are corrupt.
  Element element(std::uint32_t index) const;
  /// Where the elements lie, one after the other with a marker before each; empty where these are several pieces.
  std::span<const std::byte> ordered_bytes() const noexcept {
    return files_.size() == 1 ? files_[0] : std::span<const std::byte>();
  }
  /// Has the elements come from memory, all at a time. REQUIRES: each is below size().
  void prefetch(std::span<const std::uint32_t> indexes) const noexcept;

 private:
  void read_one_file(ByteReader& reader);
  void read_many_files(ByteReader& reader, const LogicalFiles& files);
  std::size_t end_of(std::uint32_t index) const noexcept;
  std::size_t start_of(std::uint32_t index) const noexcept;

  std::uint32_t size_ = 0;
  bool sorted_ = false;
  bool ends_big_endian_ = true;
  std::uint32_t file_shift_ = 31;                  // element i lies in file i >> file_shift_
  std::span<const std::byte> ends_;                // 4 bytes per element
  std::vector<std::span<const std::byte>> files_;  // value areas
};

}  // namespace sarsen::storage
