// Conditions of JSONPath filters: [?(@.price > 10 && @.tag in ['a', 'b'])].

#include <charconv>
#include <optional>

#include "engine/text/java_pattern.h"
#include "ingest/row/json_path_step.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using Kind = RawValue::Kind;

constexpr std::size_t kDepthMax = 100;

bool is_number(const RawValue& value) noexcept { return value.kind == Kind::kLong || value.kind == Kind::kDouble; }
double number_of(const RawValue& value) noexcept {
  return value.kind == Kind::kLong ? static_cast<double>(value.integer) : value.number;
}

/// What text and numbers are as text; nullopt for everything else.
std::optional<std::string> scalar_text(const RawValue& value) {
  if (value.kind != Kind::kText && !is_number(value) && value.kind != Kind::kBoolean) return std::nullopt;
  std::string scratch;
  return std::string(*text_of(value, scratch));
}

int compare_numbers(const RawValue& left, const RawValue& right) noexcept {
  if (left.kind == Kind::kLong && right.kind == Kind::kLong)
    return left.integer < right.integer ? -1 : left.integer > right.integer;
  const double first = number_of(left);
  const double second = number_of(right);
  return first < second ? -1 : first > second;
}

/// A number and a text are compared as what the left one is.
bool equal(const RawValue& left, const RawValue& right) {
  if (is_number(left) && is_number(right)) return compare_numbers(left, right) == 0;
  if (is_number(left) && right.kind == Kind::kText) {
    const auto number = parse_java_double(right.text);
    return number && *number == number_of(left);
  }
  if (left.kind == Kind::kText && (right.kind == Kind::kText || is_number(right)))
    return left.text == *scalar_text(right);
  if (left.absent() || right.absent()) return left.absent() && right.absent();
  if (left.kind != right.kind) return false;
  if (left.kind == Kind::kBoolean) return left.boolean == right.boolean;
  if (left.list.size() != right.list.size()) return false;
  for (std::size_t i = 0; i < left.list.size(); ++i)
    if (!equal(left.list[i], right.list[i])) return false;
  return true;
}

/// A side of a comparison.
class Operand {
 public:
  enum class From : std::uint8_t { kItem, kRoot, kLiteral, kPattern };
  From from = From::kLiteral;
  std::shared_ptr<const JsonPath::Step> steps;
  RawValue literal;
  std::string text;                                    // of the literal
  std::vector<RawValue> elements;                      // of a literal list
  std::vector<std::unique_ptr<std::string>> texts;     // of its elements
  std::shared_ptr<const engine::JavaPattern> pattern;  // of /…/

  bool is_path() const noexcept { return from == From::kItem || from == From::kRoot; }
  std::optional<RawValue> value(const RawValue& item, const PathSearch& search) const {
    if (from == From::kLiteral) return literal;
    return find_along(steps.get(), from == From::kItem ? item : search.root, search);
  }
};

enum class Operator : std::uint8_t {
  kExists,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kMatches,
  kIn,
  kNotIn,
  kContains,
  kSize,
  kEmpty
};

bool ordered(Operator op, int order) noexcept {
  if (op == Operator::kLt) return order < 0;
  if (op == Operator::kLe) return order <= 0;
  return op == Operator::kGt ? order > 0 : order >= 0;
}

bool holds_element(const RawValue& list, const RawValue& wanted) {
  if (list.kind != Kind::kList) return false;
  for (const RawValue& element : list.list)
    if (equal(wanted, element)) return true;
  return false;
}

std::optional<std::int64_t> size_of(const RawValue& value) {
  if (value.kind == Kind::kText) return static_cast<std::int64_t>(value.text.size());
  if (value.kind == Kind::kList) return static_cast<std::int64_t>(value.list.size());
  if (value.kind == Kind::kObject) return static_cast<std::int64_t>(value.list.size() / 2);
  return std::nullopt;
}

class Comparison final : public PathCondition {
 public:
  Comparison(Operand left, Operator op, Operand right) : left_(std::move(left)), op_(op), right_(std::move(right)) {}

  bool holds(const RawValue& item, const PathSearch& search) const override {
    const std::optional<RawValue> left = left_.value(item, search);
    if (op_ == Operator::kExists) return left.has_value();
    if (op_ == Operator::kMatches) return left && matches(*left);
    const std::optional<RawValue> right = right_.value(item, search);
    if (op_ == Operator::kNe || op_ == Operator::kNotIn) return !positive(left, right);
    return positive(left, right);
  }

 private:
  bool positive(const std::optional<RawValue>& left, const std::optional<RawValue>& right) const {
    if (!left || !right) return false;
    switch (op_) {
      case Operator::kEq:
      case Operator::kNe:
        return equal(*left, *right);
      case Operator::kIn:
      case Operator::kNotIn:
        return holds_element(*right, *left);
      case Operator::kContains:
        if (left->kind == Kind::kText && right->kind == Kind::kText)
          return left->text.find(right->text) != std::string_view::npos;
        return holds_element(*left, *right);
      case Operator::kSize:
        return is_number(*right) && size_of(*left) == right->integer;
      case Operator::kEmpty:
        return size_of(*left) && right->kind == Kind::kBoolean && (*size_of(*left) == 0) == right->boolean;
      default:
        break;
    }
    if (is_number(*left) && is_number(*right)) return ordered(op_, compare_numbers(*left, *right));
    return left->kind == Kind::kText && right->kind == Kind::kText && ordered(op_, left->text.compare(right->text));
  }

  bool matches(const RawValue& value) const {
    if (value.kind != Kind::kList) return right_.pattern->matches(scalar_text(value).value_or(""));
    for (const RawValue& element : value.list)
      if (right_.pattern->matches(scalar_text(element).value_or(""))) return true;
    return false;
  }

  Operand left_;
  Operator op_;
  Operand right_;
};

class Junction final : public PathCondition {
 public:
  enum class Kind : std::uint8_t { kAnd, kOr, kNot };
  Junction(Kind kind, std::vector<std::unique_ptr<const PathCondition>> parts)
      : kind_(kind), parts_(std::move(parts)) {}

  bool holds(const RawValue& item, const PathSearch& search) const override {
    if (kind_ == Kind::kNot) return !parts_.front()->holds(item, search);
    const bool decides = kind_ == Kind::kOr;
    for (const auto& part : parts_)
      if (part->holds(item, search) == decides) return decides;
    return !decides;
  }

 private:
  Kind kind_;
  std::vector<std::unique_ptr<const PathCondition>> parts_;
};

class ConditionParser {
 public:
  ConditionParser(std::string_view text, std::size_t at, std::size_t depth) : text_(text), at_(at), depth_(depth) {
    if (depth > kDepthMax) fail_path(text, "its conditions are nested too deeply");
  }

  std::unique_ptr<const PathCondition> alternatives() { return joined("||", Junction::Kind::kOr); }
  void end() {
    if (!take(")")) fail_path(text_, "wanted ) at " + std::to_string(at_));
  }
  std::size_t at() const noexcept { return at_; }

 private:
  using Condition = std::unique_ptr<const PathCondition>;

  Condition joined(std::string_view word, Junction::Kind kind) {
    std::vector<Condition> parts;
    do parts.push_back(kind == Junction::Kind::kOr ? joined("&&", Junction::Kind::kAnd) : single());
    while (take(word));
    if (parts.size() == 1) return std::move(parts.front());
    return std::make_unique<Junction>(kind, std::move(parts));
  }

  Condition single() {
    if (take("!")) {
      std::vector<Condition> parts;
      ++depth_;
      if (depth_ > kDepthMax) fail_path(text_, "its conditions are nested too deeply");
      parts.push_back(single());
      return std::make_unique<Junction>(Junction::Kind::kNot, std::move(parts));
    }
    if (take("(")) return parse_condition(text_, at_, depth_ + 1);
    Operand left = operand();
    const Operator op = read_operator();
    if (op == Operator::kExists) {
      if (!left.is_path()) fail_path(text_, "a comparison is wanted at " + std::to_string(at_));
      return std::make_unique<Comparison>(std::move(left), op, Operand());
    }
    Operand right = operand();
    const bool pattern = right.from == Operand::From::kPattern;
    if (left.from == Operand::From::kPattern || pattern != (op == Operator::kMatches))
      fail_path(text_, "a pattern stands to the right of =~, and only there");
    return std::make_unique<Comparison>(std::move(left), op, std::move(right));
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }

  bool take(std::string_view word) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool take_word(std::string_view word) {
    skip_blanks();
    const char after = at_ + word.size() < text_.size() ? text_[at_ + word.size()] : '\0';
    if (!storage::starts_with_ignoring_case(text_.substr(at_), word) || std::isalnum(static_cast<unsigned char>(after)))
      return false;
    at_ += word.size();
    return true;
  }

  Operator read_operator() {
    static constexpr std::pair<std::string_view, Operator> kSigns[] = {
        {"===", Operator::kEq}, {"!==", Operator::kNe},     {"==", Operator::kEq},
        {"!=", Operator::kNe},  {"=~", Operator::kMatches}, {"<=", Operator::kLe},
        {">=", Operator::kGe},  {"<", Operator::kLt},       {">", Operator::kGt}};
    for (const auto& [sign, op] : kSigns)
      if (take(sign)) return op;
    static constexpr std::pair<std::string_view, Operator> kWords[] = {{"in", Operator::kIn},
                                                                       {"nin", Operator::kNotIn},
                                                                       {"contains", Operator::kContains},
                                                                       {"size", Operator::kSize},
                                                                       {"empty", Operator::kEmpty}};
    for (const auto& [word, op] : kWords)
      if (take_word(word)) return op;
    for (const char* word : {"all", "subsetof", "anyof", "noneof", "type", "matches"})
      if (take_word(word))
        throw Error(ErrorCategory::kUnsupported,
                    "This operator of JSONPath filters is not supported: " + std::string(word));
    return Operator::kExists;
  }

  Operand operand() {
    skip_blanks();
    const char first = at_ < text_.size() ? text_[at_] : '\0';
    Operand operand;
    if (first == '@' || first == '$') {
      operand.from = first == '@' ? Operand::From::kItem : Operand::From::kRoot;
      ++at_;
      operand.steps = parse_steps(text_, at_);
      return operand;
    }
    if (first == '/') return pattern();
    if (first == '[') return list();
    operand.literal = literal(operand.text);
    if (operand.literal.kind == Kind::kText) operand.literal.text = {};
    return finished(std::move(operand));
  }

  /// A text literal lives in the operand, which has its final place on the heap only.
  static Operand finished(Operand operand) {
    if (operand.literal.kind != Kind::kText) return operand;
    operand.texts.push_back(std::make_unique<std::string>(std::move(operand.text)));
    operand.literal.text = *operand.texts.back();
    return operand;
  }

  /// A scalar; its text goes to `text`.
  RawValue literal(std::string& text) {
    skip_blanks();
    const char first = at_ < text_.size() ? text_[at_] : '\0';
    if (first == '\'' || first == '"') {
      text = quoted(first);
      return RawValue::of(std::string_view(text));
    }
    if (take_word("true")) return RawValue::of(true);
    if (take_word("false")) return RawValue::of(false);
    if (take_word("null")) return RawValue::null();
    return number();
  }

  std::string quoted(char quote) {
    std::string content;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      content += text_[at_];
    }
    if (at_ >= text_.size()) fail_path(text_, "a quote is not closed");
    ++at_;
    return content;
  }

  RawValue number() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::string_view("+-.0123456789eE").find(text_[at_]) != std::string_view::npos) ++at_;
    const std::string_view digits = text_.substr(begin, at_ - begin);
    if (const auto integer = parse_java_long(digits)) return RawValue::of(*integer);
    if (const auto number = digits.empty() ? std::nullopt : parse_java_double(digits)) return RawValue::of(*number);
    fail_path(text_, "a value is wanted at " + std::to_string(begin));
  }

  Operand list() {
    Operand operand;
    ++at_;
    while (!take("]")) {
      if (at_ >= text_.size()) fail_path(text_, "a list is not closed");
      auto text = std::make_unique<std::string>();
      operand.elements.push_back(literal(*text));
      if (operand.elements.back().kind == Kind::kText) operand.elements.back().text = *text;
      operand.texts.push_back(std::move(text));
      take(",");
    }
    operand.literal = RawValue::of(std::span<const RawValue>(operand.elements));
    return operand;
  }

  Operand pattern() {
    Operand operand;
    operand.from = Operand::From::kPattern;
    std::string text;
    for (++at_; at_ < text_.size() && text_[at_] != '/'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '/') ++at_;
      text += text_[at_];
    }
    if (at_ >= text_.size()) fail_path(text_, "a pattern is not closed");
    ++at_;
    std::string flags;
    while (at_ < text_.size() && std::string_view("idmsuxU").find(text_[at_]) != std::string_view::npos)
      flags += text_[at_++];
    operand.pattern = std::make_shared<const engine::JavaPattern>(flags.empty() ? text : "(?" + flags + ")" + text);
    return operand;
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t depth_;
};

}  // namespace

std::unique_ptr<const PathCondition> parse_condition(std::string_view text, std::size_t& at, std::size_t depth) {
  ConditionParser parser(text, at, depth);
  auto condition = parser.alternatives();
  parser.end();
  at = parser.at();
  return condition;
}

}  // namespace sarsen::ingest
