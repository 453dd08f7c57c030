#include "tests/mutation/segment_mutation.h"

#include <algorithm>
#include <iterator>
#include <random>

#include "tests/fuzz/mutation.h"

namespace sarsen::storage {
namespace {

using Random = std::mt19937_64;

constexpr std::uint64_t kFileEvery = 8;
constexpr std::size_t kWindowBytesMax = 256;

std::size_t below(Random& random, std::size_t bound) { return static_cast<std::size_t>(random() % bound); }

const FileTexts::value_type& any_of(const FileTexts& texts, Random& random) {
  return *std::next(texts.begin(), static_cast<std::ptrdiff_t>(below(random, texts.size())));
}

// Changes anywhere in the text, or in a window of it: at its beginning, or anywhere. Half of the mutants have a single
// one: what is damaged twice is refused for the first damage.
std::string changed(const std::string& text, Random& random) {
  const std::uint64_t seed = random();
  const std::size_t changes_max = below(random, 2) == 0 ? 1 : 4;
  const std::size_t kind = below(random, 4);
  if (kind == 0 || text.empty()) return mutate(text, seed, changes_max);
  const std::size_t size = std::min(text.size(), 1 + below(random, kWindowBytesMax));
  const std::size_t begin = kind == 3 ? below(random, text.size() - size + 1) : 0;
  return text.substr(0, begin) + mutate(text.substr(begin, size), seed, changes_max) + text.substr(begin + size);
}

}  // namespace

Mutant mutant_of(const SegmentParts& parts, std::uint64_t number) {
  Random random(number);
  if (parts.logical_files().empty() || number % kFileEvery == 0) {
    const auto& [name, text] = any_of(parts.files(), random);
    return {name, false, parts.with_file(name, changed(text, random))};
  }
  const auto& [name, text] = any_of(parts.logical_files(), random);
  return {name, true, parts.with_logical_file(name, changed(text, random))};
}

}  // namespace sarsen::storage
