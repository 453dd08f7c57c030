#pragma once
// String.toUpperCase and toLowerCase of Java, with its special cases: the German sharp s becomes two letters, a sigma
// at the end of a word is a final one, Turkish has its own i. Broken UTF-8 becomes U+FFFD.

#include <string>
#include <string_view>

namespace sarsen::engine {

/// `locale`: a language tag; empty: no particular one. Throws kUnsupported for Lithuanian.
std::string upper_case(std::string_view utf8, std::string_view locale = {});
std::string lower_case(std::string_view utf8, std::string_view locale = {});

}  // namespace sarsen::engine
