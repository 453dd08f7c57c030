// expression: an accumulator that an expression folds the rows into, and another one the partial results of segments.
// The rows of a segment are folded one after the other by one thread, as the fold of an expression is in no way known
// to be divisible.

#include <algorithm>

#include "engine/aggregator/aggregator_of.h"
#include "engine/expression/expression_plan.h"
#include "engine/expression/multi_value.h"
#include "engine/expression/parser.h"
#include "engine/expression/row_program.h"
#include "engine/result/value_bytes.h"

namespace sarsen::engine {
namespace {

using expression::Eval;
using expression::ExprPtr;

constexpr std::int64_t kSizeMin = 10;
constexpr std::int64_t kSizeDefault = 8192;

struct Spec {
  std::string name;
  std::optional<std::vector<std::string>> fields;
  std::string accumulator;
  std::string initial_text;
  std::string initial_combine_text;
  std::string fold_text;
  std::string combine_text;
  std::optional<std::string> compare_text;
  std::optional<std::string> finalize_text;
  bool null_unless_aggregated = true;
  bool null_inputs = true;
  bool combine_null_inputs = true;
  std::int64_t size_max = kSizeDefault;

  Eval initial;
  Eval initial_combine;
  ExprPtr fold;
  ExprPtr combine;   // nullptr: the derived text is no expression, which matters once it is needed
  ExprPtr compare;   // nullptr: the order of the values
  ExprPtr finalize;  // nullptr: the accumulator
};

using SpecPtr = std::shared_ptr<const Spec>;

const ExprPtr& combine_of(const Spec& spec) {
  if (spec.combine == nullptr) static_cast<void>(expression::parse_expression(std::string_view(spec.combine_text)));
  return spec.combine;
}

/// nullptr until a row or a partial result came, if only that of no row.
using State = std::unique_ptr<Eval>;

/// Two names, perhaps one, with values.
class NamedValues final : public expression::RootBindings {
 public:
  NamedValues(std::string_view first, Eval first_value, std::string_view second = {}, Eval second_value = {})
      : first_(first), second_(second), first_value_(std::move(first_value)), second_value_(std::move(second_value)) {}

  expression::MaybeType type(std::string_view name) const override {
    if (name == first_) return first_value_.type;
    return name == second_ ? expression::MaybeType(second_value_.type) : std::nullopt;
  }
  Eval value(std::string_view name) const override {
    return name == first_ ? first_value_ : name == second_ ? second_value_ : Eval();
  }

 private:
  std::string_view first_;
  std::string_view second_;
  Eval first_value_;
  Eval second_value_;
};

/// As Druid counts the bytes of an accumulator that is no number.
std::int64_t size_of(const Value& value) {
  if (is_null(value)) return 1;
  if (const auto* text = std::get_if<std::string>(&value)) return 1 + 4 + static_cast<std::int64_t>(text->size());
  if (const auto* bytes = std::get_if<ComplexBytes>(&value)) return 1 + static_cast<std::int64_t>(bytes->bytes.size());
  if (const auto* nested = std::get_if<Nested>(&value))
    return 1 + 4 + static_cast<std::int64_t>(nested->json.dump().size());
  const auto* list = std::get_if<List>(&value);
  if (list == nullptr) return 1 + 8;
  std::int64_t size = 1 + 4;
  for (const Value& element : list->elements()) size += size_of(element);
  return size;
}

/// An accumulator stays of the type of its initial value, where both are numbers.
Eval accumulated(const Spec& spec, Eval eval) {
  if (spec.initial.type.is_numeric() && eval.type.is_numeric()) return eval.cast_to(spec.initial.type);
  if (eval.type.is_numeric()) return eval;
  const std::int64_t size = size_of(eval.value);
  if (size > spec.size_max)
    throw Error(ErrorCategory::kInvalidInput, "Exceeded memory usage when aggregating type [" + eval.type.name() +
                                                  "], size [" + std::to_string(size) + "] is larger than max [" +
                                                  std::to_string(spec.size_max) + "]");
  return eval;
}

class ExpressionAggregator final : public Aggregator {
 public:
  ExpressionAggregator(SpecPtr spec, expression::RowProgram program)
      : spec_(std::move(spec)), program_(std::move(program)) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    program_.start(begin, selection.size);
    for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) { add(state_at<State>(state), row); });
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    program_.start(begin, selection.size);
    for_each_selected(
        selection, [&](std::uint32_t i, std::uint32_t row) { add(state_at<State>(states + groups[i] * stride), row); });
  }

 private:
  void add(State& state, std::uint32_t row) {
    if (!spec_->null_inputs && program_.any_null(row)) return;
    program_.set_extra(0, state ? *state : spec_->initial);
    Eval eval = accumulated(*spec_, program_.eval(row));
    if (!state) state = std::make_unique<Eval>();
    *state = std::move(eval);
  }

  SpecPtr spec_;
  expression::RowProgram program_;
};

class ExpressionFactory final : public AggregatorFactory {
 public:
  explicit ExpressionFactory(SpecPtr spec) : AggregatorFactory(spec->name), spec_(std::move(spec)) {}

  std::vector<std::string> required_columns() const override {
    std::vector<std::string> columns = spec_->fold->analyze().free;
    std::erase(columns, spec_->accumulator);
    return columns;
  }

  std::size_t state_size() const noexcept override { return sizeof(State); }
  void init(std::byte* state) const noexcept override { new (state) State(); }
  bool trivially_destroyed() const noexcept override { return false; }
  void destroy(std::byte* state) const noexcept override { state_at<State>(state).~State(); }
  bool divides_segments() const noexcept override { return false; }
  bool depends_on_order() const noexcept override { return true; }
  void save(const std::byte* state, ByteWriter& out) const override {
    const State& held = state_at<State>(state);
    out.write_le(static_cast<std::uint8_t>(held != nullptr));
    if (held == nullptr) return;
    write_value(held->type.name(), out);
    write_value(held->value, out);
  }
  void load(std::byte* state, ByteReader& in) const override {
    if (in.read_byte() == 0) return;
    const Value type = read_value(in);
    const auto* name = std::get_if<std::string>(&type);
    const expression::MaybeType known = name == nullptr ? std::nullopt : expression::Type::parse(*name);
    in.check(known.has_value(), "state of an unknown type");
    state_at<State>(state) = std::make_unique<Eval>(*known, read_value(in));
  }

  void merge(std::byte* into, const std::byte* from) const override {
    Eval source = result(from);
    State& target = state_at<State>(into);
    if (!target) {
      target = std::make_unique<Eval>(std::move(source));
      return;
    }
    if (!spec_->combine_null_inputs && (source.is_null() || target->is_null())) {
      if (target->is_null()) *target = std::move(source);
      return;
    }
    const NamedValues values(spec_->accumulator, *target, spec_->name, std::move(source));
    *target = accumulated(*spec_, combine_of(*spec_)->eval(values));
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const expression::BindingAnalysis analysis = spec_->fold->analyze();
    analysis.check(spec_->fold_text);
    std::vector<std::string> several;
    for (const std::string& name : analysis.free) {
      const std::optional<ColumnKind> kind = name == spec_->accumulator ? std::nullopt : columns.kind(name);
      if (kind && kind->multiple_values && !analysis.arrays.contains(name)) several.push_back(name);
    }
    const ExprPtr fold = expression::folded_over_each(spec_->fold, several, spec_->accumulator);
    return std::make_unique<ExpressionAggregator>(
        spec_, expression::RowProgram(fold, !several.empty(), {spec_->accumulator}, columns));
  }

  Value finalise(const std::byte* state) const override {
    const Eval value = result(state);
    if (spec_->finalize == nullptr) return value.value;
    return spec_->finalize->eval(NamedValues("o", value)).value;
  }
  Value intermediate(const std::byte* state) const override { return result(state).value; }
  ColumnKind intermediate_kind() const override { return expression::column_kind(spec_->initial_combine.type); }

  int compare(const Value& left, const Value& right) const override {
    if (spec_->compare == nullptr) return AggregatorFactory::compare(left, right);
    const Eval order = spec_->compare->eval(NamedValues("o1", Eval::best_effort(left), "o2", Eval::best_effort(right)));
    return order.as_int();
  }

  /// Folds its own partial results.
  std::unique_ptr<AggregatorFactory> combining() const override {
    auto spec = std::make_shared<Spec>(*spec_);
    spec->fields = std::nullopt;
    spec->fold = combine_of(*spec);
    spec->fold_text = spec->combine_text;
    spec->initial = spec->initial_combine;
    spec->null_inputs = spec->combine_null_inputs;
    return std::make_unique<ExpressionFactory>(std::move(spec));
  }

  Json to_json() const override {
    Json::Object json = {{"type", "expression"}, {"name", spec_->name}};
    if (spec_->fields) json.emplace_back("fields", Json::Array(spec_->fields->begin(), spec_->fields->end()));
    json.emplace_back("accumulatorIdentifier", spec_->accumulator);
    json.emplace_back("initialValue", spec_->initial_text);
    json.emplace_back("initialCombineValue", spec_->initial_combine_text);
    json.emplace_back("isNullUnlessAggregated", spec_->null_unless_aggregated);
    json.emplace_back("shouldAggregateNullInputs", spec_->null_inputs);
    json.emplace_back("shouldCombineAggregateNullInputs", spec_->combine_null_inputs);
    json.emplace_back("fold", spec_->fold_text);
    json.emplace_back("combine", spec_->combine_text);
    if (spec_->compare_text) json.emplace_back("compare", *spec_->compare_text);
    if (spec_->finalize_text) json.emplace_back("finalize", *spec_->finalize_text);
    json.emplace_back("maxSizeBytes", spec_->size_max);
    return json;
  }

 private:
  Eval result(const std::byte* state) const {
    const State& held = state_at<State>(state);
    if (held) return *held;
    return spec_->null_unless_aggregated ? Eval::null(spec_->initial.type) : spec_->initial;
  }

  SpecPtr spec_;
};

std::string replaced(std::string text, const std::string& wanted, const std::string& piece) {
  for (std::size_t at = 0; !wanted.empty() && (at = text.find(wanted, at)) != std::string::npos; at += piece.size())
    text.replace(at, wanted.size(), piece);
  return text;
}

Eval parse_constant(const JsonField& json) {
  const ExprPtr expr = expression::parse_expression(json);
  const Eval* literal = expression::literal_of(*expr);
  if (literal == nullptr) json.fail("must be constant");
  return *literal;
}

/// Without an expression to combine, the fold combines, too: the text of its field becomes the aggregator's name.
std::string combine_text(const JsonField& json, const Spec& spec) {
  if (const auto text = json["combine"].optional_string()) return *text;
  if (!spec.fields || spec.fields->size() != 1)
    json.fail("Must have a single input field if no combine expression is supplied");
  return replaced(spec.fold_text, spec.fields->front(), spec.name);
}

ExprPtr parse_optional(const JsonField& json) { return json.present() ? expression::parse_expression(json) : nullptr; }

ExprPtr parse_combine(const JsonField& json, const std::string& text) {
  const JsonField combine = json["combine"];
  if (combine.present()) return expression::parse_expression(combine);
  try {
    return expression::parse_expression(std::string_view(text));
  } catch (const Error&) {
    return nullptr;
  }
}

std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
  auto spec = std::make_shared<Spec>();
  spec->name = json["name"].string();
  if (json["fields"].present()) {
    spec->fields.emplace();
    for (const JsonField& field : json["fields"].elements()) spec->fields->push_back(field.string());
  }
  spec->accumulator = json["accumulatorIdentifier"].string_or("__acc");
  spec->initial_text = json["initialValue"].string();
  spec->initial = parse_constant(json["initialValue"]);
  const JsonField combine = json["initialCombineValue"];
  spec->initial_combine_text = combine.present() ? combine.string() : spec->initial_text;
  spec->initial_combine = combine.present() ? parse_constant(combine) : spec->initial;
  spec->fold_text = json["fold"].string();
  spec->fold = expression::parse_expression(json["fold"]);
  spec->combine_text = combine_text(json, *spec);
  spec->combine = parse_combine(json, spec->combine_text);
  spec->compare_text = json["compare"].optional_string();
  spec->compare = parse_optional(json["compare"]);
  spec->finalize_text = json["finalize"].optional_string();
  spec->finalize = parse_optional(json["finalize"]);
  spec->null_unless_aggregated = json["isNullUnlessAggregated"].boolean_or(true);
  spec->null_inputs = json["shouldAggregateNullInputs"].boolean_or(true);
  spec->combine_null_inputs = json["shouldCombineAggregateNullInputs"].boolean_or(spec->null_inputs);
  spec->size_max = json["maxSizeBytes"].integer_or(kSizeDefault);
  if (spec->size_max < kSizeMin) json["maxSizeBytes"].fail("must be at least " + std::to_string(kSizeMin));
  return std::make_shared<ExpressionFactory>(std::move(spec));
}

}  // namespace

void register_expression_aggregator(AggregatorRegistry& registry) {
  registry.add({.type = "expression", .parse = parse, .doc = "Rows folded into `initialValue` by `fold`."});
}

}  // namespace sarsen::engine
