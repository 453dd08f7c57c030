#include "storage/structured/value_ids.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "storage/base/error.h"
#include "storage/base/java_order.h"

namespace sarsen::storage {
namespace {

std::uint64_t bits_of(double value) noexcept {
  return std::bit_cast<std::uint64_t>(std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value);
}

/// Double.compare: -0.0 before 0.0, NaN last.
bool double_before(double left, double right) noexcept {
  if (std::isnan(left) || std::isnan(right)) return !std::isnan(left) && std::isnan(right);
  return left < right || (left == right && std::signbit(left) && !std::signbit(right));
}

/// Values with their codes, in the order of `less`.
template <class Value, class Less>
void sort_values(std::vector<std::pair<Value, std::uint32_t>>& values, Less less) {
  std::sort(values.begin(), values.end(),
            [&less](const auto& left, const auto& right) { return less(left.first, right.first); });
}

template <class Map>
auto pairs_of(const Map& codes) {
  std::vector<std::pair<typename Map::key_type, std::uint32_t>> pairs(codes.begin(), codes.end());
  return pairs;
}

}  // namespace

std::size_t ValueIds::HashCodes::operator()(const std::vector<std::uint32_t>& codes) const noexcept {
  std::uint64_t hash = codes.size();
  for (const std::uint32_t code : codes) hash = (std::rotl(hash, 23) ^ code) * 0x9E3779B97F4A7C15;
  return hash ^ hash >> 32;
}

template <class Map, class Key>
std::uint32_t ValueIds::add_to(Map& codes, const Key& key) {
  const auto [entry, added] = codes.try_emplace(key, code_count_);
  if (added) ++code_count_;
  return entry->second;
}

std::uint32_t ValueIds::add(const Scalar& value) {
  if (std::holds_alternative<std::monostate>(value)) return kNullCode;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return add_to(long_codes_, *number);
  if (const auto* number = std::get_if<double>(&value)) return add_to(double_codes_, bits_of(*number));
  const std::string_view text = std::get<std::string_view>(value);
  if (const auto known = string_codes_.find(text); known != string_codes_.end()) return known->second;
  return add_to(string_codes_, std::string_view(texts_.emplace_back(text)));
}

std::uint32_t ValueIds::add(const SimpleArray& array) {
  std::vector<std::uint32_t> codes;
  codes.reserve(array.elements.size());
  for (const Scalar& element : array.elements) codes.push_back(add(element));
  return add_to(array_codes_, codes);
}

void ValueIds::sort() {
  if (code_count_ > INT32_MAX) throw Error(ErrorCategory::kUnsupported, "The column has more distinct values than ids");
  ids_.resize(code_count_);
  std::uint32_t next_id = 1;
  const auto number_values = [&](const auto& sorted, auto&& keep) {
    for (const auto& [value, code] : sorted) {
      ids_[code] = next_id++;
      keep(value);
    }
  };
  auto strings = pairs_of(string_codes_);
  sort_values(strings, JavaLess());
  strings_ = {std::nullopt};
  number_values(strings, [&](std::string_view text) { strings_.emplace_back(text); });
  auto longs = pairs_of(long_codes_);
  sort_values(longs, std::less<>());
  number_values(longs, [&](std::int64_t number) { longs_.push_back(number); });
  auto doubles = pairs_of(double_codes_);
  sort_values(doubles, [](std::uint64_t left, std::uint64_t right) {
    return double_before(std::bit_cast<double>(left), std::bit_cast<double>(right));
  });
  number_values(doubles, [&](std::uint64_t bits) { doubles_.push_back(std::bit_cast<double>(bits)); });
  auto arrays = pairs_of(array_codes_);
  for (auto& [array, code] : arrays)
    for (std::uint32_t& element : array) element = ids_[element];
  sort_values(arrays, std::less<>());
  number_values(arrays, [&](const std::vector<std::uint32_t>& array) { arrays_.push_back(array); });
}

}  // namespace sarsen::storage
