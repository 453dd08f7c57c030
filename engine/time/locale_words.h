#pragma once
// The words that dates are printed with, by language. Immutable; thread-safe.

#include <string>
#include <string_view>
#include <vector>

namespace sarsen::engine {

struct LocaleWords {
  std::vector<std::string> months;  // January first
  std::vector<std::string> short_months;
  std::vector<std::string> weekdays;  // Monday first
  std::vector<std::string> short_weekdays;
  std::vector<std::string> half_days;  // AM, PM
  std::vector<std::string> eras;       // BC, AD

  /// By a language tag such as "fr" or "de-AT"; empty: English. Lives as long as the program. Throws kUnsupported for a
  /// language whose words are not known.
  static const LocaleWords& find(std::string_view tag);
};

}  // namespace sarsen::engine
