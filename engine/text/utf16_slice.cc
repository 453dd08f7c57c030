#include "engine/text/utf16_slice.h"

#include "storage/base/utf8.h"

namespace sarsen::engine {

std::string utf16_slice(std::string_view utf8, std::size_t begin, std::size_t end) {
  std::string slice;
  std::size_t unit = 0;
  while (!utf8.empty() && unit < end) {
    const Utf8Step step = next_code_point(utf8);
    const std::size_t after = unit + (step.code_point > 0xFFFF ? 2 : 1);
    if (unit >= begin && after <= end) {
      append_utf8(slice, step.code_point);
    } else if (after > begin) {
      slice += '?';
    }
    unit = after;
    utf8.remove_prefix(step.size);
  }
  return slice;
}

}  // namespace sarsen::engine
