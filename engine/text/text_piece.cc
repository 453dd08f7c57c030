#include "engine/text/text_piece.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace sarsen::engine {
namespace {

/// The letters of English from the rarest on; what is no letter is rarer than all of them.
constexpr std::string_view kFromRarest = "zqxjkvbpygfwmucldrhsnioate ";

std::size_t rarity(char letter) noexcept {
  const std::size_t found = kFromRarest.find(letter);
  return found == std::string_view::npos ? kFromRarest.size() : kFromRarest.size() - 1 - found;
}

/// What a byte may be in a text in which letters of any case are the same.
void set_either(unsigned char* two, char letter, bool ignoring_case) noexcept {
  two[0] = two[1] = static_cast<unsigned char>(letter);
  if (ignoring_case && letter >= 'a' && letter <= 'z') two[1] = static_cast<unsigned char>(letter - 0x20);
}

}  // namespace

TextPiece::TextPiece(std::string text) : text_(std::move(text)) {
  rarest_ = static_cast<std::size_t>(std::ranges::max_element(text_, {}, rarity) - text_.begin());
}

bool TextPiece::is_in(std::string_view text) const noexcept {
  if (text_.empty()) return true;
  for (std::size_t at = rarest_; at < text.size(); ++at) {
    at = text.find(text_[rarest_], at);
    if (at == std::string_view::npos) return false;
    if (text.substr(at - rarest_).starts_with(text_)) return true;
  }
  return false;
}

kernels::BytePair TextPiece::rarest_pair(bool ignoring_case) const noexcept {
  std::size_t other = rarest_;
  for (std::size_t at = 0; at < text_.size(); ++at)
    if (at != rarest_ && (other == rarest_ || rarity(text_[at]) > rarity(text_[other]))) other = at;
  const auto [first, second] = std::minmax(rarest_, other);
  kernels::BytePair pair{};
  set_either(pair.first, text_[first], ignoring_case);
  set_either(pair.second, text_[second], ignoring_case);
  pair.distance = static_cast<std::uint32_t>(second - first);
  pair.or_high = ignoring_case;
  return pair;
}

}  // namespace sarsen::engine
