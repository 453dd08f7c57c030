#include "engine/expression/text_map.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "engine/expression/function.h"
#include "engine/text/java_case.h"
#include "engine/text/utf16_slice.h"
#include "storage/base/java_order.h"

namespace sarsen::engine::expression {
namespace {

bool is_ascii(std::string_view text) noexcept {
  unsigned char bits = 0;
  for (const char letter : text) bits |= static_cast<unsigned char>(letter);
  return bits < 0x80;
}

/// substring(text, begin, count): past the end there is nothing, which is null.
bool slice(std::string_view text, std::int64_t begin, std::int64_t count, std::string& out) {
  const bool ascii = is_ascii(text);
  const auto size = static_cast<std::int64_t>(ascii ? text.size() : utf16_length(text));
  if (begin >= size) return false;
  const std::int64_t end = count < 0 ? size : std::min(begin + count, size);
  if (ascii)
    out = text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  else
    out = utf16_slice(text, static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
  return true;
}

std::optional<std::int64_t> int_of(const Expr& expr) {
  const Eval* literal = literal_of(expr);
  return literal != nullptr && literal->type.is_long() ? std::optional<std::int64_t>(literal->as_int()) : std::nullopt;
}

TextMap slice_map(const Call& call) {
  const auto begin = int_of(*call.arguments()[1]);
  const auto count = int_of(*call.arguments()[2]);
  if (!begin || !count || *begin < 0) return {};
  return [begin = *begin, count = *count](std::string_view text, std::string& out) {
    return slice(text, begin, count, out);
  };
}

TextMap own_map(const Call& call) {
  const std::string_view name = call.function().name;
  if (name == "substring") return slice_map(call);
  if (name == "lower")
    return [](std::string_view text, std::string& out) {
      out = lower_case(text);
      return true;
    };
  if (name == "upper")
    return [](std::string_view text, std::string& out) {
      out = upper_case(text);
      return true;
    };
  return {};
}

}  // namespace

TextMap text_map(const Expr& expr) {
  const auto* call = dynamic_cast<const Call*>(&expr);
  TextMap outer = call != nullptr ? own_map(*call) : TextMap();
  if (!outer || name_of(*call->arguments()[0]) != nullptr) return outer;
  TextMap inner = text_map(*call->arguments()[0]);
  if (!inner) return {};
  return [inner = std::move(inner), outer = std::move(outer), between = std::string()](std::string_view text,
                                                                                       std::string& out) mutable {
    between.clear();
    return inner(text, between) && outer(between, out);
  };
}

}  // namespace sarsen::engine::expression
