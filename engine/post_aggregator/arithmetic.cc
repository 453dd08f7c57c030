// arithmetic: `fn` applied to `fields` from left to right, in doubles. A null operand makes the result null.

#include <array>
#include <cmath>

#include "engine/post_aggregator/post_aggregator.h"
#include "engine/result/value_order.h"

namespace sarsen::engine {
namespace {

using Operation = double (*)(double, double);

struct NamedOperation {
  std::string_view name;
  Operation apply;
};

constexpr std::array<NamedOperation, 6> kOperations = {{
    {"+", [](double left, double right) { return left + right; }},
    {"-", [](double left, double right) { return left - right; }},
    {"*", [](double left, double right) { return left * right; }},
    {"/",
     [](double left, double right) { return right == 0 ? 0.0 : left / right; }},  // Druid's: no infinities from "/"
    {"quotient", [](double left, double right) { return left / right; }},
    {"pow", [](double left, double right) { return std::pow(left, right); }},
}};

class Arithmetic final : public PostAggregator {
 public:
  Arithmetic(std::string name, Operation operation, std::vector<PostAggregatorPtr> fields, bool numeric_first)
      : PostAggregator(std::move(name)),
        operation_(operation),
        fields_(std::move(fields)),
        numeric_first_(numeric_first) {}

  Value compute(const RowValues& row) const override {
    std::optional<double> result = operand(fields_[0]->compute(row), name());
    for (std::size_t i = 1; i < fields_.size() && result; ++i) {
      const std::optional<double> right = operand(fields_[i]->compute(row), name());
      result = right ? std::optional(operation_(*result, *right)) : std::nullopt;
    }
    return result ? Value(*result) : Value();
  }

  /// "numericFirst": every finite value is greater than every other one.
  int compare(const Value& left, const Value& right) const override {
    const auto* left_number = std::get_if<double>(&left);
    const auto* right_number = std::get_if<double>(&right);
    if (numeric_first_ && left_number != nullptr && right_number != nullptr &&
        std::isfinite(*left_number) != std::isfinite(*right_number))
      return std::isfinite(*left_number) ? 1 : -1;
    return compare_values(left, right);
  }

 private:
  Operation operation_;
  std::vector<PostAggregatorPtr> fields_;
  bool numeric_first_;
};

Operation parse_operation(const JsonField& json) {
  const std::string name = json.string();
  std::string known;
  for (const NamedOperation& operation : kOperations) {
    if (operation.name == name) return operation.apply;
    known += (known.empty() ? "" : ", ") + std::string(operation.name);
  }
  json.fail("Unknown operation[" + name + "], known operations are [" + known + "]");
}

PostAggregatorPtr parse_arithmetic(const JsonField& json, const NameScope& scope, std::string name) {
  const std::string ordering = json["ordering"].string_or("");
  if (!ordering.empty() && ordering != "numericFirst")
    json["ordering"].fail("must be \"numericFirst\" where it is given");
  return std::make_shared<Arithmetic>(std::move(name), parse_operation(json["fn"]), parse_fields(json, scope, 2),
                                      !ordering.empty());
}

}  // namespace

void register_arithmetic(PostAggregatorRegistry& registry) {
  registry.add({.type = "arithmetic", .parse = parse_arithmetic, .doc = "`fn` (+ - * / quotient pow) over `fields`."});
}

}  // namespace sarsen::engine
