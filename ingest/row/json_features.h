#pragma once
// What JSON a reader takes beyond the standard: Druid's featureSpec, which are switches of Jackson's parser. Immutable.

#include <cstdint>
#include <initializer_list>

#include "storage/base/json.h"

namespace sarsen::ingest {

enum class JsonFeature : std::uint8_t {
  kComments,              // /* … */ and // … are blanks
  kYamlComments,          // so is # …
  kSingleQuotes,          // 'text', and \' in any text
  kUnquotedFieldNames,    // {name: 1}
  kMissingValues,         // [1,,2] holds a null
  kTrailingComma,         // [1,] holds one value
  kLeadingZeros,          // 007
  kNonNumericNumbers,     // NaN, INF, -Infinity
  kLeadingDecimalPoint,   // .5
  kTrailingDecimalPoint,  // 5.
  kLeadingPlusSign,       // +5
  kUnquotedControlChars,  // a tabulator in a text
  kBackslashEscapesAny,   // \x is x
  kStrictDuplicates,      // an object that has a name twice is an error
};

class JsonFeatures {
 public:
  JsonFeatures() = default;
  JsonFeatures(std::initializer_list<JsonFeature> features) {
    for (const JsonFeature feature : features) set(feature);
  }

  void set(JsonFeature feature) noexcept { bits_ |= bit(feature); }
  bool has(JsonFeature feature) const noexcept { return (bits_ & bit(feature)) != 0; }
  bool any() const noexcept { return bits_ != 0; }

  /// An object of Jackson's names and booleans, or nothing. Throws kInvalidInput that names a feature that is none.
  static JsonFeatures parse(const JsonField& json);

 private:
  static constexpr std::uint32_t bit(JsonFeature feature) noexcept {
    return std::uint32_t{1} << static_cast<std::uint8_t>(feature);
  }
  std::uint32_t bits_ = 0;
};

}  // namespace sarsen::ingest
