// expression: computed from the finalised values of a result row.

#include "engine/expression/expression_plan.h"
#include "engine/expression/parser.h"
#include "engine/post_aggregator/post_aggregator.h"

namespace sarsen::engine {
namespace {

using expression::Eval;
using expression::ExprPtr;

struct Input {
  std::string name;
  std::size_t position;
};

/// Values tell their types themselves.
class RowBindings final : public expression::RootBindings {
 public:
  RowBindings(const std::vector<Input>& inputs, const RowValues& row) : inputs_(inputs), row_(row) {}

  expression::MaybeType type(std::string_view) const override { return std::nullopt; }
  Eval value(std::string_view name) const override {
    for (const Input& input : inputs_)
      if (input.name == name) return Eval::best_effort(row_.finalised(input.position));
    return {};
  }

 private:
  const std::vector<Input>& inputs_;
  const RowValues& row_;
};

class ExpressionPostAggregator final : public PostAggregator {
 public:
  ExpressionPostAggregator(std::string name, ExprPtr expr, std::vector<Input> inputs, expression::MaybeType type)
      : PostAggregator(std::move(name)), expr_(std::move(expr)), inputs_(std::move(inputs)), type_(std::move(type)) {}

  Value compute(const RowValues& row) const override {
    const Eval eval = expr_->eval(RowBindings(inputs_, row));
    return type_ ? eval.cast_to(*type_).value : eval.value;
  }

 private:
  ExprPtr expr_;
  std::vector<Input> inputs_;
  expression::MaybeType type_;
};

/// An unknown type counts as none, as in Druid.
expression::MaybeType parse_output_type(const JsonField& json) {
  const std::optional<ColumnKind> kind = expression::parse_column_type(json.string_or(""));
  return kind ? expression::MaybeType(expression::Type::of_column(*kind)) : std::nullopt;
}

PostAggregatorPtr parse(const JsonField& json, const NameScope& scope, std::string name) {
  const std::string ordering = json["ordering"].string_or("");
  if (!ordering.empty() && ordering != "numericFirst")
    json["ordering"].fail("must be \"numericFirst\" where it is given");
  ExprPtr expr = expression::parse_expression(json["expression"]);
  std::vector<Input> inputs;
  for (const std::string& used : expr->analyze().free) {
    const Json text(used);
    inputs.push_back({used, scope.position(JsonField(text))});
  }
  return std::make_shared<ExpressionPostAggregator>(std::move(name), std::move(expr), std::move(inputs),
                                                    parse_output_type(json["outputType"]));
}

}  // namespace

void register_expression_post_aggregator(PostAggregatorRegistry& registry) {
  registry.add({.type = "expression", .parse = parse, .doc = "`expression` over the other values of the row."});
}

}  // namespace sarsen::engine
