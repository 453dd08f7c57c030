#pragma once
// The logical files that an auto or JSON column is spread over: all begin with one name. Thread safety: const methods
// from any thread.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "storage/base/byte_reader.h"
#include "storage/column/logical_files.h"
#include "storage/column/place.h"

namespace sarsen::storage {

class ColumnFiles {
 public:
  /// `files` must outlive this; `place` is the column's.
  ColumnFiles(const LogicalFiles& files, std::string base, Place place)
      : files_(&files), base_(std::move(base)), place_(std::move(place)) {}

  const LogicalFiles& all() const noexcept { return *files_; }
  std::string name(const std::string& suffix) const { return base_ + suffix; }
  Place place_of(const std::string& suffix) const { return place_.with_part(name(suffix)); }

  std::optional<std::span<const std::byte>> find(const std::string& suffix) const { return files_->find(name(suffix)); }
  /// Bytes of the file; 0 where there is none.
  std::size_t size_bytes(const std::string& suffix) const {
    const auto bytes = find(suffix);
    return bytes ? bytes->size() : 0;
  }

  /// What `parse(ByteReader&, const Place&)` makes of the whole file. Throws where it is missing or has bytes left
  /// over.
  template <class Parse>
  auto read(const std::string& suffix, Parse&& parse) const {
    const Place place = place_of(suffix);
    return at_place(place, [&] {
      const auto bytes = find(suffix);
      if (!bytes) throw Error(ErrorCategory::kRuntimeFailure, "no such logical file");
      ByteReader reader(*bytes, "file of a column");
      auto result = parse(reader, place);
      reader.check(reader.at_end(), "bytes left over");
      return result;
    });
  }

 private:
  const LogicalFiles* files_;
  std::string base_;
  Place place_;
};

}  // namespace sarsen::storage
