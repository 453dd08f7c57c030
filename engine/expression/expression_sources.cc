#include "engine/expression/expression_sources.h"

#include <algorithm>

#include "engine/expression/choice_strings.h"
#include "engine/expression/coarse_times.h"
#include "engine/expression/joined_strings.h"
#include "engine/expression/number_nodes.h"
#include "engine/expression/row_memo.h"
#include "engine/expression/string_sources.h"
#include "engine/expression/text_map.h"
#include "engine/expression/vector_compiler.h"

namespace sarsen::engine::expression {
namespace {

template <class T>
std::optional<T> number_in(const Eval& eval) {
  if (eval.is_numeric_null()) return std::nullopt;
  if constexpr (std::is_same_v<T, std::int64_t>) {
    return eval.as_long();
  } else {
    return static_cast<T>(eval.as_double());
  }
}

template <class T>
class RowNumbers final : public VectorNode<T> {
 public:
  RowNumbers(RowProgram program, const CursorPosition* position) : memo_(std::move(program)), position_(position) {}

 private:
  void compute(std::uint32_t begin, std::uint32_t size) override {
    memo_.start(begin, size);
    T* out = this->values();
    std::fill_n(out, size, T{});
    for_each_live(position_, begin, size, [&](std::uint32_t row) {
      const std::optional<T> number = memo_.get(row, [](const Eval& eval) { return number_in<T>(eval); });
      out[row] = number.value_or(T{});
      if (!number) this->set_null(row, size);
    });
  }

  RowMemo<std::optional<T>> memo_;
  const CursorPosition* position_;
};

/// One string in every row.
class ConstantStrings final : public StringSource {
 public:
  explicit ConstantStrings(const std::optional<std::string>& text) { ids_.fill(dictionary_.id_of(text)); }
  const storage::Dictionary& dictionary() const override { return dictionary_; }
  bool multiple_values() const override { return false; }
  const std::uint32_t* read_ids(std::uint32_t, std::uint32_t) override { return ids_.data(); }
  storage::StringReader::Lists read_lists(std::uint32_t, std::uint32_t) override { return {nullptr, nullptr}; }

 private:
  GrowingDictionary dictionary_;
  std::array<std::uint32_t, kVectorRows> ids_;
};

/// One string a row, of several columns or of numbers.
class RowStrings final : public StringSource {
 public:
  RowStrings(RowProgram program, const CursorPosition* position) : memo_(std::move(program)), position_(position) {}

  const storage::Dictionary& dictionary() const override { return dictionary_; }
  bool grows() const override { return true; }
  bool multiple_values() const override { return false; }
  storage::StringReader::Lists read_lists(std::uint32_t, std::uint32_t) override { return {nullptr, nullptr}; }

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    if (begin == begin_ && size == size_) return ids_.data();
    begin_ = UINT32_MAX;  // should an evaluation throw
    memo_.start(begin, size);
    std::fill_n(ids_.data(), size, 0);
    for_each_live(position_, begin, size, [&](std::uint32_t row) {
      ids_[row] = memo_.get(row, [&](const Eval& eval) { return dictionary_.id_of(eval.as_string()); });
    });
    begin_ = begin;
    size_ = size;
    return ids_.data();
  }

 private:
  RowMemo<std::uint32_t> memo_;
  const CursorPosition* position_;
  GrowingDictionary dictionary_;
  std::uint32_t begin_ = UINT32_MAX;
  std::uint32_t size_ = 0;
  std::array<std::uint32_t, kVectorRows> ids_;
};

/// Rows of several strings: arrays, and what became of columns of several values.
class RowStringLists final : public StringSource {
 public:
  RowStringLists(RowProgram program, const CursorPosition* position)
      : program_(std::move(program)), position_(position) {}

  const storage::Dictionary& dictionary() const override { return dictionary_; }
  bool grows() const override { return true; }
  bool multiple_values() const override { return true; }
  const std::uint32_t* read_ids(std::uint32_t, std::uint32_t) override { return nullptr; }

  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override {
    if (begin != begin_ || size != size_) fill(begin, size);
    return {offsets_.data(), ids_.data()};
  }

 private:
  void fill(std::uint32_t begin, std::uint32_t size) {
    begin_ = UINT32_MAX;
    program_.start(begin, size);
    ids_.clear();
    offsets_.assign(size + 1, 0);
    std::uint32_t next = 0;  // the first row without an offset
    for_each_live(position_, begin, size, [&](std::uint32_t row) {
      while (next <= row) offsets_[next++] = static_cast<std::uint32_t>(ids_.size());
      add(program_.eval(row));
    });
    while (next <= size) offsets_[next++] = static_cast<std::uint32_t>(ids_.size());
    begin_ = begin;
    size_ = size;
  }

  void add(const Eval& eval) {
    const auto* list = std::get_if<List>(&eval.value);
    if (list == nullptr) return ids_.push_back(dictionary_.id_of(eval.as_string()));
    for (const Value& element : list->elements()) ids_.push_back(dictionary_.id_of(text_of(element)));
  }

  RowProgram program_;
  const CursorPosition* position_;
  GrowingDictionary dictionary_;
  std::uint32_t begin_ = UINT32_MAX;
  std::uint32_t size_ = 0;
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint32_t> ids_;
};

class RowValues final : public ValueSource {
 public:
  RowValues(RowProgram program, const CursorPosition* position, bool as_strings)
      : program_(std::move(program)), position_(position), as_strings_(as_strings) {}

  ValueView value(std::uint32_t row) override {
    start(row);
    eval_ = program_.eval(row - program_.begin());
    return view(eval_.value);
  }

 private:
  /// The cursor's vector where the row is in it: all who read these columns stand there. Else the rows up to it, anew
  /// for each: others may have read the same columns elsewhere since.
  void start(std::uint32_t row) {
    if (position_ != nullptr && row >= position_->begin && row - position_->begin < position_->selection.size) {
      if (program_.begin() != position_->begin || program_.size() != position_->selection.size)
        program_.start(position_->begin, position_->selection.size);
      return;
    }
    const std::uint32_t begin = row / 64 * 64;
    program_.start(begin, row - begin + 1);
  }

  ValueView view(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return std::string_view(*text);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* nested = std::get_if<Nested>(&value)) return *nested;
    if (const auto* bytes = std::get_if<ComplexBytes>(&value)) return std::as_bytes(std::span(bytes->bytes));
    const auto* list = std::get_if<List>(&value);
    if (list == nullptr) return {};
    if (!as_strings_) return *list;
    return strings(*list);
  }

  ValueView strings(const List& list) {
    texts_.clear();
    for (const Value& element : list.elements()) texts_.push_back(text_of(element));
    std::vector<std::optional<std::string_view>> views(texts_.begin(), texts_.end());
    if (views.size() != 1) return views;
    return views[0] ? ValueView(*views[0]) : ValueView();
  }

  RowProgram program_;
  const CursorPosition* position_;
  bool as_strings_;
  Eval eval_;
  std::vector<std::optional<std::string>> texts_;
};

Eval constant_value(const Expr& expr) { return expr.eval(RootBindings()); }

std::unique_ptr<StringSource> mapped(const ExprPtr& expr, const std::string& name, ColumnSources& columns) {
  if (const TextMap of_text = text_map(*expr)) {
    const auto map = [of_text](std::optional<std::string_view> text) {
      std::string out;
      return text && of_text(*text, out) ? std::optional(std::move(out)) : std::nullopt;
    };
    return std::make_unique<MappedStrings>(*columns.strings(name), map, true, columns.position());
  }
  const auto map = [expr, name](std::optional<std::string_view> text) {
    OneString bindings(name);
    bindings.set(text);
    return expr->eval(bindings).as_string();
  };
  return std::make_unique<MappedStrings>(*columns.strings(name), map, !may_fail(*expr), columns.position());
}

}  // namespace

template <class T>
std::unique_ptr<NumericSource<T>> numeric_source(const ExprPtr& expr, ColumnSources& columns) {
  const Plan plan = make_plan(*expr, columns);
  if (plan.constant()) return std::make_unique<ConstantNode<T>>(number_in<T>(constant_value(*expr)));
  VectorCompiler compiler(columns);
  if (!plan.needs_applied() && compiler.form(*expr)) return cast_node<T>(compiler.build(expr));
  return std::make_unique<RowNumbers<T>>(RowProgram(expr, plan, columns), columns.position());
}

template std::unique_ptr<NumericSource<std::int64_t>> numeric_source(const ExprPtr&, ColumnSources&);
template std::unique_ptr<NumericSource<float>> numeric_source(const ExprPtr&, ColumnSources&);
template std::unique_ptr<NumericSource<double>> numeric_source(const ExprPtr&, ColumnSources&);

std::unique_ptr<StringSource> string_source(const ExprPtr& expr, ColumnSources& columns, bool multiple_values) {
  const Plan plan = make_plan(*expr, columns);
  if (plan.constant() && !multiple_values) return std::make_unique<ConstantStrings>(constant_value(*expr).as_string());
  if (plan.single_string && columns.strings(*plan.single_string) != nullptr)
    return mapped(expr, *plan.single_string, columns);
  if (!multiple_values && !plan.needs_applied())
    for (const auto make : {choice_source, joined_source})
      if (std::unique_ptr<StringSource> made = make(expr, columns)) return made;
  RowProgram program(plan.needs_applied() ? expr : with_coarse_times(expr, columns), plan, columns);
  if (multiple_values) return std::make_unique<RowStringLists>(std::move(program), columns.position());
  return std::make_unique<RowStrings>(std::move(program), columns.position());
}

std::unique_ptr<ValueSource> value_source(const ExprPtr& expr, ColumnSources& columns, bool as_strings) {
  return std::make_unique<RowValues>(RowProgram(expr, make_plan(*expr, columns), columns), columns.position(),
                                     as_strings);
}

bool gives_only(const Expr& expr, const ColumnKind& kind, const Plan& plan, const ColumnSources& columns) {
  if (plan.needs_applied()) return false;
  if (kind.type == storage::ValueType::kString) {
    const auto* call = dynamic_cast<const Call*>(&expr);
    return call != nullptr && call->function().output == string_output;
  }
  VectorCompiler compiler(const_cast<ColumnSources&>(columns));  // NOLINT: form() asks for kinds only
  const std::optional<VectorCompiler::Form> form = compiler.form(expr);
  return form && kind.type == (form->is_long ? storage::ValueType::kLong : storage::ValueType::kDouble);
}

}  // namespace sarsen::engine::expression
