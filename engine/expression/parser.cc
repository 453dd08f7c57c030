#include "engine/expression/parser.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/expression/apply_function.h"
#include "engine/expression/function.h"
#include "engine/expression/operator.h"
#include "engine/expression/token.h"
#include "storage/base/error.h"
#include "storage/base/java_number.h"

namespace sarsen::engine::expression {
namespace {

/// Brackets inside brackets.
constexpr std::size_t kNestingMax = 200;

using Kind = Token::Kind;

struct Level {
  std::array<std::string_view, 6> symbols;
  std::array<BinaryOperator, 6> operators;
};

// From the loosest to the tightest; ^ stands apart, as it goes from the right.
constexpr std::array<Level, 4> kLevels = {{
    {{"&&", "||"}, {BinaryOperator::kAnd, BinaryOperator::kOr}},
    {{"<", "<=", ">", ">=", "==", "!="},
     {BinaryOperator::kLess, BinaryOperator::kLessOrEqual, BinaryOperator::kGreater, BinaryOperator::kGreaterOrEqual,
      BinaryOperator::kEqual, BinaryOperator::kNotEqual}},
    {{"+", "-"}, {BinaryOperator::kAdd, BinaryOperator::kSubtract}},
    {{"*", "/", "%"}, {BinaryOperator::kMultiply, BinaryOperator::kDivide, BinaryOperator::kRemainder}},
}};

/// 2^63, which is a long only after a minus sign.
class LongMinimum final : public Expr {
 public:
  LongMinimum() : Expr({}) {}
  Eval eval(const Bindings&) const override { fail(); }
  MaybeType output_type(const InputTypes&) const override { return Type::long_(); }
  bool vectorized(const InputTypes&) const override { return false; }
  BindingAnalysis analyze() const override { return {}; }
  std::string text() const override { return "9223372036854775808"; }
  ExprPtr with_children(Exprs) const override { fail(); }

 private:
  [[noreturn]] static void fail() {
    throw Error(ErrorCategory::kInvalidInput, "9223372036854775808 is beyond the range of longs");
  }
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), tokens_(tokens_of(text)) {}

  ExprPtr whole() {
    ExprPtr expr = checked(binary(0));
    if (peek().kind != Kind::kEnd) fail("an operator is missing");
    return expr;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(ErrorCategory::kInvalidInput, "Cannot parse the expression at position " +
                                                  std::to_string(peek().position) + ": " + problem + " in " +
                                                  std::string(text_));
  }

  const Token& peek(std::size_t ahead = 0) const noexcept {
    return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
  }
  bool take(std::string_view symbol) noexcept {
    if (!peek().is(symbol)) return false;
    ++next_;
    return true;
  }
  void expect(std::string_view symbol) {
    if (!take(symbol)) fail("\"" + std::string(symbol) + "\" is missing");
  }
  std::string take_name() {
    if (peek().kind != Kind::kName) fail("a name is missing");
    return tokens_[next_++].text;
  }

  ExprPtr binary(std::size_t level) {
    if (level == kLevels.size()) return power();
    ExprPtr left = binary(level + 1);
    while (const std::optional<BinaryOperator> op = operator_of(kLevels[level]))
      left = make_binary_checked(*op, std::move(left), binary(level + 1));
    return left;
  }

  std::optional<BinaryOperator> operator_of(const Level& level) noexcept {
    for (std::size_t i = 0; i < level.symbols.size() && !level.symbols[i].empty(); ++i)
      if (take(level.symbols[i])) return level.operators[i];
    return std::nullopt;
  }

  ExprPtr power() {
    ExprPtr base = unary();
    if (!take("^")) return base;
    const Nesting nesting(*this);
    return make_binary_checked(BinaryOperator::kPower, std::move(base), power());
  }

  ExprPtr unary() {
    if (take("-")) {
      const Nesting nesting(*this);
      const ExprPtr operand = unary();
      if (dynamic_cast<const LongMinimum*>(operand.get()) != nullptr)
        return std::make_shared<Literal>(Eval::of(INT64_MIN));
      return make_unary(UnaryOperator::kMinus, operand);
    }
    if (!take("!")) return primary();
    const Nesting nesting(*this);
    return make_unary(UnaryOperator::kNot, checked(unary()));
  }

  ExprPtr primary() {
    const Nesting nesting(*this);
    const Token token = peek();
    switch (token.kind) {
      case Kind::kNull:
        ++next_;
        return std::make_shared<Literal>(Eval());
      case Kind::kLong:
        ++next_;
        return long_literal(token.text);
      case Kind::kDouble:
        ++next_;
        return std::make_shared<Literal>(Eval::of(try_parse_double(token.text).value_or(0)));
      case Kind::kString:
        ++next_;
        return std::make_shared<Literal>(Eval::of(token.text));
      case Kind::kArrayType:
        ++next_;
        return typed_array(token.text);
      case Kind::kName:
        ++next_;
        return peek().is("(") ? call(token.text) : std::make_shared<Identifier>(token.text);
      default:
        break;
    }
    if (take("[")) return array();
    expect("(");
    ExprPtr inside = binary(0);
    expect(")");
    return inside;
  }

  ExprPtr long_literal(const std::string& digits) const {
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (problem == std::errc()) return std::make_shared<Literal>(Eval::of(value));
    const std::size_t zeros = digits.find_first_not_of('0');
    if (digits.substr(zeros) == "9223372036854775808") return std::make_shared<LongMinimum>();
    fail(digits + " is beyond the range of longs");
  }

  ExprPtr call(const std::string& name) {
    expect("(");
    if (at_lambda()) return apply_call(name);
    const Function* function = find_function(name);
    if (function == nullptr) fail("function '" + name + "' is not defined." + suggestion(name, function_names()));
    return make_call(*function, arguments());
  }

  /// Up to the closing bracket.
  Exprs arguments() {
    Exprs list;
    if (take(")")) return list;
    do {
      list.push_back(checked(binary(0)));
    } while (take(","));
    expect(")");
    return list;
  }

  /// name -> or (name, …) ->
  bool at_lambda() const noexcept {
    if (peek().kind == Kind::kName) return peek(1).is("->");
    if (!peek().is("(")) return false;
    std::size_t ahead = 1;
    while (peek(ahead).kind == Kind::kName || peek(ahead).is(",")) ++ahead;
    return peek(ahead).is(")") && peek(ahead + 1).is("->");
  }

  ExprPtr apply_call(const std::string& name) {
    const std::optional<ApplyKind> kind = find_apply_function(name);
    if (!kind) fail("function '" + name + "' is not defined: no function of that name takes a lambda");
    std::vector<std::string> parameters = lambda_parameters();
    expect("->");
    Exprs children = {checked(binary(0))};
    expect(",");
    const Exprs rest = arguments();
    children.insert(children.end(), rest.begin(), rest.end());
    return make_apply(*kind, std::move(parameters), std::move(children));
  }

  std::vector<std::string> lambda_parameters() {
    if (!take("(")) return {take_name()};
    std::vector<std::string> parameters;
    if (take(")")) return parameters;
    do {
      parameters.push_back(take_name());
    } while (take(","));
    expect(")");
    return parameters;
  }

  /// Past the opening bracket. Strings, longs or doubles, and nulls among them.
  ExprPtr array() {
    const std::vector<Token> elements = elements_to_bracket();
    const auto has = [&](Kind kind) {
      return std::any_of(elements.begin(), elements.end(), [&](const Token& token) { return token.kind == kind; });
    };
    const bool strings = has(Kind::kString);
    if (strings && (has(Kind::kLong) || has(Kind::kDouble))) fail("an array holds strings or numbers, not both");
    const bool numbers = has(Kind::kLong) || has(Kind::kDouble);
    return array_literal(!numbers             ? Type::string_array()
                         : has(Kind::kDouble) ? Type::double_array()
                                              : Type::long_array(),
                         elements);
  }

  ExprPtr typed_array(const std::string& type_name) {
    const MaybeType type = Type::parse(type_name);
    if (!type) fail(type_name + " is no type");
    expect("[");
    if (!type->element().is_array()) return array_literal(*type, elements_to_bracket());
    skip_arrays();
    return std::make_shared<Literal>(Eval::array(*type, {}));
  }

  /// Druid reads arrays of arrays and forgets what is in them.
  void skip_arrays() {
    if (take("]")) return;
    do {
      if (!take("[")) {
        ++next_;
      } else {
        const Nesting nesting(*this);
        skip_arrays();
      }
    } while (take(","));
    expect("]");
  }

  std::vector<Token> elements_to_bracket() {
    std::vector<Token> elements;
    if (take("]")) return elements;
    do {
      const Kind kind = peek().kind;
      if (kind != Kind::kNull && kind != Kind::kLong && kind != Kind::kDouble && kind != Kind::kString)
        fail("the elements of an array are literals without a sign");
      elements.push_back(tokens_[next_++]);
    } while (take(","));
    expect("]");
    return elements;
  }

  ExprPtr array_literal(const Type& type, const std::vector<Token>& tokens) const {
    ListElements elements;
    for (const Token& token : tokens)
      elements.push_back(token.kind == Kind::kNull ? Value() : element(type.element(), token));
    return std::make_shared<Literal>(Eval::array(type, std::move(elements)));
  }

  Value element(const Type& type, const Token& token) const {
    if (type.is_string()) return token.text;
    const std::optional<Value> number = number_of(token.text);
    if (!number || !type.is_numeric()) fail("\"" + token.text + "\" is no element of an array of " + type.name());
    return Eval::of_type(type, *number).value;
  }

  static ExprPtr make_binary_checked(BinaryOperator op, ExprPtr left, ExprPtr right) {
    return make_binary(op, checked(std::move(left)), checked(std::move(right)));
  }

  /// 2^63 stands only behind a minus sign.
  static ExprPtr checked(ExprPtr expr) {
    if (dynamic_cast<const LongMinimum*>(expr.get()) != nullptr) static_cast<void>(expr->eval(RootBindings()));
    return expr;
  }

  /// Counts the brackets and signs that are open.
  class Nesting {
   public:
    explicit Nesting(Parser& parser) : parser_(parser) {
      if (++parser.nesting_ > kNestingMax)
        parser.fail("it is nested deeper than the limit: " + std::to_string(kNestingMax));
    }
    ~Nesting() { --parser_.nesting_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Parser& parser_;
  };

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  std::size_t nesting_ = 0;
};

}  // namespace

ExprPtr parse_expression(std::string_view text) {
  if (text.size() > kExpressionBytesMax)
    throw Error(ErrorCategory::kInvalidInput,
                "An expression has more bytes than the limit: " + std::to_string(kExpressionBytesMax));
  return Parser(text).whole();
}

ExprPtr parse_expression(const JsonField& json) {
  const std::string text = json.string();
  try {
    return parse_expression(std::string_view(text));
  } catch (const Error& error) {  // adds the path
    if (error.category() != ErrorCategory::kInvalidInput) throw;
    json.fail(error.what());
  }
}

}  // namespace sarsen::engine::expression
