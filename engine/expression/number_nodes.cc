#include "engine/expression/number_nodes.h"

#include "storage/base/java_number.h"

namespace sarsen::engine::expression {
namespace {

template <class T>
void read_truth(TruthWords& words, const NumericVector<T>& vector, std::uint32_t size) {
  for (std::uint32_t word = 0; word < mask_words(size); ++word) {
    std::uint64_t bits = 0;
    const std::uint32_t end = std::min(size - word * 64, 64U);
    for (std::uint32_t bit = 0; bit < end; ++bit) bits |= std::uint64_t{vector.values[word * 64 + bit] > 0} << bit;
    const std::uint64_t nulls = vector.nulls != nullptr ? vector.nulls[word] : 0;
    words.is_true[word] = bits & ~nulls;
    words.is_null[word] = nulls;
  }
}

}  // namespace

template <>
std::unique_ptr<NumericSource<std::int64_t>> cast_node(NumberNode node) {
  if (node.is_long()) return std::move(node.longs);
  const auto cast = [](double value) { return java_long(value); };
  return std::make_unique<OneNode<std::int64_t, double, decltype(cast)>>(std::move(node.doubles), cast);
}

template <>
std::unique_ptr<NumericSource<double>> cast_node(NumberNode node) {
  if (!node.is_long()) return std::move(node.doubles);
  const auto cast = [](std::int64_t value) { return static_cast<double>(value); };
  return std::make_unique<OneNode<double, std::int64_t, decltype(cast)>>(std::move(node.longs), cast);
}

template <>
std::unique_ptr<NumericSource<float>> cast_node(NumberNode node) {
  if (node.is_long()) {
    const auto cast = [](std::int64_t value) { return static_cast<float>(value); };
    return std::make_unique<OneNode<float, std::int64_t, decltype(cast)>>(std::move(node.longs), cast);
  }
  const auto cast = [](double value) { return static_cast<float>(value); };
  return std::make_unique<OneNode<float, double, decltype(cast)>>(std::move(node.doubles), cast);
}

void LongMapNode::compute(std::uint32_t begin, std::uint32_t size) {
  const NumericVector<std::int64_t> in = operand_->read(begin, size);
  std::int64_t* out = values();
  std::fill_n(out, size, 0);
  add_nulls(in.nulls, size);
  for_each_live(position_, begin, size, [&](std::uint32_t row) {
    if (in.nulls == nullptr || !mask_has(in.nulls, row)) out[row] = map_->map(in.values[row]);
  });
}

void TruthWords::read(const NumberNode& node, std::uint32_t begin, std::uint32_t size) {
  if (node.is_long()) {
    read_truth(*this, node.longs->read(begin, size), size);
  } else {
    read_truth(*this, node.doubles->read(begin, size), size);
  }
}

void TruthNode::compute(std::uint32_t begin, std::uint32_t size) {
  left_words_.read(left_, begin, size);
  if (right_) right_words_.read(*right_, begin, size);
  std::uint64_t* null_mask = nulls(size);
  std::int64_t* out = values();
  for (std::uint32_t word = 0; word < mask_words(size); ++word) {
    const TruthBits right =
        right_ ? TruthBits{right_words_.is_true[word], right_words_.is_null[word]} : TruthBits{0, 0};
    const TruthBits bits = function_({left_words_.is_true[word], left_words_.is_null[word]}, right);
    const std::uint32_t end = std::min(size - word * 64, 64U);
    for (std::uint32_t bit = 0; bit < end; ++bit)
      out[word * 64 + bit] = static_cast<std::int64_t>(bits.is_true >> bit & 1);
    null_mask[word] = end == 64 ? bits.is_null : bits.is_null & tail_mask(size);
  }
}

template <class T>
void DictionaryNode<T>::ask(std::uint32_t id) {
  OneString bindings(name_);
  bindings.set(source_.dictionary().value(id));
  const Eval result = expr_->eval(bindings);
  const bool null = result.is_numeric_null();
  states_[id] = null ? State::kNull : State::kValue;
  if constexpr (std::is_same_v<T, std::int64_t>) {
    results_[id] = null ? 0 : result.as_long();
  } else {
    results_[id] = null ? 0.0 : result.as_double();
  }
}

template class DictionaryNode<std::int64_t>;
template class DictionaryNode<double>;

}  // namespace sarsen::engine::expression
