#include "engine/text/search_query.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/text/java_pattern.h"
#include "engine/text/text_piece.h"
#include "storage/base/java_character.h"

namespace sarsen::engine {
namespace {

class Everything final : public SearchQuery {
 public:
  bool accepts(std::string_view) const override { return true; }
};

/// All of some pieces. A piece that is null is nowhere.
class Contains final : public SearchQuery {
 public:
  Contains(const std::vector<std::optional<std::string>>& pieces, bool case_sensitive)
      : case_sensitive_(case_sensitive) {
    for (const auto& piece : pieces) {
      never_ = never_ || !piece;
      if (piece) pieces_.emplace_back(case_sensitive ? *piece : ignoring_case(*piece));
    }
  }

  std::optional<kernels::BytePair> rarest_pair() const override {
    const auto piece = std::ranges::find_if(pieces_, [](const TextPiece& one) { return !one.empty(); });
    if (piece == pieces_.end()) return std::nullopt;
    return piece->rarest_pair(!case_sensitive_);
  }

  bool accepts(std::string_view text) const override {
    if (never_) return false;
    if (case_sensitive_) return has_all(text);
    std::array<char, kShortMax> lower;
    if (text.size() > kShortMax || !lower_ascii(text, lower.data())) return has_all(ignoring_case(text));
    return has_all({lower.data(), text.size()});
  }

 private:
  static constexpr std::size_t kShortMax = 256;  // bytes of a text that needs no memory of its own

  /// Makes the letters of `text` small; false where it is not ASCII.
  static bool lower_ascii(std::string_view text, char* out) {
    unsigned char bits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto letter = static_cast<unsigned char>(text[i]);
      bits |= letter;
      out[i] = static_cast<char>(letter + (static_cast<unsigned char>(letter - 'A') < 26 ? 0x20 : 0));
    }
    return bits < 0x80;
  }

  bool has_all(std::string_view text) const {
    return std::all_of(pieces_.begin(), pieces_.end(), [&](const TextPiece& piece) { return piece.is_in(text); });
  }

  std::vector<TextPiece> pieces_;
  bool case_sensitive_;
  bool never_ = false;
};

class Finds final : public SearchQuery {
 public:
  explicit Finds(const std::string& pattern) : pattern_(pattern) {}
  bool accepts(std::string_view text) const override { return pattern_.find(text); }

 private:
  JavaPattern pattern_;
};

std::vector<std::optional<std::string>> parse_pieces(const JsonField& list) {
  if (!list.present()) return {std::nullopt};
  std::vector<std::optional<std::string>> pieces;
  for (const JsonField& element : list.elements()) pieces.push_back(element.optional_string());
  return pieces;
}

}  // namespace

std::shared_ptr<const SearchQuery> parse_search_query(const JsonField& json) {
  if (!json.present()) json.fail("is required: what to search for");
  const std::string type = json["type"].string();
  if (type == "all") return std::make_shared<Everything>();
  if (type == "insensitive_contains")
    return std::make_shared<Contains>(std::vector{json["value"].optional_string()}, false);
  if (type == "contains")
    return std::make_shared<Contains>(std::vector{json["value"].optional_string()},
                                      json["caseSensitive"].boolean_or(false));
  if (type == "fragment")
    return std::make_shared<Contains>(parse_pieces(json["values"]), json["caseSensitive"].boolean_or(false));
  if (type == "regex") return std::make_shared<Finds>(json["pattern"].string());
  json["type"].fail("unknown search query type \"" + type + "\"" +
                    suggestion(type, {"all", "insensitive_contains", "contains", "fragment", "regex"}));
}

}  // namespace sarsen::engine
