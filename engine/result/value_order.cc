#include "engine/result/value_order.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

std::optional<double> as_double(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<float>(&value)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

template <class T>
int three_way(const T& left, const T& right) {
  return left < right ? -1 : right < left ? 1 : 0;
}

/// Element by element; what ends first is less.
int compare_lists(const List& left, const List& right) {
  const ListElements& a = left.elements();
  const ListElements& b = right.elements();
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (const int order = compare_values(a[i], b[i]); order != 0) return order;
  return three_way(a.size(), b.size());
}

}  // namespace

int compare_doubles(double left, double right) noexcept {
  if (left < right) return -1;
  if (left > right) return 1;
  if (left == right) return left == 0 ? std::signbit(right) - std::signbit(left) : 0;
  return (left != left) - (right != right);
}

int compare_values(const Value& left, const Value& right) {
  if (is_null(left) || is_null(right)) return is_null(right) - is_null(left);
  if (std::holds_alternative<std::int64_t>(left) && std::holds_alternative<std::int64_t>(right))
    return three_way(std::get<std::int64_t>(left), std::get<std::int64_t>(right));
  const std::optional<double> left_number = as_double(left);
  const std::optional<double> right_number = as_double(right);
  if (left_number && right_number) return compare_doubles(*left_number, *right_number);
  if (left.index() != right.index()) return three_way(left.index(), right.index());
  if (const auto* text = std::get_if<std::string>(&left)) {
    const std::strong_ordering order = java_compare(*text, std::get<std::string>(right));
    return order < 0 ? -1 : order > 0;
  }
  if (const auto* list = std::get_if<List>(&left)) return compare_lists(*list, std::get<List>(right));
  if (const auto* nested = std::get_if<Nested>(&left))
    return three_way(nested->json.dump(), std::get<Nested>(right).json.dump());
  return three_way(std::get<ComplexBytes>(left).bytes, std::get<ComplexBytes>(right).bytes);
}

}  // namespace sarsen::engine
