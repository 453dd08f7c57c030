#include "engine/data_source/join_condition.h"

#include <functional>

#include "engine/expression/function.h"
#include "engine/expression/operator.h"
#include "engine/expression/parser.h"
#include "storage/base/check.h"

namespace sarsen::engine {
namespace {

namespace ex = expression;

/// The operands of a chain of &&.
void add_conjuncts(const ex::ExprPtr& expr, std::vector<ex::ExprPtr>& conjuncts) {
  const auto* binary = dynamic_cast<const ex::Binary*>(expr.get());
  if (binary == nullptr || binary->op() != ex::BinaryOperator::kAnd) {
    conjuncts.push_back(expr);
    return;
  }
  for (const ex::ExprPtr& child : expr->children()) add_conjuncts(child, conjuncts);
}

/// The two sides of an equality; nothing for everything else.
struct Equality {
  ex::ExprPtr left;
  ex::ExprPtr right;
  bool null_matches_null = false;
};

std::optional<Equality> equality_of(const ex::Expr& expr) {
  const auto* binary = dynamic_cast<const ex::Binary*>(&expr);
  if (binary != nullptr && binary->op() == ex::BinaryOperator::kEqual)
    return Equality{expr.children()[0], expr.children()[1]};
  const auto* call = dynamic_cast<const ex::Call*>(&expr);
  if (call != nullptr && call->function().name == "notdistinctfrom" && call->arguments().size() == 2)
    return Equality{call->arguments()[0], call->arguments()[1], true};
  return std::nullopt;
}

class ConditionParser {
 public:
  ConditionParser(const JsonField& json, const std::string& prefix) : json_(json), prefix_(prefix) {}

  JoinCondition parse() {
    std::vector<ex::ExprPtr> conjuncts;
    add_conjuncts(ex::parse_expression(json_), conjuncts);
    bool has_constant = false;
    for (const ex::ExprPtr& conjunct : conjuncts) {
      if (const ex::Eval* constant = ex::literal_of(*conjunct)) {
        has_constant = true;
        condition_.always_false = condition_.always_false || !constant->as_bool();
      } else {
        add_key(*conjunct);
      }
    }
    if (condition_.always_false) condition_.keys.clear();
    if (has_constant && !condition_.keys.empty()) fail();
    return std::move(condition_);
  }

 private:
  [[noreturn]] void fail() const {
    json_.fail("Cannot build hash-join matcher on non-equi-join condition: " + json_.string() +
               ": must be equalities of the left side with columns \"" + prefix_ + "…\" of the right side");
  }

  void add_key(const ex::Expr& conjunct) {
    std::optional<Equality> equality = equality_of(conjunct);
    if (!equality) fail();
    if (!is_right_column(*equality->right)) std::swap(equality->left, equality->right);
    if (!is_right_column(*equality->right) || uses_right(*equality->left)) fail();
    JoinKey key;
    key.right = ex::name_of(*equality->right)->substr(prefix_.size());
    key.null_matches_null = equality->null_matches_null;
    set_left(key, equality->left);
    condition_.keys.push_back(std::move(key));
  }

  bool is_of_right(const std::string& name) const { return name.size() > prefix_.size() && name.starts_with(prefix_); }

  bool is_right_column(const ex::Expr& expr) const {
    const std::string* name = ex::name_of(expr);
    return name != nullptr && is_of_right(*name);
  }

  bool uses_right(const ex::Expr& expr) const {
    const ex::BindingAnalysis analysis = expr.analyze();
    return std::any_of(analysis.free.begin(), analysis.free.end(),
                       [this](const std::string& name) { return is_of_right(name); });
  }

  /// A column, or an expression as a virtual column.
  void set_left(JoinKey& key, const ex::ExprPtr& expr) const {
    if (const std::string* name = ex::name_of(*expr)) {
      key.left = *name;
      return;
    }
    key.left = prefix_ + "\x01left key " + std::to_string(condition_.keys.size());
    key.virtual_column_json =
        Json::Object{{"type", "expression"}, {"name", key.left}, {"expression", with_quoted_names(expr)->text()}};
    key.virtual_column = parse_virtual_column(JsonField(key.virtual_column_json));
  }

  /// Text that reads back as the same expression.
  static ex::ExprPtr with_quoted_names(const ex::ExprPtr& expr) {
    return ex::rewritten(expr, [](const ex::ExprPtr& node) -> ex::ExprPtr {
      const std::string* name = ex::name_of(*node);
      if (name == nullptr) return node;
      std::string quoted = "\"";
      for (const char c : *name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
      }
      return std::make_shared<ex::Identifier>(quoted + '"');
    });
  }

  const JsonField& json_;
  const std::string& prefix_;
  JoinCondition condition_;
};

}  // namespace

JoinCondition parse_join_condition(const JsonField& json, const std::string& prefix) {
  if (!json.present()) json.fail("is required: an expression such as level == \"" + prefix + "k\"");
  return ConditionParser(json, prefix).parse();
}

}  // namespace sarsen::engine
