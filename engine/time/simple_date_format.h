#pragma once
// Dates as text by a pattern of ICU's SimpleDateFormat, as Druid's extraction function `time` uses it: English, in UTC,
// lenient when it reads (the 45th of January is the 14th of February; what follows a date is ignored; numbers that are
// too large wrap round). Immutable; thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/text_scanner.h"

namespace sarsen::engine {

class SimpleDateFormat {
 public:
  enum class Use : std::uint8_t { kParse, kPrint };

  /// Throws kInvalidInput for a letter that ICU does not know, kUnsupported for one that is not known here in this use.
  SimpleDateFormat(std::string_view pattern, Use use);

  std::string print(std::int64_t time_ms) const;
  /// nullopt where the text does not begin with such a date.
  std::optional<std::int64_t> parse(std::string_view text) const;

 private:
  struct Piece {
    char letter;  // '\0': literal
    std::size_t count;
    std::string literal;
  };
  struct Fields;

  static void print_piece(const Piece& piece, std::int64_t time_ms, std::string& out);
  static bool scan_piece(const Piece& piece, std::size_t digits_max, TextScanner& scanner, Fields& fields);
  bool scan_run(std::size_t begin, std::size_t end, TextScanner& scanner, Fields& fields) const;
  std::size_t run_end(std::size_t begin) const;

  std::vector<Piece> pieces_;
};

}  // namespace sarsen::engine
