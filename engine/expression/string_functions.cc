// Functions of text. Lengths and positions are Java's, in UTF-16 units. Numbers are taken as their text, and null gives
// null but where it is said.

#include <algorithm>

#include "engine/expression/function.h"
#include "engine/text/java_case.h"
#include "engine/text/java_format.h"
#include "engine/text/utf16_slice.h"
#include "engine/text/utf16_text.h"
#include "storage/base/error.h"
#include "storage/base/java_order.h"

namespace sarsen::engine::expression {
namespace {

using Text = std::optional<std::string>;

Eval concat(const Arguments& arguments) {
  if (arguments.size() == 0) return {};
  std::string out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Text text = arguments[i].as_string();
    if (!text) return {};
    check_text_bytes(out.size() + text->size());
    out += *text;
  }
  return Eval::of(std::move(out));
}

/// A pattern that does not fit its arguments is followed by them instead; one without arguments is plain text.
Eval format(const Arguments& arguments) {
  const Text pattern = arguments[0].as_string();
  if (!pattern) return {};
  std::vector<Value> values;
  for (std::size_t i = 1; i < arguments.size(); ++i) values.push_back(arguments[i].value);
  if (values.empty()) return Eval::of(*pattern);
  if (Text text = java_format(*pattern, values)) return Eval::of(*std::move(text));
  std::string text = *pattern;
  for (const Value& value : values) text += "; " + text_of(value).value_or("null");
  return Eval::of(std::move(text));
}

Eval length(const Eval& value) {
  const Text text = value.as_string();
  return text ? Eval::of(static_cast<std::int64_t>(utf16_length(*text))) : Eval::null(Type::long_());
}

Eval position(const Arguments& arguments) {
  const Text text = arguments[0].as_string();
  const Text wanted = arguments[1].as_string();
  if (!text || !wanted) return {};
  const std::int32_t from = arguments.size() > 2 ? std::max(arguments[2].as_int(), 0) : 0;
  const std::size_t size = utf16_length(*text);
  if (static_cast<std::size_t>(from) > size)
    return Eval::of(wanted->empty() ? static_cast<std::int64_t>(size) : std::int64_t{-1});
  return Eval::of(std::int64_t{utf16_index_of(*text, *wanted, static_cast<std::size_t>(from))});
}

/// A negative length is everything to the end; past the end there is nothing, which is null.
Eval substring(const Arguments& arguments) {
  const Text text = arguments[0].as_string();
  if (!text) return {};
  const std::int64_t begin = arguments[1].as_int();
  const std::int64_t count = arguments[2].as_int();
  const auto size = static_cast<std::int64_t>(utf16_length(*text));
  if (begin >= size) return {};
  if (begin < 0) fail_function("substring", "begins before the text, at " + std::to_string(begin));
  const std::int64_t end = count < 0 ? size : std::min(begin + count, size);
  return Eval::of(utf16_slice(*text, static_cast<std::size_t>(begin), static_cast<std::size_t>(end)));
}

/// The count of left and right: an int that is not negative; nullopt where it is null.
std::optional<std::size_t> count_of(std::string_view name, const Eval& value) {
  if (value.is_null()) return std::nullopt;
  const std::int32_t count = value.as_int();
  if (count < 0) fail_function(name, "needs a positive integer as the second argument");
  return static_cast<std::size_t>(count);
}

Eval left(const Eval& value, const Eval& second) {
  const Text text = value.as_string();
  if (!text) return {};
  const auto count = count_of("left", second);
  if (!count) return {};
  return Eval::of(utf16_slice(*text, 0, std::min(*count, utf16_length(*text))));
}

Eval right(const Eval& value, const Eval& second) {
  const Text text = value.as_string();
  if (!text) return {};
  const auto count = count_of("right", second);
  if (!count) return {};
  const std::size_t size = utf16_length(*text);
  return Eval::of(utf16_slice(*text, size - std::min(*count, size), size));
}

/// Between all characters and at both ends, as String.replace puts it where nothing is looked for.
std::string interleaved(std::string_view text, const std::string& piece) {
  std::string out = piece;
  const std::size_t units = utf16_length(text);
  check_text_bytes(text.size() + (units + 1) * piece.size());
  for (std::size_t unit = 0; unit < units; ++unit) out += utf16_slice(text, unit, unit + 1) + piece;
  return out;
}

std::string replaced(const std::string& text, const std::string& wanted, const std::string& piece) {
  if (wanted.empty()) return interleaved(text, piece);
  std::string out;
  std::size_t begin = 0;
  for (std::size_t found; (found = text.find(wanted, begin)) != std::string::npos; begin = found + wanted.size()) {
    check_text_bytes(out.size() + piece.size());
    out += text.substr(begin, found - begin) + piece;
  }
  return out + text.substr(begin);
}

Eval replace(const Arguments& arguments) {
  const Text text = arguments[0].as_string();
  const Text wanted = arguments[1].as_string();
  const Text piece = arguments[2].as_string();
  return text && wanted && piece ? Eval::of(replaced(*text, *wanted, *piece)) : Eval();
}

Eval lower(const Eval& value) {
  const Text text = value.as_string();
  return text ? Eval::of(lower_case(*text)) : Eval();
}

Eval upper(const Eval& value) {
  const Text text = value.as_string();
  return text ? Eval::of(upper_case(*text)) : Eval();
}

Eval reverse(const Eval& value) {
  if (!value.type.is_string())
    fail_function("reverse", "needs a STRING argument but got " + value.type.name() + " instead");
  const Text text = value.as_string();
  return text ? Eval::of(reversed_text(*text)) : Eval();
}

Eval repeat(const Eval& value, const Eval& second) {
  const Text text = value.as_string();
  if (!text || second.is_null() || second.as_int() < 1) return {};
  const auto count = static_cast<std::size_t>(second.as_int());
  check_text_bytes(text->size() * count);
  std::string out;
  for (std::size_t i = 0; i < count && !text->empty(); ++i) out += *text;
  return Eval::of(std::move(out));
}

}  // namespace

void add_string_functions(FunctionRegistry& registry) {
  registry.add({.name = "concat",
                .arguments_min = 0,
                .arguments_max = kAnyNumber,
                .bind = plain<concat>,
                .output = string_output,
                .vector_rule = VectorRule::kScalars,
                .may_fail = false});
  registry.add("format", 1, kAnyNumber, plain<format>, string_output, true);
  registry.add("strlen", 1, 1, of_one<length>, long_output, false);
  registry.add("strpos", 2, 3, plain<position>, long_output, false);
  registry.add("substring", 3, 3, plain<substring>, string_output, true);
  registry.add("left", 2, 2, of_two<left>, string_output, true);
  registry.add("right", 2, 2, of_two<right>, string_output, true);
  registry.add("replace", 3, 3, plain<replace>, string_output, false);
  registry.add("lower", 1, 1, of_one<lower>, string_output, false);
  registry.add("upper", 1, 1, of_one<upper>, string_output, false);
  registry.add("reverse", 1, 1, of_one<reverse>, string_output, true);
  registry.add("repeat", 2, 2, of_two<repeat>, string_output, false);
}

}  // namespace sarsen::engine::expression
