#pragma once
// Functions: one entry each, in the file of its family; function_registry.cc lists the families. A function is bound to
// its arguments while the expression is parsed, which is when literal arguments (a pattern, a period, a path) are read
// and wrong ones refused; what comes out is called for each evaluation. Where numbers are all that goes in and out, the
// entry gives a plain function as well, and columns are then worked on vector by vector.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/expression/expr.h"

namespace sarsen::engine::expression {

/// Arguments are evaluated when they are asked for: `if` evaluates one branch only.
class Arguments {
 public:
  Arguments(const Exprs& exprs, const Bindings& bindings) : exprs_(exprs), bindings_(bindings) {}
  std::size_t size() const noexcept { return exprs_.size(); }
  Eval operator[](std::size_t i) const { return exprs_[i]->eval(bindings_); }

 private:
  const Exprs& exprs_;
  const Bindings& bindings_;
};

/// Their types, as far as they can be told.
class ArgumentTypes {
 public:
  ArgumentTypes(const Exprs& exprs, const InputTypes& inputs) : exprs_(exprs), inputs_(inputs) {}
  std::size_t size() const noexcept { return exprs_.size(); }
  MaybeType operator[](std::size_t i) const { return exprs_[i]->output_type(inputs_); }
  const Expr& expr(std::size_t i) const { return *exprs_[i]; }

 private:
  const Exprs& exprs_;
  const InputTypes& inputs_;
};

/// Immutable, shared by threads.
using Apply = std::function<Eval(const Arguments&)>;

/// What is wanted as an array; columns of several values are passed whole there, and mapped over elsewhere.
enum class ArgumentUse : std::uint8_t { kScalars, kArrays, kFirstArray, kSecondArray, kCast };

/// When Druid has a vectorised form of the function (Expr::vectorized).
enum class VectorRule : std::uint8_t {
  kAlways,      // whatever the types
  kNumbers,     // where no argument is known to be anything but a number
  kScalars,     // where no argument is known to be an array or complex
  kKnownTypes,  // where all types are known
};

/// A function from long to long that remembers what it met last: of one cursor, as it is no constant.
class LongMap {
 public:
  virtual ~LongMap() = default;
  /// Throws where a value has no result; `rows` are the ones that count.
  virtual std::int64_t map(std::int64_t value) = 0;
};

inline constexpr std::size_t kAnyNumber = SIZE_MAX;

struct Function {
  std::string_view name;
  std::size_t arguments_min;
  std::size_t arguments_max;
  Apply (*bind)(const Exprs& arguments);
  MaybeType (*output)(const ArgumentTypes& types);
  VectorRule vector_rule = VectorRule::kKnownTypes;
  ArgumentUse use = ArgumentUse::kScalars;
  bool array_output = false;
  bool may_fail = true;  // some arguments of the right types make it throw

  // Vector forms. A double function takes longs, too, as doubles; nulls give null.
  double (*of_double)(double) = nullptr;
  double (*of_doubles)(double, double) = nullptr;
  std::int64_t (*of_longs)(std::int64_t, std::int64_t) = nullptr;  // doubles are cut to longs first
  /// For a first argument of LONG, with literals after it; nullptr where these arguments have none.
  std::unique_ptr<LongMap> (*long_map)(const Exprs& arguments) = nullptr;
};

class FunctionRegistry {
 public:
  void add(Function function) { functions_.push_back(function); }
  /// What most functions need to say.
  void add(std::string_view name, std::size_t arguments_min, std::size_t arguments_max, Apply (*bind)(const Exprs&),
           MaybeType (*output)(const ArgumentTypes&), bool may_fail = true) {
    add({.name = name,
         .arguments_min = arguments_min,
         .arguments_max = arguments_max,
         .bind = bind,
         .output = output,
         .may_fail = may_fail});
  }
  const std::vector<Function>& functions() const noexcept { return functions_; }

 private:
  std::vector<Function> functions_;
};

/// nullptr where there is none of that name, in any case.
const Function* find_function(std::string_view name);
/// All names, for suggestions.
std::vector<std::string> function_names();

class Call final : public Expr {
 public:
  Call(const Function& function, Exprs arguments);
  const Function& function() const noexcept { return function_; }
  const Exprs& arguments() const noexcept { return children(); }

  Eval eval(const Bindings& bindings) const override { return apply_(Arguments(children(), bindings)); }
  MaybeType output_type(const InputTypes& inputs) const override;
  bool vectorized(const InputTypes& inputs) const override;
  BindingAnalysis analyze() const override;
  std::string text() const override;
  ExprPtr with_children(Exprs children) const override;

  /// Whether the i-th argument is wanted as an array.
  bool wants_array(std::size_t i) const;

 private:
  bool wants_scalar(std::size_t i) const;

  const Function& function_;
  Apply apply_;
};

/// Folded where the arguments are constant. Throws kInvalidInput for a wrong number of arguments or wrong literals.
ExprPtr make_call(const Function& function, Exprs arguments);

// --- for the files of the families

/// A function without literal arguments.
template <Eval (*kApply)(const Arguments&)>
Apply plain(const Exprs&) {
  return kApply;
}
template <Eval (*kApply)(const Eval&)>
Apply of_one(const Exprs&) {
  return [](const Arguments& arguments) { return kApply(arguments[0]); };
}
template <Eval (*kApply)(const Eval&, const Eval&)>
Apply of_two(const Exprs&) {
  return [](const Arguments& arguments) { return kApply(arguments[0], arguments[1]); };
}

MaybeType long_output(const ArgumentTypes& types);
MaybeType double_output(const ArgumentTypes& types);
MaybeType string_output(const ArgumentTypes& types);
MaybeType string_array_output(const ArgumentTypes& types);
MaybeType json_output(const ArgumentTypes& types);
MaybeType unknown_output(const ArgumentTypes& types);
MaybeType first_output(const ArgumentTypes& types);
MaybeType joined_output(const ArgumentTypes& types);  // function_type of all

/// Throws kInvalidInput: "Function[name] problem".
[[noreturn]] void fail_function(std::string_view name, const std::string& problem);

/// The text of the i-th argument, which must be a literal. nullopt: it is null, or there is no such argument.
std::optional<std::string> literal_text(std::string_view function, const Exprs& arguments, std::size_t i);

}  // namespace sarsen::engine::expression
