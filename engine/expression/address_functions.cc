// IP addresses as text and as numbers. What is no address is null, or matches nothing.

#include <arpa/inet.h>

#include <array>
#include <charconv>

#include "engine/expression/function.h"
#include "storage/base/text_scanner.h"

namespace sarsen::engine::expression {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

/// Four decimal parts, perhaps with leading zeros.
std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  TextScanner scanner(text);
  std::uint32_t address = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && !scanner.accept('.')) return std::nullopt;
    const std::optional<std::int64_t> part = scanner.number(3);
    if (!part || *part > 255) return std::nullopt;
    address = address << 8 | static_cast<std::uint32_t>(*part);
  }
  return scanner.at_end() ? std::optional(address) : std::nullopt;
}

std::optional<Bytes> parse_ipv6(const std::string& text) {
  Bytes bytes;
  return inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1 ? std::optional(bytes) : std::nullopt;
}

std::string ipv4_text(std::uint32_t address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8)
    text += (text.empty() ? "" : ".") + std::to_string((address >> static_cast<unsigned>(shift)) & 255);
  return text;
}

std::optional<std::uint32_t> ipv4_of(const Eval& value) {
  if (const auto* text = std::get_if<std::string>(&value.value)) return parse_ipv4(*text);
  const auto* number = std::get_if<std::int64_t>(&value.value);
  if (number == nullptr || *number < 0 || *number > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

struct Subnet {
  std::string address;
  unsigned bits;
};

/// "address/bits"; the function refuses other literals.
Subnet subnet_of(std::string_view function, const Exprs& arguments, unsigned bits_max) {
  const std::string text = literal_text(function, arguments, 1).value_or("null");
  const std::size_t slash = text.find('/');
  unsigned bits = bits_max + 1;
  if (slash != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data() + slash + 1, end, bits);
    if (result.ec != std::errc() || result.ptr != end) bits = bits_max + 1;
  }
  const std::string address = text.substr(0, slash);
  const bool valid = bits_max == 32 ? parse_ipv4(address).has_value() : parse_ipv6(address).has_value();
  if (bits > bits_max || !valid) fail_function(function, "subnet [" + text + "] is invalid");
  return {address, bits};
}

Apply bind_ipv4_match(const Exprs& arguments) {
  const Subnet subnet = subnet_of("ipv4_match", arguments, 32);
  const std::uint32_t mask = subnet.bits == 0 ? 0 : ~std::uint32_t{0} << (32 - subnet.bits);
  const std::uint32_t wanted = *parse_ipv4(subnet.address) & mask;
  return [=](const Arguments& given) {
    const std::optional<std::uint32_t> address = ipv4_of(given[0]);
    return Eval::of(address && (*address & mask) == wanted);
  };
}

bool same_prefix(const Bytes& left, const Bytes& right, unsigned bits) noexcept {
  for (unsigned i = 0; i < bits; ++i) {
    const unsigned shift = 7 - i % 8;
    if (((left[i / 8] ^ right[i / 8]) >> shift & 1) != 0) return false;
  }
  return true;
}

Apply bind_ipv6_match(const Exprs& arguments) {
  const Subnet subnet = subnet_of("ipv6_match", arguments, 128);
  return [wanted = *parse_ipv6(subnet.address), bits = subnet.bits](const Arguments& given) {
    const Eval value = given[0];
    const auto* text = std::get_if<std::string>(&value.value);
    const std::optional<Bytes> address = text != nullptr ? parse_ipv6(*text) : std::nullopt;
    return Eval::of(address && same_prefix(*address, wanted, bits));
  };
}

Eval ipv4_parse(const Eval& value) {
  const std::optional<std::uint32_t> address = ipv4_of(value);
  return address ? Eval::of(std::int64_t{*address}) : Eval::null(Type::long_());
}

Eval ipv4_stringify(const Eval& value) {
  const std::optional<std::uint32_t> address = ipv4_of(value);
  if (!address) return {};
  return value.type.is_string() ? value : Eval::of(ipv4_text(*address));
}

}  // namespace

void add_address_functions(FunctionRegistry& registry) {
  registry.add({.name = "ipv4_match",
                .arguments_min = 2,
                .arguments_max = 2,
                .bind = bind_ipv4_match,
                .output = long_output,
                .may_fail = false});
  registry.add({.name = "ipv6_match",
                .arguments_min = 2,
                .arguments_max = 2,
                .bind = bind_ipv6_match,
                .output = long_output,
                .may_fail = false});
  registry.add({.name = "ipv4_parse",
                .arguments_min = 1,
                .arguments_max = 1,
                .bind = of_one<ipv4_parse>,
                .output = long_output,
                .may_fail = false});
  registry.add({.name = "ipv4_stringify",
                .arguments_min = 1,
                .arguments_max = 1,
                .bind = of_one<ipv4_stringify>,
                .output = string_output,
                .may_fail = false});
}

}  // namespace sarsen::engine::expression
