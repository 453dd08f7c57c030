#include "engine/text/like_pattern.h"

#include "engine/text/text_piece.h"
#include "storage/base/utf8.h"

namespace sarsen::engine {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

LikePattern::LikePattern(std::string_view pattern, std::string_view escape) {
  bool escaped = false;
  while (!pattern.empty()) {
    const std::string_view character = pattern.substr(0, next_code_point(pattern).size);
    pattern.remove_prefix(character.size());
    if (!escaped && character == escape) {
      escaped = true;
    } else if (!escaped && character == "%") {
      stretches_.emplace_back();
    } else if (!escaped && character == "_") {
      stretches_.back().pieces.emplace_back();
    } else {
      stretches_.back().pieces.back() += character;
      escaped = false;
    }
  }
}

std::string LikePattern::prefix() const { return stretches_[0].pieces[0]; }

bool LikePattern::is_prefix() const noexcept {
  if (stretches_.size() < 2 || !stretches_[0].is_text()) return false;
  for (std::size_t i = 1; i < stretches_.size(); ++i)
    if (!stretches_[i].empty()) return false;
  return true;
}

std::optional<kernels::BytePair> LikePattern::rarest_pair() const {
  std::string longest;
  for (const Stretch& stretch : stretches_)
    for (const std::string& piece : stretch.pieces)
      if (piece.size() > longest.size()) longest = piece;
  if (longest.empty()) return std::nullopt;
  return TextPiece(longest).rarest_pair(false);
}

/// Where the stretch ends that begins at `begin`; kNowhere: it is not there.
std::size_t LikePattern::match_at(const Stretch& stretch, std::string_view text, std::size_t begin) noexcept {
  std::size_t end = begin;
  for (std::size_t i = 0; i < stretch.pieces.size(); ++i) {
    if (i > 0) {
      if (end >= text.size()) return kNowhere;
      end += next_code_point(text.substr(end)).size;
    }
    if (!text.substr(end).starts_with(stretch.pieces[i])) return kNowhere;
    end += stretch.pieces[i].size();
  }
  return end;
}

/// Where the leftmost one from `begin` on ends.
std::size_t LikePattern::find(const Stretch& stretch, std::string_view text, std::size_t begin) noexcept {
  if (stretch.is_text()) {
    const std::size_t found = text.find(stretch.pieces[0], begin);
    return found == kNowhere ? kNowhere : found + stretch.pieces[0].size();
  }
  for (std::size_t start = begin; start <= text.size(); ++start) {
    if (start < text.size() && is_continuation(text[start])) continue;
    const std::size_t end = match_at(stretch, text, start);
    if (end != kNowhere) return end;
  }
  return kNowhere;
}

/// Whether the text after `begin` ends with the stretch: from the end, as its characters may have any length.
bool LikePattern::ends_with(const Stretch& stretch, std::string_view text, std::size_t begin) noexcept {
  std::string_view rest = text.substr(begin);
  for (std::size_t i = stretch.pieces.size(); i-- > 0;) {
    if (!rest.ends_with(stretch.pieces[i])) return false;
    rest.remove_suffix(stretch.pieces[i].size());
    if (i == 0) return true;
    if (rest.empty()) return false;
    std::size_t last = rest.size() - 1;
    while (last > 0 && is_continuation(rest[last])) --last;
    rest.remove_suffix(rest.size() - last);
  }
  return true;
}

bool LikePattern::matches(std::string_view text) const noexcept {
  std::size_t end = match_at(stretches_[0], text, 0);
  if (stretches_.size() == 1 || end == kNowhere) return end == text.size();
  for (std::size_t i = 1; i + 1 < stretches_.size(); ++i) {
    end = find(stretches_[i], text, end);
    if (end == kNowhere) return false;
  }
  return ends_with(stretches_.back(), text, end);
}

}  // namespace sarsen::engine
