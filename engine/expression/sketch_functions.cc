// Values of complex types: from base64, and the estimates of sketches.

#include <bit>
#include <cmath>

#include "engine/expression/function.h"
#include "engine/sketch/hll.h"
#include "engine/sketch/hyper_unique.h"
#include "engine/sketch/known_sketches.h"
#include "engine/sketch/murmur3.h"
#include "engine/sketch/theta.h"
#include "engine/sketch/utf16.h"
#include "storage/base/base64.h"
#include "storage/base/error.h"
#include "storage/base/java_number.h"

namespace sarsen::engine::expression {
namespace {

using sketch::HyperUnique;

std::span<const std::byte> as_bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string decoded(std::string_view function, const std::string& text) {
  std::optional<std::string> bytes = base64_bytes(text);
  if (!bytes) fail_function(function, "[" + text + "] is no base64");
  return *std::move(bytes);
}

Eval decode_text(const Eval& value) {
  const std::optional<std::string> text = value.as_string();
  return text ? Eval::of(decoded("decode_base64_utf8", *text)) : Eval();
}

Apply bind_decode_complex(const Exprs& arguments) {
  const std::string name = literal_text("complex_decode_base64", arguments, 0).value_or("null");
  if (!sketch::knows_sketch(name))
    fail_function("complex_decode_base64", "first argument must be a valid COMPLEX type name, got [" + name + "]");
  return [name](const Arguments& given) {
    const std::optional<std::string> text = given[1].as_string();
    if (!text) return Eval::null(Type::complex(name));
    std::string bytes = decoded("complex_decode_base64", *text);
    sketch::check_sketch(name, as_bytes(bytes));
    return Eval(Type::complex(name), Value(ComplexBytes{std::move(bytes)}));
  };
}

MaybeType decode_complex_output(const ArgumentTypes& types) {
  return Type::complex(literal_of(types.expr(0))->as_string().value_or(""));
}

const Type& hyper_unique_type() {
  static const Type type = Type::complex("hyperUnique");
  return type;
}

Eval of_sketch(const HyperUnique& sketch) { return {hyper_unique_type(), Value(ComplexBytes{sketch.bytes()})}; }

HyperUnique sketch_argument(std::string_view function, const Eval& value) {
  const auto* bytes = std::get_if<ComplexBytes>(&value.value);
  if (bytes == nullptr || sketch::sketch_kind(value.type.complex_name()) != sketch::SketchKind::kHyperUnique)
    fail_function(function, "requires a hyper-log-log collector as its argument, got " + value.type.name());
  return HyperUnique::parse(as_bytes(bytes->bytes));
}

Eval make(const Arguments&) { return of_sketch(HyperUnique()); }

/// Text is hashed in UTF-16, numbers by their eight bytes; a sketch is folded, and null adds nothing.
Eval add(const Eval& value, const Eval& into) {
  HyperUnique sketch = sketch_argument("hyper_unique_add", into);
  if (value.is_null()) return into;
  if (value.type.is_string()) {
    std::vector<std::byte> bytes;
    sketch::to_utf16_le(std::get<std::string>(value.value), bytes);
    sketch.add(sketch::murmur3(std::span<const std::byte>(bytes), sketch::kGuavaSeed));
  } else if (value.type.is_long()) {
    sketch.add(sketch::murmur3(value.as_long(), sketch::kGuavaSeed));
  } else if (value.type.is_double()) {
    const double number = value.as_double();
    const double canonical = number != number ? std::nan("") : number;
    sketch.add(sketch::murmur3(std::bit_cast<std::int64_t>(canonical), sketch::kGuavaSeed));
  } else {
    sketch.fold(sketch_argument("hyper_unique_add", value));
  }
  return of_sketch(sketch);
}

Eval estimate(const Eval& value) { return Eval::of(sketch_argument("hyper_unique_estimate", value).estimate()); }

Eval round_estimate(const Eval& value) {
  const double number = sketch_argument("hyper_unique_round_estimate", value).estimate();
  return Eval::of(java_long(std::floor(number + 0.5)));
}

MaybeType hyper_unique_output(const ArgumentTypes&) { return hyper_unique_type(); }

/// Of no sketch it is 0.
Eval hll_estimate(const Arguments& arguments) {
  const Eval value = arguments[0];
  const bool rounded = arguments.size() > 1 && arguments[1].as_bool();
  double number = 0;
  if (!value.is_null()) {
    const auto* bytes = std::get_if<ComplexBytes>(&value.value);
    if (bytes == nullptr) fail_function("hll_sketch_estimate", "requires a HllSketch as the argument");
    number = sketch::Hll::parse(as_bytes(bytes->bytes)).estimate();
  }
  return Eval::of(rounded ? std::nearbyint(number) : number);
}

Eval theta_estimate(const Eval& value) {
  if (value.is_null()) return Eval::of(0.0);
  const auto* bytes = std::get_if<ComplexBytes>(&value.value);
  if (bytes == nullptr) fail_function("theta_sketch_estimate", "requires a ThetaSketch as the argument");
  return Eval::of(sketch::CompactTheta::parse(as_bytes(bytes->bytes)).estimate());
}

}  // namespace

void add_sketch_functions(FunctionRegistry& registry) {
  const auto add_one = [&](std::string_view name, std::size_t min, std::size_t max, Apply (*bind)(const Exprs&),
                           MaybeType (*output)(const ArgumentTypes&)) {
    registry.add({.name = name, .arguments_min = min, .arguments_max = max, .bind = bind, .output = output});
  };
  add_one("decode_base64_utf8", 1, 1, of_one<decode_text>, string_output);
  add_one("complex_decode_base64", 2, 2, bind_decode_complex, decode_complex_output);
  add_one("decode_base64_complex", 2, 2, bind_decode_complex, decode_complex_output);
  add_one("hyper_unique", 0, 0, plain<make>, hyper_unique_output);
  add_one("hyper_unique_add", 2, 2, of_two<add>, hyper_unique_output);
  add_one("hyper_unique_estimate", 1, 1, of_one<estimate>, double_output);
  add_one("hyper_unique_round_estimate", 1, 1, of_one<round_estimate>, long_output);
  add_one("hll_sketch_estimate", 1, 2, plain<hll_estimate>, double_output);
  add_one("theta_sketch_estimate", 1, 1, of_one<theta_estimate>, double_output);
}

}  // namespace sarsen::engine::expression
