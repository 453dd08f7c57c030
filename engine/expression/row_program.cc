#include "engine/expression/row_program.h"

#include <algorithm>
#include <variant>

#include "engine/exec/poll.h"
#include "engine/expression/apply_function.h"
#include "engine/expression/multi_value.h"
#include "engine/expression/number_nodes.h"

namespace sarsen::engine::expression {
namespace {

struct LongInput {
  std::unique_ptr<NumericSource<std::int64_t>> source;
  NumericVector<std::int64_t> vector{};
};
struct DoubleInput {
  std::unique_ptr<NumericSource<double>> source;
  NumericVector<double> vector{};
};
struct StringInput {
  StringSource* source;
  const std::uint32_t* ids = nullptr;
};
struct ListInput {
  StringSource* source;
  storage::StringReader::Lists lists{};
};
/// Arrays, JSON and complex values.
struct ValueInput {
  ValueSource* source;
};
struct ExtraInput {};

struct Input {
  std::string name;
  MaybeType type;
  std::variant<LongInput, DoubleInput, StringInput, ListInput, ValueInput, ExtraInput> from;
  bool raw_scalar = false;  // a field of raw rows where a scalar is wanted
  Eval value = {};          // of the row
  bool ready = false;
};

template <class T>
bool is_null_at(const NumericVector<T>& vector, std::uint32_t row) noexcept {
  return vector.nulls != nullptr && mask_has(vector.nulls, row);
}

}  // namespace

class RowProgram::Inputs final : public RootBindings {
 public:
  Inputs(ColumnSources& columns, bool null_rows_as_lists)
      : columns_(columns), null_rows_as_lists_(null_rows_as_lists) {}

  /// Cuts the numeric parts out of `expr` and binds the other names; gives what remains.
  ExprPtr bind(const ExprPtr& expr, const std::vector<std::string>& extra) {
    for (const std::string& name : extra) inputs_.push_back({name, std::nullopt, ExtraInput{}});
    VectorCompiler compiler(columns_);
    ExprPtr rest = extra.empty() ? cut(expr, compiler) : expr;
    const BindingAnalysis analysis = rest->analyze();
    for (const std::string& name : analysis.free)
      if (find(name) == nullptr) add_column(name, !analysis.arrays.contains(name));
    return rest;
  }

  void start(std::uint32_t begin, std::uint32_t size) {
    begin_ = begin;
    row_ = UINT32_MAX;
    for (Input& input : inputs_) {
      input.ready = false;
      if (auto* longs = std::get_if<LongInput>(&input.from)) longs->vector = longs->source->read(begin, size);
      if (auto* doubles = std::get_if<DoubleInput>(&input.from)) doubles->vector = doubles->source->read(begin, size);
      if (auto* strings = std::get_if<StringInput>(&input.from)) strings->ids = strings->source->read_ids(begin, size);
      if (auto* lists = std::get_if<ListInput>(&input.from)) lists->lists = lists->source->read_lists(begin, size);
    }
  }

  void seek(std::uint32_t row) {
    if (row == row_) return;
    poll();
    row_ = row;
    for (Input& input : inputs_)
      if (!std::holds_alternative<ExtraInput>(input.from)) input.ready = false;
  }
  void start_evaluation() const noexcept { start_row(); }

  MaybeType type(std::string_view name) const override {
    const Input* input = find(name);
    if (input == nullptr) return std::nullopt;
    return std::holds_alternative<ExtraInput>(input->from) ? MaybeType(input->value.type) : input->type;
  }
  Eval value(std::string_view name) const override {
    const Input* input = find(name);
    return input != nullptr ? value_of(const_cast<Input&>(*input)) : Eval();  // NOLINT: decodes at first use
  }

  bool any_null() {
    return std::any_of(inputs_.begin(), inputs_.end(), [&](Input& input) {
      return !std::holds_alternative<ExtraInput>(input.from) && value_of(input).is_null();
    });
  }
  void set_extra(std::size_t i, Eval value) { inputs_[i].value = std::move(value); }

  bool has_raw_scalars() const noexcept {
    return std::any_of(inputs_.begin(), inputs_.end(), [](const Input& input) { return input.raw_scalar; });
  }
  /// Raw fields that are wanted as scalars, and have several values in this row.
  std::vector<std::string> raw_lists() {
    std::vector<std::string> names;
    for (Input& input : inputs_)
      if (input.raw_scalar && has_several(value_of(input).value)) names.push_back(input.name);
    return names;
  }

  bool has_keys() const noexcept {
    return inputs_.size() < std::tuple_size_v<Key> &&
           std::all_of(inputs_.begin(), inputs_.end(), [](const Input& input) { return input.from.index() < 3; });
  }

  /// Ids and bits; the last word tells nulls from zeros.
  Key key(std::uint32_t row) const {
    Key key{};
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const auto& from = inputs_[i].from;
      bool null = false;
      if (const auto* longs = std::get_if<LongInput>(&from)) {
        null = is_null_at(longs->vector, row);
        key[i] = null ? 0 : static_cast<std::uint64_t>(longs->vector.values[row]);
      } else if (const auto* doubles = std::get_if<DoubleInput>(&from)) {
        null = is_null_at(doubles->vector, row);
        key[i] = null ? 0 : std::bit_cast<std::uint64_t>(doubles->vector.values[row]);
      } else {
        key[i] = std::get<StringInput>(from).ids[row];
      }
      key.back() |= std::uint64_t{null} << i;
    }
    return key;
  }

  StringSource* single_string() const noexcept {
    const auto* strings = inputs_.size() == 1 ? std::get_if<StringInput>(&inputs_[0].from) : nullptr;
    return strings != nullptr ? strings->source : nullptr;
  }

 private:
  const Input* find(std::string_view name) const noexcept {
    const auto found =
        std::find_if(inputs_.begin(), inputs_.end(), [&](const Input& input) { return input.name == name; });
    return found == inputs_.end() ? nullptr : &*found;
  }

  /// Parts that cannot fail become inputs; those that can are evaluated only for rows that come to them. Lambdas have
  /// names of their own and are left alone.
  ExprPtr cut(const ExprPtr& expr, VectorCompiler& compiler) {
    if (literal_of(*expr) != nullptr || name_of(*expr) != nullptr) return expr;
    if (const auto form = compiler.form(*expr); form && !form->may_fail) return add_node(compiler.build(expr));
    Exprs children;
    bool changed = false;
    const std::size_t body = dynamic_cast<const ApplyCall*>(expr.get()) != nullptr ? 1 : 0;
    for (std::size_t i = 0; i < expr->children().size(); ++i) {
      const ExprPtr& child = expr->children()[i];
      children.push_back(i < body ? child : cut(child, compiler));
      changed |= children.back() != child;
    }
    return changed ? expr->with_children(std::move(children)) : expr;
  }

  /// Under a name that no column can have.
  ExprPtr add_node(NumberNode node) {
    std::string name = std::string(1, '\0') + std::to_string(inputs_.size());
    if (node.is_long()) {
      inputs_.push_back({name, Type::long_(), LongInput{std::move(node.longs)}});
    } else {
      inputs_.push_back({name, Type::double_(), DoubleInput{std::move(node.doubles)}});
    }
    return std::make_shared<Identifier>(std::move(name));
  }

  /// A column that does not exist is no input: it is null.
  void add_column(const std::string& name, bool as_scalar) {
    const std::optional<ColumnKind> kind = columns_.kind(name);
    if (!kind) return;
    const Type type = Type::of_column(*kind);
    StringSource* source = kind->type == storage::ValueType::kString ? columns_.strings(name) : nullptr;
    if (source != nullptr) {
      if (source->multiple_values()) {
        inputs_.push_back({name, type, ListInput{source}});
      } else {
        inputs_.push_back({name, type, StringInput{source}});
      }
    } else if (type.is_long()) {
      inputs_.push_back({name, type, LongInput{std::make_unique<ColumnNode<std::int64_t>>(columns_.longs(name))}});
    } else if (type.is_double()) {
      inputs_.push_back({name, type, DoubleInput{std::make_unique<ColumnNode<double>>(columns_.doubles(name))}});
    } else {
      inputs_.push_back({name, type, ValueInput{&columns_.values(name)}, as_scalar && type.is_string()});
    }
  }

  const Eval& value_of(Input& input) const {
    if (!input.ready && !std::holds_alternative<ExtraInput>(input.from)) {
      input.value = decoded(input);
      input.ready = true;
    }
    return input.value;
  }

  Eval decoded(const Input& input) const {
    if (const auto* longs = std::get_if<LongInput>(&input.from))
      return is_null_at(longs->vector, row_) ? Eval::null(Type::long_()) : Eval::of(longs->vector.values[row_]);
    if (const auto* doubles = std::get_if<DoubleInput>(&input.from))
      return is_null_at(doubles->vector, row_) ? Eval::null(Type::double_()) : Eval::of(doubles->vector.values[row_]);
    if (const auto* strings = std::get_if<StringInput>(&input.from)) {
      const auto text = strings->source->dictionary().value(strings->ids[row_]);
      return text ? Eval::of(*text) : Eval();
    }
    if (const auto* lists = std::get_if<ListInput>(&input.from)) return decoded_list(*lists);
    Value value = value_of_view(std::get<ValueInput>(input.from).source->value(begin_ + row_));
    if (input.raw_scalar) value = only_value(std::move(value));
    // A field of raw rows is called a string, and is what it is: numbers are added as numbers.
    if (input.type && input.type->is_string() &&
        (std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value)))
      return Eval::best_effort(std::move(value));
    return Eval::of_type(input.type, std::move(value));
  }

  /// No value and only null are the same: null, or, where the expression is mapped over the values, one that is null.
  Eval decoded_list(const ListInput& input) const {
    ListElements elements;
    for (std::uint32_t i = input.lists.offsets[row_]; i < input.lists.offsets[row_ + 1]; ++i) {
      const auto text = input.source->dictionary().value(input.lists.ids[i]);
      elements.push_back(text ? Value(std::string(*text)) : Value());
    }
    const bool nothing = elements.empty() || (elements.size() == 1 && is_null(elements[0]));
    if (nothing && !null_rows_as_lists_) return {};
    if (elements.empty()) elements.emplace_back();
    return Eval::array(Type::string_array(), std::move(elements));
  }

  ColumnSources& columns_;
  bool null_rows_as_lists_;
  std::vector<Input> inputs_;
  std::uint32_t begin_ = 0;
  std::uint32_t row_ = UINT32_MAX;
};

RowProgram::RowProgram(const ExprPtr& expr, const Plan& plan, ColumnSources& columns)
    : RowProgram(applied_to_each(expr, plan.unapplied), plan.needs_applied(), {}, columns) {}

RowProgram::RowProgram(const ExprPtr& expr, bool null_rows_as_lists, const std::vector<std::string>& extra,
                       ColumnSources& columns)
    : inputs_(std::make_unique<Inputs>(columns, null_rows_as_lists)), expr_(inputs_->bind(expr, extra)) {
  if (inputs_->has_raw_scalars()) forms_ = std::make_unique<RowForms>(expr_);
}

RowProgram::~RowProgram() = default;
RowProgram::RowProgram(RowProgram&&) noexcept = default;

void RowProgram::start(std::uint32_t begin, std::uint32_t size) {
  begin_ = begin;
  size_ = size;
  inputs_->start(begin, size);
}

Eval RowProgram::eval(std::uint32_t row) {
  inputs_->seek(row);
  inputs_->start_evaluation();
  return forms_ ? forms_->over(inputs_->raw_lists()).eval(*inputs_) : expr_->eval(*inputs_);
}

bool RowProgram::any_null(std::uint32_t row) {
  inputs_->seek(row);
  return inputs_->any_null();
}

void RowProgram::set_extra(std::size_t i, Eval value) { inputs_->set_extra(i, std::move(value)); }

bool RowProgram::has_keys() const noexcept { return inputs_->has_keys(); }
RowProgram::Key RowProgram::key(std::uint32_t row) const { return inputs_->key(row); }
StringSource* RowProgram::single_string() const noexcept { return inputs_->single_string(); }

}  // namespace sarsen::engine::expression
