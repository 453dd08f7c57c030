#pragma once
// A named range of bytes and what it is made of, and the walk that finds such ranges: a ByteReader that remembers where
// each part began. Offsets count from the begin of the logical file. Thread safety: values.

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "storage/base/byte_reader.h"

namespace sarsen::storage {

struct Part {
  std::string name;         // "dictionary"
  std::string detail;       // "utf8, 231 values"; may be empty
  std::size_t begin = 0;    // in the logical file
  std::size_t size = 0;     // bytes
  std::size_t decoded = 0;  // bytes once blocks are decoded; size where there is nothing to decode
  std::vector<Part> parts;  // in order, without gaps or overlap; together they are the whole. Empty: a leaf
  bool understood = true;   // false: `detail` says why the walk ended here

  /// The part of this name among `parts`; nullptr where there is none.
  const Part* find(std::string_view wanted) const noexcept {
    for (const Part& part : parts)
      if (part.name == wanted) return &part;
    return nullptr;
  }
};

class PartWalk {
 public:
  PartWalk(std::span<const std::byte> bytes, std::string name) : reader_(bytes, "map") { root_.name = std::move(name); }

  ByteReader& reader() noexcept { return reader_; }
  /// The part being walked now.
  Part& here() noexcept { return *here_; }

  /// What `walk(PartWalk&)` reads is a part of the present one. Where `walk` throws, the part ends with what was read.
  template <class Walk>
  void part(std::string name, Walk&& walk) {
    Part mine;
    mine.name = std::move(name);
    mine.begin = reader_.position();
    Part* const outer = std::exchange(here_, &mine);
    try {
      std::forward<Walk>(walk)(*this);
    } catch (...) {
      close(mine, outer);
      throw;
    }
    close(mine, outer);
  }

  /// A leaf of `size` bytes.
  void leaf(std::string name, std::size_t size, std::string detail = {}) {
    part(std::move(name), [&](PartWalk& walk) {
      walk.reader().skip(size);
      walk.here().detail = std::move(detail);
    });
  }

  /// Ends the walk: what was not read is a part that is not understood, with `reason`.
  Part finish(const std::string& reason);

 private:
  void close(Part& mine, Part* outer);

  ByteReader reader_;
  Part root_;
  Part* here_ = &root_;
};

/// Runs `walk(PartWalk&)` over `bytes`; an Error ends it and becomes the reason of the rest.
template <class Walk>
Part map_bytes(std::span<const std::byte> bytes, std::string name, Walk&& walk) {
  PartWalk parts(bytes, std::move(name));
  std::string reason = "nothing says what these bytes are";
  try {
    std::forward<Walk>(walk)(parts);
  } catch (const Error& error) {
    reason = error.what();
  }
  return parts.finish(reason);
}

}  // namespace sarsen::storage
