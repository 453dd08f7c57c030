#include "engine/text/java_case.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "storage/base/error.h"
#include "storage/base/java_character.h"
#include "storage/base/utf8.h"

namespace sarsen::engine {
namespace {

/// One code point that becomes several; 0 after the last.
struct Expansion {
  std::uint32_t from;
  std::array<std::uint32_t, 3> to;
};

constexpr Expansion kUpperExpansions[] = {
    {0x00DF, {0x0053, 0x0053, 0}},      {0x0149, {0x02BC, 0x004E, 0}},      {0x01F0, {0x004A, 0x030C, 0}},
    {0x0390, {0x0399, 0x0308, 0x0301}}, {0x03B0, {0x03A5, 0x0308, 0x0301}}, {0x0587, {0x0535, 0x0552, 0}},
    {0x1E96, {0x0048, 0x0331, 0}},      {0x1E97, {0x0054, 0x0308, 0}},      {0x1E98, {0x0057, 0x030A, 0}},
    {0x1E99, {0x0059, 0x030A, 0}},      {0x1E9A, {0x0041, 0x02BE, 0}},      {0x1F50, {0x03A5, 0x0313, 0}},
    {0x1F52, {0x03A5, 0x0313, 0x0300}}, {0x1F54, {0x03A5, 0x0313, 0x0301}}, {0x1F56, {0x03A5, 0x0313, 0x0342}},
    {0x1F80, {0x1F08, 0x0399, 0}},      {0x1F81, {0x1F09, 0x0399, 0}},      {0x1F82, {0x1F0A, 0x0399, 0}},
    {0x1F83, {0x1F0B, 0x0399, 0}},      {0x1F84, {0x1F0C, 0x0399, 0}},      {0x1F85, {0x1F0D, 0x0399, 0}},
    {0x1F86, {0x1F0E, 0x0399, 0}},      {0x1F87, {0x1F0F, 0x0399, 0}},      {0x1F88, {0x1F08, 0x0399, 0}},
    {0x1F89, {0x1F09, 0x0399, 0}},      {0x1F8A, {0x1F0A, 0x0399, 0}},      {0x1F8B, {0x1F0B, 0x0399, 0}},
    {0x1F8C, {0x1F0C, 0x0399, 0}},      {0x1F8D, {0x1F0D, 0x0399, 0}},      {0x1F8E, {0x1F0E, 0x0399, 0}},
    {0x1F8F, {0x1F0F, 0x0399, 0}},      {0x1F90, {0x1F28, 0x0399, 0}},      {0x1F91, {0x1F29, 0x0399, 0}},
    {0x1F92, {0x1F2A, 0x0399, 0}},      {0x1F93, {0x1F2B, 0x0399, 0}},      {0x1F94, {0x1F2C, 0x0399, 0}},
    {0x1F95, {0x1F2D, 0x0399, 0}},      {0x1F96, {0x1F2E, 0x0399, 0}},      {0x1F97, {0x1F2F, 0x0399, 0}},
    {0x1F98, {0x1F28, 0x0399, 0}},      {0x1F99, {0x1F29, 0x0399, 0}},      {0x1F9A, {0x1F2A, 0x0399, 0}},
    {0x1F9B, {0x1F2B, 0x0399, 0}},      {0x1F9C, {0x1F2C, 0x0399, 0}},      {0x1F9D, {0x1F2D, 0x0399, 0}},
    {0x1F9E, {0x1F2E, 0x0399, 0}},      {0x1F9F, {0x1F2F, 0x0399, 0}},      {0x1FA0, {0x1F68, 0x0399, 0}},
    {0x1FA1, {0x1F69, 0x0399, 0}},      {0x1FA2, {0x1F6A, 0x0399, 0}},      {0x1FA3, {0x1F6B, 0x0399, 0}},
    {0x1FA4, {0x1F6C, 0x0399, 0}},      {0x1FA5, {0x1F6D, 0x0399, 0}},      {0x1FA6, {0x1F6E, 0x0399, 0}},
    {0x1FA7, {0x1F6F, 0x0399, 0}},      {0x1FA8, {0x1F68, 0x0399, 0}},      {0x1FA9, {0x1F69, 0x0399, 0}},
    {0x1FAA, {0x1F6A, 0x0399, 0}},      {0x1FAB, {0x1F6B, 0x0399, 0}},      {0x1FAC, {0x1F6C, 0x0399, 0}},
    {0x1FAD, {0x1F6D, 0x0399, 0}},      {0x1FAE, {0x1F6E, 0x0399, 0}},      {0x1FAF, {0x1F6F, 0x0399, 0}},
    {0x1FB2, {0x1FBA, 0x0399, 0}},      {0x1FB3, {0x0391, 0x0399, 0}},      {0x1FB4, {0x0386, 0x0399, 0}},
    {0x1FB6, {0x0391, 0x0342, 0}},      {0x1FB7, {0x0391, 0x0342, 0x0399}}, {0x1FBC, {0x0391, 0x0399, 0}},
    {0x1FC2, {0x1FCA, 0x0399, 0}},      {0x1FC3, {0x0397, 0x0399, 0}},      {0x1FC4, {0x0389, 0x0399, 0}},
    {0x1FC6, {0x0397, 0x0342, 0}},      {0x1FC7, {0x0397, 0x0342, 0x0399}}, {0x1FCC, {0x0397, 0x0399, 0}},
    {0x1FD2, {0x0399, 0x0308, 0x0300}}, {0x1FD3, {0x0399, 0x0308, 0x0301}}, {0x1FD6, {0x0399, 0x0342, 0}},
    {0x1FD7, {0x0399, 0x0308, 0x0342}}, {0x1FE2, {0x03A5, 0x0308, 0x0300}}, {0x1FE3, {0x03A5, 0x0308, 0x0301}},
    {0x1FE4, {0x03A1, 0x0313, 0}},      {0x1FE6, {0x03A5, 0x0342, 0}},      {0x1FE7, {0x03A5, 0x0308, 0x0342}},
    {0x1FF2, {0x1FFA, 0x0399, 0}},      {0x1FF3, {0x03A9, 0x0399, 0}},      {0x1FF4, {0x038F, 0x0399, 0}},
    {0x1FF6, {0x03A9, 0x0342, 0}},      {0x1FF7, {0x03A9, 0x0342, 0x0399}}, {0x1FFC, {0x03A9, 0x0399, 0}},
    {0xFB00, {0x0046, 0x0046, 0}},      {0xFB01, {0x0046, 0x0049, 0}},      {0xFB02, {0x0046, 0x004C, 0}},
    {0xFB03, {0x0046, 0x0046, 0x0049}}, {0xFB04, {0x0046, 0x0046, 0x004C}}, {0xFB05, {0x0053, 0x0054, 0}},
    {0xFB06, {0x0053, 0x0054, 0}},      {0xFB13, {0x0544, 0x0546, 0}},      {0xFB14, {0x0544, 0x0535, 0}},
    {0xFB15, {0x0544, 0x053B, 0}},      {0xFB16, {0x054E, 0x0546, 0}},      {0xFB17, {0x0544, 0x053D, 0}}};

constexpr std::uint32_t kDottedCapitalI = 0x130;
constexpr std::uint32_t kDotlessI = 0x131;
constexpr std::uint32_t kCapitalSigma = 0x3A3;
constexpr std::uint32_t kFinalSigma = 0x3C2;

bool is_cased(std::uint32_t point) noexcept { return java_upper(point) != point || java_lower(point) != point; }

/// What may stand between the letters of a word: points, apostrophes, accents.
bool is_case_ignorable(std::uint32_t point) noexcept {
  constexpr std::u32string_view kMarks = U"'.:\u00AD\u00B7\u2018\u2019\u2024\u2027";
  return kMarks.find(static_cast<char32_t>(point)) != std::u32string_view::npos || (point >= 0x300 && point < 0x370);
}

/// Whether a cased letter is the first of `text` that counts.
bool begins_cased(std::string_view text) noexcept {
  while (!text.empty()) {
    const Utf8Step step = next_code_point(text);
    if (!is_case_ignorable(step.code_point)) return is_cased(step.code_point);
    text.remove_prefix(step.size);
  }
  return false;
}

enum class Language : std::uint8_t { kAny, kTurkic };

Language language_of(std::string_view locale) {
  const std::string_view language = locale.substr(0, locale.find_first_of("-_"));
  if (language == "lt")
    throw Error(ErrorCategory::kUnsupported, "The case of letters is not part of this version in the locale lt");
  return language == "tr" || language == "az" ? Language::kTurkic : Language::kAny;
}

bool is_ascii(std::string_view text) noexcept {
  unsigned char bits = 0;
  for (const char letter : text) bits |= static_cast<unsigned char>(letter);
  return bits < 0x80;
}

/// The 26 letters from `first` on moved by `distance`.
std::string shifted(std::string_view text, char first, int distance) {
  std::string result(text);
  for (char& letter : result)
    if (static_cast<unsigned char>(letter - first) < 26) letter = static_cast<char>(letter + distance);
  return result;
}

}  // namespace

std::string upper_case(std::string_view utf8, std::string_view locale) {
  const Language language = language_of(locale);
  if (language != Language::kTurkic && is_ascii(utf8)) return shifted(utf8, 'a', -0x20);
  std::string result;
  while (!utf8.empty()) {
    const auto [point, size, valid] = next_code_point(utf8);
    utf8.remove_prefix(size);
    const auto* const expansion =
        point < 0x80 ? std::end(kUpperExpansions)
                     : std::lower_bound(
                           std::begin(kUpperExpansions), std::end(kUpperExpansions), point,
                           [](const Expansion& each, std::uint32_t wanted) { return each.from < wanted; });
    if (expansion != std::end(kUpperExpansions) && expansion->from == point) {
      for (const std::uint32_t part : expansion->to)
        if (part != 0) append_utf8(result, part);
    } else {
      append_utf8(result, point == 'i' && language == Language::kTurkic ? kDottedCapitalI : java_upper(point));
    }
  }
  return result;
}

std::string lower_case(std::string_view utf8, std::string_view locale) {
  const Language language = language_of(locale);
  if (language != Language::kTurkic && is_ascii(utf8)) return shifted(utf8, 'A', 0x20);
  std::string result;
  bool after_letter = false;
  while (!utf8.empty()) {
    const auto [point, size, valid] = next_code_point(utf8);
    utf8.remove_prefix(size);
    if (point == kCapitalSigma && after_letter && !begins_cased(utf8)) {
      append_utf8(result, kFinalSigma);
    } else if (point == kDottedCapitalI) {
      result += language == Language::kTurkic ? "i" : "i\u0307";
    } else if (point == 'I' && language == Language::kTurkic) {
      append_utf8(result, kDotlessI);
    } else {
      append_utf8(result, java_lower(point));
    }
    if (!is_case_ignorable(point)) after_letter = is_cased(point);
  }
  return result;
}

}  // namespace sarsen::engine
