#pragma once
// The files that make up a stored segment, by name, wherever they lie: mapped from a directory, inflated from an
// archive, or given in memory (tests, fuzzing). Bytes live as long as their owner. Thread safety: a value; reading is
// safe from many threads.

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>

namespace sarsen::storage {

struct StoredFile {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

using StoredFiles = std::map<std::string, StoredFile, std::less<>>;

/// True for the names that belong to a segment: "version.bin", "meta.smoosh", "00000.smoosh", "factory.json", and those
/// by which other versions than 9 are known ("index.drd", "druid.segment").
bool is_segment_file(std::string_view name) noexcept;

/// The segment files of a directory: chunk files are mapped, the small ones beside them read. No file stays open.
/// Throws kNotFound where there is no such directory.
StoredFiles map_directory(const std::filesystem::path& directory);

}  // namespace sarsen::storage
