#pragma once
// Texts of rows without ids, from sources that would have to make ids of them: for those who only show them.

#include <cstdint>
#include <optional>
#include <string_view>

namespace sarsen::engine {

/// Consumers find out by a cast of a StringSource.
class TextSource {
 public:
  virtual ~TextSource() = default;
  /// Of rows [begin, begin + size), as StringSource::read_ids: one a row, null where a row is not alive. Valid until
  /// the next call.
  virtual const std::optional<std::string_view>* read_texts(std::uint32_t begin, std::uint32_t size) = 0;
};

}  // namespace sarsen::engine
