#pragma once
// Stored dictionaries of texts, for tests that look into them.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/column/string_dictionary.h"

namespace sarsen::engine {

/// A list of UTF-8 strings as it is stored (storage/FORMAT.md, "GenericIndexed").
class StoredTexts {
 public:
  /// Ascending, null first. `says_sorted`: what the list says of itself.
  explicit StoredTexts(const std::vector<std::optional<std::string>>& texts, bool says_sorted = true) {
    std::string ends;
    std::string values;
    for (const auto& text : texts) {
      values += text ? std::string(4, '\0') + *text : std::string(4, '\xff');
      put(static_cast<std::uint32_t>(values.size()), ends);
    }
    bytes_ = {'\x01', says_sorted ? '\x01' : '\0'};
    put(static_cast<std::uint32_t>(4 + ends.size() + values.size()), bytes_);
    put(static_cast<std::uint32_t>(texts.size()), bytes_);
    bytes_ += ends + values;
    ByteReader reader(std::as_bytes(std::span(bytes_)), "dictionary");
    dictionary_ = storage::read_dictionary(reader, std::endian::little, files_, {});
  }

  const storage::StoredDictionary& dictionary() const { return *dictionary_; }

 private:
  class NoFiles final : public storage::LogicalFiles {
   public:
    std::optional<std::span<const std::byte>> find(std::string_view) const override { return std::nullopt; }
  };

  static void put(std::uint32_t number, std::string& out) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xff);
  }

  std::string bytes_;
  NoFiles files_;
  std::unique_ptr<storage::StoredDictionary> dictionary_;
};

}  // namespace sarsen::engine
