#pragma once
// The places inside values of JSON, numbered as they are met: the root is 0, and each key or array position below a
// place is a place of its own. So a walk over a million values makes no path text; each place has it once.
// Not thread-safe while places are added.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sarsen::storage {

/// Druid needs a file name, an entry of the field list and a writer for each.
inline constexpr std::uint32_t kPathsMax = 1u << 22;

class PathTree {
 public:
  static constexpr std::uint32_t kRoot = 0;

  PathTree() : places_(1) { places_[kRoot].text = "$"; }

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(places_.size()); }

  // Both throw kUnsupported past kPathsMax places.
  /// The place of `key` in the object at `parent`.
  std::uint32_t member(std::uint32_t parent, std::string_view key);
  /// The place of element `position` of the array at `parent`.
  std::uint32_t element(std::uint32_t parent, std::size_t position);

  /// As Druid writes it: "$.a.b[0]", "$['dot.key']". Keys are not escaped, so that two places may have one text.
  const std::string& text(std::uint32_t place) const noexcept { return places_[place].text; }

 private:
  struct Place {
    std::string text;
    std::map<std::string, std::uint32_t, std::less<>> members;
    std::vector<std::uint32_t> elements;
  };

  std::uint32_t add(std::string text);

  std::vector<Place> places_;
};

}  // namespace sarsen::storage
