#pragma once
// SQL's LIKE as Druid has it: `%` is any run of characters, `_` one character, everything else itself; case counts, and
// both ends are anchored. The escape character makes the next one literal, whatever it is; one at the end stands for
// nothing. Immutable, shared.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernels/byte_pairs.h"

namespace sarsen::engine {

class LikePattern {
 public:
  /// `escape`: one character, perhaps of several bytes; empty: none.
  explicit LikePattern(std::string_view pattern, std::string_view escape = {});

  bool matches(std::string_view text) const noexcept;

  /// What every match begins with.
  std::string prefix() const;
  /// Nothing but prefix() matches.
  bool is_literal() const noexcept { return stretches_.size() == 1 && stretches_[0].is_text(); }
  /// Whatever begins with prefix() matches.
  bool is_prefix() const noexcept;
  /// Two bytes of its longest text, which every match has; nullopt: it has none.
  std::optional<kernels::BytePair> rarest_pair() const;

 private:
  /// What stands between two `%`: text, with an `_` before each piece but the first.
  struct Stretch {
    std::vector<std::string> pieces{1};

    bool is_text() const noexcept { return pieces.size() == 1; }
    bool empty() const noexcept { return is_text() && pieces[0].empty(); }
  };

  static std::size_t match_at(const Stretch& stretch, std::string_view text, std::size_t begin) noexcept;
  static std::size_t find(const Stretch& stretch, std::string_view text, std::size_t begin) noexcept;
  static bool ends_with(const Stretch& stretch, std::string_view text, std::size_t begin) noexcept;

  std::vector<Stretch> stretches_{1};
};

}  // namespace sarsen::engine
