#include "ingest/transform/transformer.h"

#include <algorithm>

#include "engine/expression/eval.h"
#include "engine/filter/filter_columns.h"
#include "ingest/row/raw_json.h"
#include "storage/base/error.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {
namespace {

using engine::Value;
using engine::expression::Eval;
using engine::expression::RowForms;

Value value_of(const RawValue& value) {
  switch (value.kind) {
    case RawValue::Kind::kMissing:
    case RawValue::Kind::kNull:
      return {};
    case RawValue::Kind::kBoolean:
      return std::int64_t{value.boolean};
    case RawValue::Kind::kLong:
      return value.integer;
    case RawValue::Kind::kDouble:
      return value.number;
    case RawValue::Kind::kText:
      return std::string(value.text);
    case RawValue::Kind::kObject:
      return engine::Nested{json_of(value)};
    case RawValue::Kind::kComplex:
      return engine::ComplexBytes{std::string(value.text)};
    case RawValue::Kind::kList:
      break;
  }
  engine::ListElements elements;
  for (const RawValue& element : value.list) elements.push_back(value_of(element));
  return engine::List(std::move(elements));
}

RawValue raw_of(const Value& value, RowArena& arena) {
  if (engine::is_null(value)) return RawValue::null();
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return RawValue::of(*integer);
  if (const auto* number = std::get_if<double>(&value)) return RawValue::of(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return RawValue::of(arena.keep(*text));
  return ingest::raw_of(engine::json_of(value), arena);
}

/// A list is where one of its values is.
bool is_true(const Eval& eval) {
  const auto* list = std::get_if<engine::List>(&eval.value);
  if (list == nullptr) return !eval.is_null() && eval.as_bool();
  return std::any_of(list->elements().begin(), list->elements().end(),
                     [](const Value& value) { return !engine::is_null(value) && Eval::best_effort(value).as_bool(); });
}

}  // namespace

/// A row's fields as what the names of an expression stand for.
class Transformer::Bindings final : public engine::expression::RootBindings {
 public:
  Bindings(const RawRow& row, const FieldTable& fields, std::int64_t time_ms)
      : row_(row), fields_(fields), time_ms_(time_ms) {
    start_row();
  }

  /// A row as a filter sees it: where `forms` want a scalar, a list of one value is that value.
  Bindings(const RawRow& row, const FieldTable& fields, std::int64_t time_ms, const RowForms& forms)
      : Bindings(row, fields, time_ms) {
    forms_ = &forms;
  }

  Eval value(std::string_view name) const override {
    if (name == storage::kTimeColumn) return Eval::of(time_ms_);
    const RawValue& value = raw(name);
    const bool is_value = value.kind == RawValue::Kind::kList && value.list.size() == 1;
    const bool only = is_value && forms_ != nullptr && forms_->wants_scalar(name);
    return Eval::best_effort(value_of(only ? value.list.front() : value));
  }

  /// Those that are wanted as scalars, and have several values.
  std::vector<std::string> lists() const {
    std::vector<std::string> names;
    for (const std::string& name : forms_->scalars())
      if (const RawValue& value = raw(name); value.kind == RawValue::Kind::kList && value.list.size() > 1)
        names.push_back(name);
    return names;
  }

 private:
  const RawValue& raw(std::string_view name) const {
    static constexpr RawValue kNothing;
    const auto field = fields_.find(name);
    return field ? row_.value(*field) : kNothing;
  }

  const RowForms* forms_ = nullptr;
  const RawRow& row_;
  const FieldTable& fields_;
  const std::int64_t time_ms_;
};

Transformer::Transformer(const DataSchema& schema, FieldTable& fields)
    : schema_(schema), fields_(fields), batch_(fields) {
  const std::set<std::string> filtered = filtered_fields(), stored = schema.stored_fields();
  for (const Transform& transform : spec().transforms) {
    for (const std::string& name : transform.expression->analyze().free) fields_.add(name);
    const bool is_time = transform.name == storage::kTimeColumn;
    outputs_.push_back({.field = is_time ? 0 : fields_.add(transform.name),
                        .filtered = filtered.contains(transform.name),
                        .stored = is_time || stored.contains(transform.name)});
  }
  for (const std::string& name : filtered) fields_.add(name);
  if (spec().filter) bind_filter();
  if (spec().filter_expression) filter_forms_ = std::make_unique<RowForms>(spec().filter_expression);
}

std::set<std::string> Transformer::filtered_fields() const {
  if (!spec().filter && !spec().filter_expression) return {};
  const std::vector<std::string> names =
      spec().filter ? engine::columns_of(*spec().filter) : spec().filter_expression->analyze().free;
  return {names.begin(), names.end()};
}

void Transformer::bind_filter() {
  matcher_ = nullptr;
  batch_.forget_texts();
  matcher_ = spec().filter->bind(batch_.text_columns(), {.by_row = true});
}

void Transformer::transform(RawRow& row, std::int64_t& time_ms) {
  failure_.reset();
  filter_failed_ = false;
  if (spec().transforms.empty()) return;
  if (schema_.dimensions_spec.discovery)
    row.settle_listing([&](std::uint32_t field) { return schema_.lists(fields_.name(field), row.value(field)); });
  arena_.release();
  values_.clear();
  const Bindings bindings(row, fields_, time_ms);
  for (std::size_t i = 0; i < outputs_.size(); ++i) values_.push_back(output_of(i, row, bindings));
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (spec().transforms[i].name != storage::kTimeColumn) {
      row.set_unlisted(outputs_[i].field, values_[i]);
      continue;
    }
    const auto time = metric_number<std::int64_t>(values_[i]);
    if (time.null || time.failed) throw Error(ErrorCategory::kInvalidInput, "Could not transform value for __time.");
    time_ms = time.value;
  }
}

/// Null where the expression fails.
RawValue Transformer::output_of(std::size_t number, const RawRow& row, const Bindings& bindings) {
  const Transform& transform = spec().transforms[number];
  try {
    return raw_of(transform.expression->eval(bindings).value, arena_);
  } catch (const Error& error) {
    const Output& output = outputs_[number];
    const bool discovered = row.listing_settled() && row.lists(output.field);
    const bool stored = output.stored || discovered;
    if ((output.filtered && !filter_failed_) || (stored && !failure_))
      failure_ = "Could not transform value for " + transform.name + " reason: " + error.what();
    filter_failed_ = filter_failed_ || output.filtered;
    return RawValue::null();
  }
}

bool Transformer::passes(const RawRow& row, std::int64_t time_ms) {
  const bool passes = filter_failed_ || filter_matches(row, time_ms);
  if (passes && failure_) throw Error(ErrorCategory::kInvalidInput, *failure_);
  return passes;
}

bool Transformer::filter_matches(const RawRow& row, std::int64_t time_ms) {
  if (spec().filter_expression) {
    const Bindings bindings(row, fields_, time_ms, *filter_forms_);
    return is_true(filter_forms_->over(bindings.lists()).eval(bindings));
  }
  if (!matcher_) return true;
  if (batch_.text_columns().entry_count() > kTextEntriesMax) bind_filter();
  batch_.clear();
  std::vector<std::string> problems;  // of numbers that are none: null to a filter
  batch_.add(row, time_ms, problems);
  std::uint64_t mask = 0;
  matcher_->match(batch_.begin(), 1, false, &mask);
  return (mask & 1) != 0;
}

}  // namespace sarsen::ingest
