#pragma once
// Dates as text by a pattern of Joda-Time ("yyyy-MM-dd HH:mm:ss"): printed and read. Letters as in
// org.joda.time.format.DateTimeFormat: G C Y x w e E y D M d a K h H k m s S z Z, quoted text, and other characters as
// they stand. Immutable; thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/time/locale_words.h"
#include "engine/time/time_zone.h"
#include "storage/base/text_scanner.h"

namespace sarsen::engine {

class JodaFormat {
 public:
  /// Throws kInvalidInput that shows the pattern and the letter at fault, kUnsupported for a locale that is not known.
  /// A quote that is never closed quotes to the end.
  explicit JodaFormat(std::string_view pattern, std::shared_ptr<const TimeZone> zone = TimeZone::utc(),
                      std::string_view locale = {});

  std::string print(std::int64_t time_ms) const;

  /// Milliseconds UTC; text without an offset of its own is in the format's zone. nullopt where it does not fit.
  std::optional<std::int64_t> parse(std::string_view text) const;

 private:
  struct Piece {
    char letter;        // '\0': literal
    std::size_t count;  // how often the letter stands there
    std::string literal;
    bool number_follows;  // the next piece begins with a digit: take exactly `count` digits
  };
  struct Fields;
  /// Of a pattern that can be read straight.
  struct Number {
    char letter;
    std::size_t begin;
    std::size_t size;
  };

  void print_piece(const Piece& piece, std::int64_t time_ms, std::int64_t local_ms, std::string& out) const;
  void print_zone(const Piece& piece, std::int64_t time_ms, std::string& out) const;
  bool scan_piece(const Piece& piece, TextScanner& scanner, Fields& fields) const;
  void draw_picture();
  bool is_as_pictured(std::string_view text) const noexcept;
  std::optional<std::int64_t> parse_straight(std::string_view text) const;

  std::vector<Piece> pieces_;
  std::string picture_;  // what text looks like that is read straight, 0 for each digit; empty: none is
  std::vector<Number> numbers_;
  std::shared_ptr<const TimeZone> zone_;
  const LocaleWords* words_;
};

}  // namespace sarsen::engine
