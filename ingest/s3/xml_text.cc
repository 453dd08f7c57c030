#include "ingest/s3/xml_text.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "storage/base/utf8.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kEntityBytesMax = 12;
constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
    {{"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"amp", '&'}}};

/// "#39" and "#x27"
std::optional<std::uint32_t> code_point_of(std::string_view entity) {
  if (!entity.starts_with('#')) return std::nullopt;
  entity.remove_prefix(1);
  const bool is_hexadecimal = entity.starts_with('x');
  if (is_hexadecimal) entity.remove_prefix(1);
  std::uint32_t code_point = 0;
  const auto [end, error] =
      std::from_chars(entity.data(), entity.data() + entity.size(), code_point, is_hexadecimal ? 16 : 10);
  const bool whole = error == std::errc{} && end == entity.data() + entity.size();
  return whole && code_point <= 0x10FFFF ? std::optional(code_point) : std::nullopt;
}

/// False where the name is that of no entity.
bool append_entity(std::string& text, std::string_view name) {
  for (const auto& [known, character] : kEntities)
    if (known == name) {
      text += character;
      return true;
    }
  const auto code_point = code_point_of(name);
  if (code_point) append_utf8(text, *code_point);
  return code_point.has_value();
}

}  // namespace

std::string_view next_xml_element(std::string_view xml, const std::string& name, std::size_t& at) {
  const std::string begin = "<" + name + ">", end = "</" + name + ">";
  const std::size_t from = xml.find(begin, at);
  const std::size_t to = from == std::string_view::npos ? from : xml.find(end, from);
  at = to == std::string_view::npos ? xml.size() : to + end.size();
  if (to == std::string_view::npos) return "";
  return xml.substr(from + begin.size(), to - from - begin.size());
}

std::string xml_element(std::string_view xml, const std::string& name) {
  std::size_t at = 0;
  return xml_plain(next_xml_element(xml, name, at));
}

std::string xml_plain(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    if (end != std::string_view::npos && end - i <= kEntityBytesMax &&
        append_entity(result, text.substr(i + 1, end - i - 1)))
      i = end;
    else
      result += text[i];
  }
  return result;
}

std::string xml_escaped(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (c == '"')
      result += "&quot;";
    else if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else
      result += c;
  return result;
}

}  // namespace sarsen::ingest
