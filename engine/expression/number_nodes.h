#pragma once
// The nodes of vector_compiler.h: leaves, casts, functions of one and two vectors, conditions.

#include <cmath>
#include <utility>
#include <vector>

#include "engine/expression/function.h"
#include "engine/expression/vector_node.h"

namespace sarsen::engine::expression {

/// A column, which belongs to the cursor's sources.
template <class T>
class ColumnNode final : public NumericSource<T> {
 public:
  explicit ColumnNode(NumericSource<T>& source) : source_(source) {}
  NumericVector<T> read(std::uint32_t begin, std::uint32_t size) override { return source_.read(begin, size); }

 private:
  NumericSource<T>& source_;
};

/// One value, or null, in every row.
template <class T>
class ConstantNode final : public NumericSource<T> {
 public:
  explicit ConstantNode(std::optional<T> value) : null_(!value) { values_.fill(value.value_or(T{})); }
  NumericVector<T> read(std::uint32_t, std::uint32_t size) override {
    if (null_) fill_mask(nulls_.data(), size, true);
    return {values_.data(), null_ ? nulls_.data() : nullptr};
  }

 private:
  bool null_;
  std::array<T, kVectorRows> values_;
  std::array<std::uint64_t, kVectorWords> nulls_{};
};

/// `function` of every value; it cannot fail.
template <class Out, class In, class Function>
class OneNode final : public VectorNode<Out> {
 public:
  OneNode(std::unique_ptr<NumericSource<In>> operand, Function function)
      : operand_(std::move(operand)), function_(function) {}

 private:
  void compute(std::uint32_t begin, std::uint32_t size) override {
    const NumericVector<In> in = operand_->read(begin, size);
    Out* out = this->values();
    for (std::uint32_t row = 0; row < size; ++row) out[row] = function_(in.values[row]);
    this->add_nulls(in.nulls, size);
  }

  std::unique_ptr<NumericSource<In>> operand_;
  Function function_;
};

/// `function` of two values; it cannot fail.
template <class Out, class In, class Function>
class TwoNode final : public VectorNode<Out> {
 public:
  TwoNode(std::unique_ptr<NumericSource<In>> left, std::unique_ptr<NumericSource<In>> right, Function function)
      : left_(std::move(left)), right_(std::move(right)), function_(function) {}

 private:
  void compute(std::uint32_t begin, std::uint32_t size) override {
    const NumericVector<In> left = left_->read(begin, size);
    const NumericVector<In> right = right_->read(begin, size);
    Out* out = this->values();
    for (std::uint32_t row = 0; row < size; ++row) out[row] = function_(left.values[row], right.values[row]);
    this->add_nulls(left.nulls, size);
    this->add_nulls(right.nulls, size);
  }

  std::unique_ptr<NumericSource<In>> left_;
  std::unique_ptr<NumericSource<In>> right_;
  Function function_;
};

/// As TwoNode, where the function throws, or says nullopt for null: only rows that count are asked.
template <class T, class Function>
class FallibleTwoNode final : public VectorNode<T> {
 public:
  FallibleTwoNode(std::unique_ptr<NumericSource<T>> left, std::unique_ptr<NumericSource<T>> right, Function function,
                  const CursorPosition* position)
      : left_(std::move(left)), right_(std::move(right)), function_(function), position_(position) {}

 private:
  void compute(std::uint32_t begin, std::uint32_t size) override {
    const NumericVector<T> left = left_->read(begin, size);
    const NumericVector<T> right = right_->read(begin, size);
    this->add_nulls(left.nulls, size);
    this->add_nulls(right.nulls, size);
    T* out = this->values();
    std::fill_n(out, size, T{});
    for_each_live(position_, begin, size, [&](std::uint32_t row) {
      if (is_null(left, row) || is_null(right, row)) return;
      const std::optional<T> result = function_(left.values[row], right.values[row]);
      out[row] = result.value_or(T{});
      if (!result) this->set_null(row, size);
    });
  }

  static bool is_null(const NumericVector<T>& vector, std::uint32_t row) noexcept {
    return vector.nulls != nullptr && mask_has(vector.nulls, row);
  }

  std::unique_ptr<NumericSource<T>> left_;
  std::unique_ptr<NumericSource<T>> right_;
  Function function_;
  const CursorPosition* position_;
};

/// A LongMap over the rows that count.
class LongMapNode final : public VectorNode<std::int64_t> {
 public:
  LongMapNode(std::unique_ptr<NumericSource<std::int64_t>> operand, std::unique_ptr<LongMap> map,
              const CursorPosition* position)
      : operand_(std::move(operand)), map_(std::move(map)), position_(position) {}

 private:
  void compute(std::uint32_t begin, std::uint32_t size) override;

  std::unique_ptr<NumericSource<std::int64_t>> operand_;
  std::unique_ptr<LongMap> map_;
  const CursorPosition* position_;
};

/// Which rows of a vector are true and which are null.
struct TruthWords {
  std::array<std::uint64_t, kVectorWords> is_true;
  std::array<std::uint64_t, kVectorWords> is_null;

  void read(const NumberNode& node, std::uint32_t begin, std::uint32_t size);
};

/// How truths become truths: word(true bits of the left, null bits of the left, the same of the right) gives true bits
/// and null bits.
struct TruthBits {
  std::uint64_t is_true;
  std::uint64_t is_null;
};
using TruthFunction = TruthBits (*)(TruthBits left, TruthBits right);

/// Operators and tests of truth; a test has no right operand.
class TruthNode final : public VectorNode<std::int64_t> {
 public:
  TruthNode(NumberNode left, std::optional<NumberNode> right, TruthFunction function)
      : left_(std::move(left)), right_(std::move(right)), function_(function) {}

 private:
  void compute(std::uint32_t begin, std::uint32_t size) override;

  NumberNode left_;
  std::optional<NumberNode> right_;
  TruthFunction function_;
  TruthWords left_words_;
  TruthWords right_words_;
};

/// The branch of the first condition that is true, or the last branch, which has none. Without conditions: the first
/// branch that is not null.
template <class T>
class BranchNode final : public VectorNode<T> {
 public:
  BranchNode(std::vector<NumberNode> conditions, std::vector<std::unique_ptr<NumericSource<T>>> branches)
      : conditions_(std::move(conditions)), branches_(std::move(branches)) {}

 private:
  void compute(std::uint32_t begin, std::uint32_t size) override {
    put_all(branches_.back()->read(begin, size), size);
    for (std::size_t i = branches_.size() - 1; i-- > 0;) {
      const NumericVector<T> branch = branches_[i]->read(begin, size);
      if (conditions_.empty()) {
        put_where(branch, size,
                  [&](std::uint32_t word) { return branch.nulls ? ~branch.nulls[word] : ~std::uint64_t{0}; });
      } else {
        words_.read(conditions_[i], begin, size);
        put_where(branch, size, [&](std::uint32_t word) { return words_.is_true[word]; });
      }
    }
  }

  void put_all(const NumericVector<T>& branch, std::uint32_t size) {
    std::copy_n(branch.values, size, this->values());
    this->add_nulls(branch.nulls, size);
  }

  template <class Chosen>
  void put_where(const NumericVector<T>& branch, std::uint32_t size, Chosen chosen) {
    T* out = this->values();
    std::uint64_t* nulls = this->nulls(size);
    for (std::uint32_t word = 0; word < mask_words(size); ++word) {
      const std::uint64_t rows = word * 64 + 64 <= size ? chosen(word) : chosen(word) & tail_mask(size);
      const std::uint64_t branch_nulls = branch.nulls != nullptr ? branch.nulls[word] : 0;
      nulls[word] = (nulls[word] & ~rows) | (branch_nulls & rows);
      for (std::uint64_t bits = rows; bits != 0; bits &= bits - 1) {
        const std::uint32_t row = word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits));
        out[row] = branch.values[row];
      }
    }
  }

  std::vector<NumberNode> conditions_;
  std::vector<std::unique_ptr<NumericSource<T>>> branches_;
  TruthWords words_;
};

/// A function of one string, asked once per dictionary entry that is met.
template <class T>
class DictionaryNode final : public VectorNode<T> {
 public:
  DictionaryNode(const ExprPtr& expr, std::string name, StringSource& source, const CursorPosition* position)
      : expr_(expr), name_(std::move(name)), source_(source), position_(position) {}

 private:
  enum class State : std::uint8_t { kUnknown, kNull, kValue };

  void compute(std::uint32_t begin, std::uint32_t size) override {
    const std::uint32_t* ids = source_.read_ids(begin, size);
    states_.resize(source_.dictionary().size());
    results_.resize(states_.size());
    T* out = this->values();
    std::fill_n(out, size, T{});
    for_each_live(position_, begin, size, [&](std::uint32_t row) {
      const std::uint32_t id = ids[row];
      if (states_[id] == State::kUnknown) ask(id);
      out[row] = results_[id];
      if (states_[id] == State::kNull) this->set_null(row, size);
    });
  }

  void ask(std::uint32_t id);

  ExprPtr expr_;
  std::string name_;
  StringSource& source_;
  const CursorPosition* position_;
  std::vector<State> states_;
  std::vector<T> results_;
};

/// The bindings of an expression over one string.
class OneString final : public RootBindings {
 public:
  explicit OneString(std::string_view name) : name_(name) {}
  void set(std::optional<std::string_view> text) {
    value_ = text ? Eval::of(*text) : Eval();
    start_row();
  }
  MaybeType type(std::string_view name) const override {
    return name == name_ ? MaybeType(Type::string()) : std::nullopt;
  }
  Eval value(std::string_view name) const override { return name == name_ ? value_ : Eval(); }

 private:
  std::string_view name_;
  Eval value_;
};

// --- makers

template <class Out, class In, class Function>
std::unique_ptr<NumericSource<Out>> one(std::unique_ptr<NumericSource<In>> operand, Function function) {
  return std::make_unique<OneNode<Out, In, Function>>(std::move(operand), function);
}
template <class Out, class In, class Function>
std::unique_ptr<NumericSource<Out>> two(std::unique_ptr<NumericSource<In>> left,
                                        std::unique_ptr<NumericSource<In>> right, Function function) {
  return std::make_unique<TwoNode<Out, In, Function>>(std::move(left), std::move(right), function);
}
template <class T, class Function>
std::unique_ptr<NumericSource<T>> fallible(std::unique_ptr<NumericSource<T>> left,
                                           std::unique_ptr<NumericSource<T>> right, Function function,
                                           const CursorPosition* position) {
  return std::make_unique<FallibleTwoNode<T, Function>>(std::move(left), std::move(right), function, position);
}

}  // namespace sarsen::engine::expression
