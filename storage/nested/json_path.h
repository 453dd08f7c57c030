#pragma once
// Paths to the fields of a JSON column, as text: "$.a['b.c'][0]" in Druid since 25, ".\"a\".\"b.c\"[0]" in Druid 24;
// "$" and "." are the value itself. Names are written as they are, nothing is escaped. Thread safety: pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sarsen::storage {

/// The key of an object, or the position in an array.
using JsonPathPart = std::variant<std::string, std::uint32_t>;
using JsonPath = std::vector<JsonPathPart>;

/// Throw kRuntimeFailure where the text is no path, naming it.
JsonPath parse_json_path(std::string_view text);
JsonPath parse_jq_path(std::string_view text);

/// In the form of Druid since 25.
std::string json_path_text(const JsonPath& path);

}  // namespace sarsen::storage
