#include "server/http/request.h"

#include <cstddef>

#include "storage/base/ascii_case.h"

namespace sarsen::server {
namespace {

std::optional<int> hex_digit(char digit) noexcept {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char small = static_cast<char>(digit | 0x20);  // of a letter
  if (small >= 'a' && small <= 'f') return small - 'a' + 10;
  return std::nullopt;
}

bool add_parameter(std::string_view text, Request& request) {
  if (text.empty()) return true;
  const std::size_t equals = text.find('=');
  auto name = percent_decoded(text.substr(0, equals), true);
  auto value = equals == std::string_view::npos ? std::string() : percent_decoded(text.substr(equals + 1), true);
  if (!name || !value) return false;
  request.parameters.emplace_back(std::move(*name), std::move(*value));
  return true;
}

}  // namespace

std::string_view Request::header(std::string_view name) const noexcept {
  for (const Header& header : headers)
    if (storage::equals_ignoring_case(header.name, name)) return header.value;
  return {};
}

bool Request::has_parameter(std::string_view name) const noexcept { return parameter(name).has_value(); }

std::optional<std::string_view> Request::parameter(std::string_view name) const noexcept {
  for (const auto& [key, value] : parameters)
    if (key == name) return value;
  return std::nullopt;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (text[at] != '%') {
      decoded += text[at];
    } else {
      if (text.size() - at < 3) return std::nullopt;
      const auto high = hex_digit(text[at + 1]);
      const auto low = hex_digit(text[at + 2]);
      if (!high || !low) return std::nullopt;
      decoded += static_cast<char>(*high * 16 + *low);
      at += 2;
    }
  }
  return decoded;
}

bool parse_target(std::string_view target, Request& request) {
  const std::size_t question = target.find('?');
  request.path = std::string(target.substr(0, question));
  if (question == std::string_view::npos) return true;
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    if (!add_parameter(rest.substr(0, end), request)) return false;
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace sarsen::server
