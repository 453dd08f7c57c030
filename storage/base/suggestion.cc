// suggestion(): what a mistyped name was perhaps meant to be.

#include <algorithm>
#include <numeric>

#include "storage/base/json.h"

namespace sarsen {

namespace {

constexpr std::size_t kWordMax = 100;  // longer ones are no typing mistakes, and comparing costs length times length

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& character : lower)
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  return lower;
}

/// Insertions, deletions, replacements, and swaps of neighbours.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::exchange(last, row);
  }
  return last[right.size()];
}

}  // namespace

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > kWordMax) return "";
  const std::string lower = lower_case(word);
  const std::string* closest = nullptr;
  std::size_t closest_distance = word.size() / 3 + 1;
  for (const std::string& candidate : known) {
    if (candidate.size() > kWordMax) continue;
    const std::size_t distance = edit_distance(lower, lower_case(candidate));
    if (distance >= closest_distance) continue;
    closest = &candidate;
    closest_distance = distance;
  }
  return closest == nullptr ? "" : " (did you mean \"" + *closest + "\"?)";
}

}  // namespace sarsen
