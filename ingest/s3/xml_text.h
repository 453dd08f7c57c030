#pragma once
// What S3 says in XML, as far as it is of use: the text of elements that have no attributes. Pure.

#include <string>
#include <string_view>

namespace sarsen::ingest {

/// What stands in the next <NAME>…</NAME> from `at` on, which is moved behind it; "" where there is none.
std::string_view next_xml_element(std::string_view xml, const std::string& name, std::size_t& at);

/// The text of the first element of that name, without entities; "" where there is none.
std::string xml_element(std::string_view xml, const std::string& name);

/// `text` without entities: the five of XML, and characters by number.
std::string xml_plain(std::string_view text);

/// `text` as it may stand in an element.
std::string xml_escaped(std::string_view text);

}  // namespace sarsen::ingest
