#pragma once
// A text to be found in others, by those of its letters which most texts lack. Immutable, shared.

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/kernels/byte_pairs.h"

namespace sarsen::engine {

class TextPiece {
 public:
  explicit TextPiece(std::string text);

  bool is_in(std::string_view text) const noexcept;
  bool empty() const noexcept { return text_.empty(); }

  /// Two bytes that every text has which this one is in: its rarest, or in place of them a byte that is not ASCII where
  /// texts are made small before. REQUIRES: it is not empty; it is small if `ignoring_case`.
  kernels::BytePair rarest_pair(bool ignoring_case) const noexcept;

 private:
  std::string text_;
  std::size_t rarest_ = 0;  // the place of its rarest letter
};

}  // namespace sarsen::engine
