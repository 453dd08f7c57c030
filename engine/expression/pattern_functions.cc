// like, regular expressions, and substrings that are looked for. Patterns are literals and read once.

#include "engine/expression/function.h"
#include "engine/text/java_pattern.h"
#include "engine/text/like_pattern.h"
#include "storage/base/error.h"
#include "storage/base/java_character.h"

namespace sarsen::engine::expression {
namespace {

using Text = std::optional<std::string>;

std::string wanted_literal(std::string_view function, const Exprs& arguments, std::size_t i) {
  const Text text = literal_text(function, arguments, i);
  if (!text) fail_function(function, "argument " + std::to_string(i + 1) + " must not be null");
  return *text;
}

/// A test of text that is unknown for null.
template <class Test>
Apply text_test(Test test) {
  return [test = std::move(test)](const Arguments& arguments) {
    const Text text = arguments[0].as_string();
    return text ? Eval::of(test(*text)) : Eval::null(Type::long_());
  };
}

Apply bind_like(const Exprs& arguments) {
  const Text escape = literal_text("like", arguments, 2);
  if (escape && escape->size() != 1) fail_function("like", "escape must be null or a single character");
  const auto pattern = std::make_shared<const LikePattern>(wanted_literal("like", arguments, 1), escape.value_or(""));
  return text_test([pattern](const std::string& text) { return pattern->matches(text); });
}

Apply bind_regexp_like(const Exprs& arguments) {
  const auto pattern = std::make_shared<const JavaPattern>(literal_text("regexp_like", arguments, 1).value_or(""));
  return text_test([pattern](const std::string& text) { return pattern->find(text); });
}

Apply bind_regexp_extract(const Exprs& arguments) {
  const auto pattern = std::make_shared<const JavaPattern>(literal_text("regexp_extract", arguments, 1).value_or(""));
  std::size_t group = 0;
  if (arguments.size() > 2) {
    const Eval* index = literal_of(*arguments[2]);
    if (index == nullptr || !index->type.is_long() || index->as_int() < 0)
      fail_function("regexp_extract", "argument 3 must be a literal that is no less than 0");
    group = static_cast<std::size_t>(index->as_int());
  }
  return [=](const Arguments& given) -> Eval {
    const Text text = given[0].as_string();
    if (!text) return {};
    const std::optional<JavaPattern::Groups> groups = pattern->find_groups(*text);
    if (!groups) return {};
    if (group >= groups->size()) fail_function("regexp_extract", "No group " + std::to_string(group));
    return Eval::of((*groups)[group]);
  };
}

/// The pattern is literal in nearly all expressions; else it is compiled for each evaluation.
Apply bind_regexp_replace(const Exprs& arguments) {
  std::shared_ptr<const JavaPattern> literal;
  if (const Eval* pattern = literal_of(*arguments[1]); pattern != nullptr && !pattern->is_null())
    literal = std::make_shared<const JavaPattern>(*pattern->as_string());
  return [=](const Arguments& given) -> Eval {
    const Text text = given[0].as_string();
    const Text pattern = given[1].as_string();
    const Text replacement = given[2].as_string();
    if (!text || !pattern || !replacement) return {};
    if (literal) return Eval::of(literal->replace_all(*text, *replacement));
    return Eval::of(JavaPattern(*pattern).replace_all(*text, *replacement));
  };
}

Apply bind_contains(const Exprs& arguments) {
  return text_test([wanted = wanted_literal("contains_string", arguments, 1)](const std::string& text) {
    return text.find(wanted) != std::string::npos;
  });
}

Apply bind_contains_ignoring_case(const Exprs& arguments) {
  return text_test([wanted = ignoring_case(wanted_literal("icontains_string", arguments, 1))](const std::string& text) {
    return ignoring_case(text).find(wanted) != std::string::npos;
  });
}

}  // namespace

void add_pattern_functions(FunctionRegistry& registry) {
  registry.add("like", 2, 3, bind_like, long_output, false);
  registry.add("regexp_like", 2, 2, bind_regexp_like, long_output, true);
  registry.add("regexp_extract", 2, 3, bind_regexp_extract, string_output, true);
  registry.add("regexp_replace", 3, 3, bind_regexp_replace, string_output, true);
  registry.add("contains_string", 2, 2, bind_contains, long_output, false);
  registry.add("icontains_string", 2, 2, bind_contains_ignoring_case, long_output, false);
}

}  // namespace sarsen::engine::expression
