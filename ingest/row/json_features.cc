#include "ingest/row/json_features.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sarsen::ingest {
namespace {

using enum JsonFeature;

constexpr std::array<std::pair<std::string_view, JsonFeature>, 14> kNames = {
    {{"ALLOW_COMMENTS", kComments},
     {"ALLOW_YAML_COMMENTS", kYamlComments},
     {"ALLOW_SINGLE_QUOTES", kSingleQuotes},
     {"ALLOW_UNQUOTED_FIELD_NAMES", kUnquotedFieldNames},
     {"ALLOW_MISSING_VALUES", kMissingValues},
     {"ALLOW_TRAILING_COMMA", kTrailingComma},
     {"ALLOW_NUMERIC_LEADING_ZEROS", kLeadingZeros},
     {"ALLOW_NON_NUMERIC_NUMBERS", kNonNumericNumbers},
     {"ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS", kLeadingDecimalPoint},
     {"ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS", kTrailingDecimalPoint},
     {"ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS", kLeadingPlusSign},
     {"ALLOW_UNQUOTED_CONTROL_CHARS", kUnquotedControlChars},
     {"ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER", kBackslashEscapesAny},
     {"STRICT_DUPLICATE_DETECTION", kStrictDuplicates}}};

/// Of Jackson's own work, which change no value.
constexpr std::array<std::string_view, 5> kWithoutEffect = {"AUTO_CLOSE_SOURCE", "IGNORE_UNDEFINED",
                                                            "INCLUDE_SOURCE_IN_LOCATION", "USE_FAST_DOUBLE_PARSER",
                                                            "USE_FAST_BIG_NUMBER_PARSER"};

[[noreturn]] void refuse(const JsonField& json, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& entry : kNames) known.emplace_back(entry.first);
  json.fail("unknown feature of the JSON parser: " + name + suggestion(name, known));
}

}  // namespace

JsonFeatures JsonFeatures::parse(const JsonField& json) {
  JsonFeatures features;
  for (const auto& [name, on] : json.members()) {
    if (std::find(kWithoutEffect.begin(), kWithoutEffect.end(), name) != kWithoutEffect.end()) continue;
    const auto entry =
        std::find_if(kNames.begin(), kNames.end(), [&](const auto& known) { return known.first == name; });
    if (entry == kNames.end()) refuse(on, name);
    if (on.boolean()) features.set(entry->second);
  }
  return features;
}

}  // namespace sarsen::ingest
