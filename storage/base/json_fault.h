#pragma once
// Finds where and why a text is not JSON. simdjson's DOM says only that it is not; this walk runs after it failed, so
// it need not be fast. It agrees with Json::parse about what is JSON (RFC 8259, kJsonDepthMax).

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sarsen {

struct JsonFault {
  std::size_t position;     // in bytes from the start
  std::string_view reason;  // static text
};

/// nullopt where the text is JSON.
std::optional<JsonFault> find_json_fault(std::string_view text);

/// "unexpected end of text, at line 3 column 14".
std::string describe(std::string_view text, const JsonFault& fault);

}  // namespace sarsen
