// lookup: a registered map from text to text, as it is when the expression is parsed.

#include "engine/expression/function.h"
#include "engine/lookup/lookup_registry.h"

namespace sarsen::engine::expression {
namespace {

Apply bind_lookup(const Exprs& arguments) {
  const std::optional<std::string> name = literal_text("lookup", arguments, 1);
  if (!name) fail_function("lookup", "second argument must be a registered lookup name");
  const LookupPtr lookup = registered_lookup(*name);
  const std::optional<std::string> missing = literal_text("lookup", arguments, 2);
  return [=](const Arguments& given) {
    const std::optional<std::string> key = given[0].as_string();
    const std::string* found = key ? lookup->find(*key) : nullptr;
    return Eval::of(found != nullptr ? std::optional(*found) : missing);
  };
}

}  // namespace

void add_lookup_function(FunctionRegistry& registry) {
  registry.add({.name = "lookup",
                .arguments_min = 2,
                .arguments_max = 3,
                .bind = bind_lookup,
                .output = string_output,
                .may_fail = false});
}

}  // namespace sarsen::engine::expression
