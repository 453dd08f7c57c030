#pragma once
// Java's .properties files, as java.util.Properties.load reads them (from UTF-8): "name=value", "name: value", "name
// value", # and ! comments, lines continued by a backslash, \t \n \r \f \uXXXX escapes. Any text is a properties file
// except for a malformed
// \u escape.

#include <string>
#include <string_view>
#include <vector>

namespace sarsen {

struct Property {
  std::string name;
  std::string value;
  std::size_t line;  // where it begins, from 1: for complaints

  bool operator==(const Property&) const = default;
};

/// In the order written; of a repeated name the last one counts, but all are here, so that a complaint can name the
/// line. Throws kInvalidInput that names the line.
std::vector<Property> parse_properties(std::string_view text);

}  // namespace sarsen
