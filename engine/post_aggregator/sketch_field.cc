#include "engine/post_aggregator/sketch_field.h"

namespace sarsen::engine {

PostAggregatorPtr parse_sketch_field(const JsonField& json, const NameScope& scope) {
  if (!json.present()) json.fail("is required: the post-aggregator that gives the sketch");
  return parse_post_aggregator(json, scope, false);
}

std::span<const std::byte> sketch_bytes(const Value& value, const std::string& name) {
  if (is_null(value)) return {};
  if (const auto* complex = std::get_if<ComplexBytes>(&value)) return std::as_bytes(std::span(complex->bytes));
  throw Error(ErrorCategory::kInvalidInput,
              "The post-aggregator \"" + name + "\" needs a sketch, and its field gives a number or text");
}

sketch::CompactTheta theta_of(const Value& value, const std::string& name) {
  const std::span<const std::byte> bytes = sketch_bytes(value, name);
  if (bytes.empty()) return {};
  return as_input(name, [&] { return sketch::CompactTheta::parse(bytes); });
}

sketch::Hll hll_of(const Value& value, const std::string& name) {
  constexpr int kLgKDefault = 12;
  const std::span<const std::byte> bytes = sketch_bytes(value, name);
  if (bytes.empty()) return sketch::Hll(kLgKDefault);
  return as_input(name, [&] { return sketch::Hll::parse(bytes); });
}

sketch::CompactTuple tuple_of(const Value& value, const std::string& name) {
  const std::span<const std::byte> bytes = sketch_bytes(value, name);
  if (bytes.empty()) return {};
  return as_input(name, [&] { return sketch::CompactTuple::parse(bytes); });
}

Value list_of(const std::vector<double>& numbers) {
  ListElements elements;
  for (const double number : numbers) elements.emplace_back(number);
  return List(std::move(elements));
}

std::int64_t option(const JsonField& json, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
  const std::int64_t value = json.integer_or(otherwise);
  if (value < least || value > most) json.fail("must be from " + std::to_string(least) + " to " + std::to_string(most));
  return value;
}

std::vector<double> numbers_of(const JsonField& json) {
  if (!json.present()) json.fail("is required: an array of numbers");
  std::vector<double> numbers;
  for (const JsonField& element : json.elements()) numbers.push_back(element.number());
  return numbers;
}

}  // namespace sarsen::engine
