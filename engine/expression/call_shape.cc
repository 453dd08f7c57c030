#include "engine/expression/call_shape.h"

namespace sarsen::engine::expression {

bool is_null_literal(const Expr& expr) noexcept {
  const Eval* literal = literal_of(expr);
  return literal != nullptr && literal->is_null();
}

bool is_cast_to(const Call& call, Type::Kind kind) {
  const Eval* literal = literal_of(*call.children()[1]);
  const std::string name = literal != nullptr ? literal->as_string().value_or("") : "";
  return name == (kind == Type::Kind::kLong ? "LONG" : "DOUBLE");
}

std::optional<std::int32_t> scale_of(const Call& call) {
  if (call.children().size() == 1) return 0;
  const Eval* literal = literal_of(*call.children()[1]);
  return literal != nullptr && literal->type.is_long() ? std::optional(literal->as_int()) : std::nullopt;
}

Choice choice_of(const Call& call) {
  const Exprs& arguments = call.arguments();
  const std::string_view name = call.function().name;
  if (name == "nvl" || name == "coalesce") return {{}, arguments};
  if (name == "if") return {{arguments[0]}, {arguments[1], arguments[2]}};
  if (name != "case_searched") return {};
  Choice choice;
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    choice.conditions.push_back(arguments[i]);
    choice.branches.push_back(arguments[i + 1]);
  }
  choice.branches.push_back(arguments.size() % 2 == 1 ? arguments.back() : std::make_shared<Literal>(Eval()));
  return choice;
}

}  // namespace sarsen::engine::expression
