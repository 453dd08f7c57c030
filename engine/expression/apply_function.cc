#include "engine/expression/apply_function.h"

#include <algorithm>
#include <array>

#include "storage/base/ascii_case.h"
#include "storage/base/error.h"

namespace sarsen::engine::expression {
namespace {

constexpr std::array<std::string_view, 7> kNames = {"map",    "cartesian_map", "fold", "cartesian_fold",
                                                    "filter", "any",           "all"};

[[noreturn]] void fail(ApplyKind kind, const std::string& problem) {
  throw Error(ErrorCategory::kInvalidInput, "Function[" + std::string(name_of(kind)) + "] " + problem);
}

/// The types of a lambda's parameters over those of the columns.
class ScopeTypes final : public InputTypes {
 public:
  ScopeTypes(const InputTypes& outer, const std::vector<std::string>& names, std::vector<MaybeType> types)
      : outer_(outer), names_(names), types_(std::move(types)) {}

  MaybeType type(std::string_view name) const override {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return found == names_.end() ? outer_.type(name) : types_[static_cast<std::size_t>(found - names_.begin())];
  }

 private:
  const InputTypes& outer_;
  const std::vector<std::string>& names_;
  std::vector<MaybeType> types_;
};

}  // namespace

std::optional<ApplyKind> find_apply_function(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (storage::equals_ignoring_case(name, kNames[i])) return static_cast<ApplyKind>(i);
  return std::nullopt;
}

std::string_view name_of(ApplyKind kind) noexcept { return kNames[static_cast<std::size_t>(kind)]; }

/// The parameters of a lambda over what is outside of it.
class ApplyCall::Scope final : public Bindings {
 public:
  Scope(const Bindings& outer, const std::vector<std::string>& names)
      : outer_(outer), names_(names), values_(names.size()) {}

  void set(std::size_t i, Eval value) { values_[i] = std::move(value); }

  MaybeType type(std::string_view name) const override {
    const std::size_t i = position(name);
    return i == names_.size() ? outer_.type(name) : values_[i].type;
  }
  Eval value(std::string_view name) const override {
    const std::size_t i = position(name);
    return i == names_.size() ? outer_.value(name) : values_[i];
  }
  void count_step() const override { outer_.count_step(); }

 private:
  std::size_t position(std::string_view name) const noexcept {
    return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
  }

  const Bindings& outer_;
  const std::vector<std::string>& names_;
  std::vector<Eval> values_;
};

/// Steps through the cartesian product of arrays, the first one slowest; as in Druid, all parameters have the element
/// type of the last array. REQUIRES: none is empty.
class ApplyCall::Product {
 public:
  Product(const std::vector<Eval>& arrays, Scope& scope) : arrays_(arrays), scope_(scope), positions_(arrays.size()) {
    for (std::size_t i = 0; i < arrays.size(); ++i) bind(i);
  }

  /// False past the last combination.
  bool next() {
    for (std::size_t i = arrays_.size(); i-- > 0;) {
      if (++positions_[i] < elements(i).size()) {
        bind(i);
        return true;
      }
      positions_[i] = 0;
      bind(i);
    }
    return false;
  }

 private:
  const ListElements& elements(std::size_t i) const { return std::get<List>(arrays_[i].value).elements(); }
  void bind(std::size_t i) { scope_.set(i, Eval::of_type(arrays_.back().element_type(), elements(i)[positions_[i]])); }

  const std::vector<Eval>& arrays_;
  Scope& scope_;
  std::vector<std::size_t> positions_;
};

ApplyCall::ApplyCall(ApplyKind kind, std::vector<std::string> parameters, Exprs body_and_arguments)
    : Expr(std::move(body_and_arguments)), kind_(kind), parameters_(std::move(parameters)) {
  const std::size_t arguments = children().size() - 1;
  const bool cartesian = kind == ApplyKind::kCartesianMap || kind == ApplyKind::kCartesianFold;
  const std::size_t wanted = is_fold(kind) ? 2 : 1;
  if (cartesian ? arguments < wanted : arguments != wanted)
    fail(kind, "requires " + std::to_string(wanted + 1) + " arguments, the lambda included");
  if (parameters_.size() != arguments)
    fail(kind, "lambda needs " + std::to_string(arguments) + " parameters, one for each argument");
}

bool ApplyCall::arrays(const Bindings& bindings, std::vector<Eval>& values, Eval& absent) const {
  bool has_null = false;
  bool has_empty = false;
  for (std::size_t i = 0; i < array_count(); ++i) {
    Eval value = children()[i + 1]->eval(bindings);
    std::optional<List> list = value.as_array();
    has_null |= !list.has_value();
    has_empty |= list && list->elements().empty();
    values.emplace_back(value.type.is_json() ? Eval::best_effort(value.value).array_type() : value.array_type(),
                        list ? Value(*std::move(list)) : Value());
  }
  if (has_null) {
    absent = kind_ == ApplyKind::kFilter ? Eval::null(values[0].type) : Eval();
  } else if (has_empty) {
    absent = kind_ == ApplyKind::kMap ? values[0] : Eval::array(Type::string_array(), {});
  }
  return !has_null && !has_empty;
}

Eval ApplyCall::eval(const Bindings& bindings) const {
  if (is_map(kind_)) return mapped(bindings);
  if (is_fold(kind_)) return folded_up(bindings);
  return kind_ == ApplyKind::kFilter ? filtered(bindings) : matched(bindings);
}

/// The results take the type that the lambda has for such elements; where that cannot be told, the least restrictive
/// one of theirs.
Eval ApplyCall::mapped(const Bindings& bindings) const {
  std::vector<Eval> values;
  Eval absent;
  if (!arrays(bindings, values, absent)) return absent;
  Scope scope(bindings, parameters_);
  Product product(values, scope);
  MaybeType element = body()->output_type(scope);
  const bool known = element.has_value();
  std::vector<Eval> results;
  do {
    bindings.count_step();
    results.push_back(body()->eval(scope));
    if (!known && !results.back().is_null()) element = least_restrictive(element, results.back().type);
  } while (product.next());
  const Type type = element.value_or(Type::long_());
  ListElements elements;
  elements.reserve(results.size());
  for (const Eval& result : results) elements.push_back(result.cast_to(type).value);
  return Eval::array(Type::array(type), std::move(elements));
}

Eval ApplyCall::folded_up(const Bindings& bindings) const {
  std::vector<Eval> values;
  Eval absent;
  Eval accumulator = children().back()->eval(bindings);
  if (!arrays(bindings, values, absent)) {
    const bool empty_fold = kind_ == ApplyKind::kFold && !absent.is_null();
    return empty_fold ? accumulator : absent;
  }
  const Type type = accumulator.type;
  Scope scope(bindings, parameters_);
  Product product(values, scope);
  do {
    bindings.count_step();
    scope.set(parameters_.size() - 1, accumulator);
    accumulator = Eval::of_type(type, body()->eval(scope).value);
  } while (product.next());
  return accumulator;
}

Eval ApplyCall::filtered(const Bindings& bindings) const {
  std::vector<Eval> values;
  Eval absent;
  if (!arrays(bindings, values, absent)) return Eval::null(values[0].type);
  Scope scope(bindings, parameters_);
  ListElements kept;
  for (const Value& element : std::get<List>(values[0].value).elements()) {
    bindings.count_step();
    scope.set(0, Eval::of_type(values[0].element_type(), element));
    if (body()->eval(scope).as_bool()) kept.push_back(element);
  }
  return kept.empty() ? Eval::null(values[0].type) : Eval::array(values[0].type, std::move(kept));
}

Eval ApplyCall::matched(const Bindings& bindings) const {
  std::vector<Eval> values;
  Eval absent;
  const bool any = kind_ == ApplyKind::kAny;
  if (!arrays(bindings, values, absent)) return Eval::of(!any && !values[0].is_null());
  Scope scope(bindings, parameters_);
  for (const Value& element : std::get<List>(values[0].value).elements()) {
    bindings.count_step();
    scope.set(0, Eval::of_type(values[0].element_type(), element));
    if (body()->eval(scope).as_bool() == any) return Eval::of(any);
  }
  return Eval::of(!any);
}

MaybeType ApplyCall::output_type(const InputTypes& inputs) const {
  if (is_fold(kind_)) return children().back()->output_type(inputs);
  if (kind_ == ApplyKind::kFilter) return children()[1]->output_type(inputs);
  if (!is_map(kind_)) return Type::long_();
  std::vector<MaybeType> types;
  for (const ExprPtr& argument : arguments()) {
    const MaybeType type = argument->output_type(inputs);
    types.push_back(type ? MaybeType(type->element()) : std::nullopt);
  }
  const MaybeType element = body()->output_type(ScopeTypes(inputs, parameters_, std::move(types)));
  return element ? MaybeType(Type::array(*element)) : std::nullopt;
}

bool ApplyCall::vectorized(const InputTypes& inputs) const {
  for (const ExprPtr& argument : arguments())
    if (!argument->vectorized(inputs) || !argument->output_type(inputs)) return false;
  return output_type(inputs).has_value();
}

BindingAnalysis ApplyCall::body_analysis() const {
  BindingAnalysis analysis = body()->analyze();
  analysis.remove(parameters_);
  return analysis;
}

BindingAnalysis ApplyCall::analyze() const {
  BindingAnalysis analysis = BindingAnalysis::all_of(analyses(arguments()));
  const BindingAnalysis lambda = body_analysis();
  analysis.add(lambda);
  for (std::size_t i = 0; i < array_count(); ++i)
    if (const std::string* name = expression::name_of(*children()[i + 1])) analysis.arrays.insert(*name);
  analysis.array_inputs = true;
  analysis.array_output |= is_map(kind_) || kind_ == ApplyKind::kFilter;
  return analysis;
}

std::string ApplyCall::text() const {
  std::string out = std::string(name_of(kind_)) + "((";
  for (std::size_t i = 0; i < parameters_.size(); ++i) out += (i > 0 ? ", " : "") + parameters_[i];
  out += ") -> " + body()->text();
  for (const ExprPtr& argument : arguments()) out += ", " + argument->text();
  return out + ")";
}

ExprPtr ApplyCall::with_children(Exprs children) const { return make_apply(kind_, parameters_, std::move(children)); }

ExprPtr make_apply(ApplyKind kind, std::vector<std::string> parameters, Exprs body_and_arguments) {
  const auto call = std::make_shared<ApplyCall>(kind, std::move(parameters), std::move(body_and_arguments));
  const Exprs arguments = call->arguments();
  const bool constant = std::all_of(arguments.begin(), arguments.end(),
                                    [](const ExprPtr& argument) { return literal_of(*argument) != nullptr; });
  if (!constant || !call->body_analysis().free.empty()) return call;
  return std::make_shared<Literal>(call->eval(RootBindings()));
}

}  // namespace sarsen::engine::expression
