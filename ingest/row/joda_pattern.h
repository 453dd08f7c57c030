#pragma once
// Timestamp formats given as a Joda-Time pattern ("yyyy-MM-dd HH:mm:ss"), for parsing only. English texts; letters as
// in org.joda.time.format.DateTimeFormat: y Y x w e E D M d a K h H k m s S z Z G C, quoted text, and other characters
// as they stand. Immutable; thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/text_scanner.h"

namespace sarsen::ingest {

class JodaPattern {
 public:
  /// Throws kInvalidInput that shows the pattern and the letter at fault. A quote that is never closed quotes to the
  /// end.
  explicit JodaPattern(std::string_view pattern);

  /// Milliseconds UTC (the default zone); nullopt where the text does not fit.
  std::optional<std::int64_t> parse(std::string_view text) const;

 private:
  struct Piece {
    char letter;        // '\0': literal
    std::size_t count;  // how often the letter stands there
    std::string literal;
    bool number_follows;  // the next piece begins with a digit: take exactly `count` digits
  };
  struct Fields;

  static bool scan_piece(const Piece& piece, TextScanner& scanner, Fields& fields);

  std::vector<Piece> pieces_;
};

}  // namespace sarsen::ingest
