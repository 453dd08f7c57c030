// expression: what an expression gives for the row is true: a number above zero, "true" in any case, or an array with
// an element that is. Null is unknown, as is an array with a null and with nothing that is true. Over one string column
// each dictionary entry is asked once, and its bitmap index can decide; over numbers the expression is computed vector
// by vector.

#include <algorithm>

#include "engine/exec/poll.h"
#include "engine/expression/expression_plan.h"
#include "engine/expression/number_nodes.h"
#include "engine/expression/parser.h"
#include "engine/expression/row_memo.h"
#include "engine/expression/vector_compiler.h"
#include "engine/filter/leaf_matcher.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/raw_columns.h"

namespace sarsen::engine {
namespace {

using expression::Eval;
using expression::ExprPtr;

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

Truth truth_of(const Eval& eval) {
  if (eval.is_null()) return Truth::kUnknown;
  const auto* list = std::get_if<List>(&eval.value);
  if (list == nullptr) return eval.as_bool() ? Truth::kTrue : Truth::kFalse;
  const expression::Type element = eval.element_type();
  const auto is_true = [&](const Value& value) { return !is_null(value) && Eval::of_type(element, value).as_bool(); };
  if (std::any_of(list->elements().begin(), list->elements().end(), is_true)) return Truth::kTrue;
  const bool unknown = std::any_of(list->elements().begin(), list->elements().end(), is_null);
  return unknown ? Truth::kUnknown : Truth::kFalse;
}

bool matches(Truth truth, bool include_unknown) noexcept {
  return truth == Truth::kTrue || (include_unknown && truth == Truth::kUnknown);
}

/// The ids of one string column.
class EntryMatcher final : public FilterMatcher {
 public:
  EntryMatcher(const ExprPtr& expr, const std::string& name, StringSource& source)
      : source_(source), true_(source.dictionary().size()), true_or_unknown_(source.dictionary().size()) {
    expression::OneString bindings(name);
    for (std::uint32_t id = 0; id < source.dictionary().size(); ++id) {
      poll();
      bindings.set(source.dictionary().value(id));
      const Truth truth = truth_of(expr->eval(bindings));
      if (truth == Truth::kTrue) true_.add(id);
      if (truth != Truth::kFalse) true_or_unknown_.add(id);
    }
  }

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    kernels::in_set(source_.read_ids(begin, size), size, ids(include_unknown).words(), mask);
  }

  std::optional<std::uint64_t> index_cost(bool include_unknown) const override {
    const storage::BitmapIndex* index = source_.bitmap_index();
    if (index == nullptr) return std::nullopt;
    std::uint64_t rows = 0;
    ids(include_unknown).for_each([&](std::uint32_t id) { rows += index->cardinality(id); });
    return rows;
  }

  void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const override {
    ids(include_unknown).for_each([&](std::uint32_t id) { source_.bitmap_index()->or_into(id, rows); });
  }

 private:
  const IdSet& ids(bool include_unknown) const noexcept { return include_unknown ? true_or_unknown_ : true_; }

  StringSource& source_;
  IdSet true_;
  IdSet true_or_unknown_;
};

class NumberMatcher final : public FilterMatcher {
 public:
  explicit NumberMatcher(expression::NumberNode node) : node_(std::move(node)) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    words_.read(node_, begin, size);
    for (std::size_t word = 0; word < mask_words(size); ++word)
      mask[word] = words_.is_true[word] | (include_unknown ? words_.is_null[word] : 0);
  }

 private:
  expression::NumberNode node_;
  expression::TruthWords words_;
};

class RowMatcher final : public FilterMatcher {
 public:
  /// `strings`: the only column, of which Druid asks the entries; nullptr: there are others, or none has text.
  RowMatcher(expression::RowProgram program, const CursorPosition* position, const StringSource* strings)
      : memo_(std::move(program)), position_(position), strings_(strings) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    memo_.start(begin, size);
    fill_mask(mask, size, false);
    expression::for_each_live(position_, begin, size, [&](std::uint32_t row) {
      if (matches(memo_.get(row, truth_of), include_unknown)) mask[row / 64] |= std::uint64_t{1} << (row % 64);
    });
  }

  bool has_index_in_druid() const override { return strings_ != nullptr && strings_->bitmap_index() != nullptr; }

 private:
  expression::RowMemo<Truth> memo_;
  const CursorPosition* position_;
  const StringSource* strings_;
};

class ExpressionFilter final : public Filter {
 public:
  explicit ExpressionFilter(ExprPtr expr) : expr_(std::move(expr)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& given, const FilterUse& use) const override {
    auto* texts = dynamic_cast<TextsOfRawRows*>(&given);
    ColumnSources& columns = texts != nullptr ? texts->raw_rows() : given;
    const expression::Plan plan = expression::make_plan(*expr_, columns);
    if (plan.constant()) return constant(use);
    StringSource* strings = plan.single_string ? columns.strings(*plan.single_string) : nullptr;
    if (strings != nullptr && maps_entries(*strings))
      return std::make_unique<EntryMatcher>(expr_, *plan.single_string, *strings);
    expression::VectorCompiler compiler(columns);
    if (!plan.needs_applied() && compiler.form(*expr_)) return std::make_unique<NumberMatcher>(compiler.build(expr_));
    return std::make_unique<RowMatcher>(expression::RowProgram(expr_, plan, columns), columns.position(), strings);
  }

 private:
  /// What can fail is asked only for the rows that come to it.
  bool maps_entries(const StringSource& strings) const {
    return !strings.multiple_values() && !strings.grows() && !expression::may_fail(*expr_);
  }

  std::unique_ptr<FilterMatcher> constant(const FilterUse& use) const {
    const Truth truth = truth_of(expr_->eval(expression::RootBindings()));
    if (truth == Truth::kUnknown) return match_all_null(NullAnswer::kUnknown, use.row_count);
    return match_constant(truth == Truth::kTrue, use.row_count);
  }

  ExprPtr expr_;
};

FilterPtr parse_expression_filter(const JsonField& json) {
  return std::make_shared<ExpressionFilter>(expression::parse_expression(json["expression"]));
}

}  // namespace

void register_expression(FilterRegistry& registry) {
  registry.add({.type = "expression", .parse = parse_expression_filter, .doc = "`expression` is true."});
}

}  // namespace sarsen::engine
