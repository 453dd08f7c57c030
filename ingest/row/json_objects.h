#pragma once
// The objects of a JSON array as texts of their own, for those who push events in lists. Pure.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sarsen::ingest {

/// Texts, and what keeps their bytes alive.
struct JsonObjects {
  std::vector<std::string_view> objects;
  std::shared_ptr<const std::string> text;
};

/// What follows the array is not looked at, as with Jackson. The objects' own content is not proven here: that is the
/// work of whoever reads them. Throws kInvalidInput where `array` is none, or holds anything but objects.
JsonObjects split_json_array(std::string_view array);

}  // namespace sarsen::ingest
