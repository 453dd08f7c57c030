// The order of values of any shape.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ingest/incremental_index/row_order.h"
#include "storage/base/java_order.h"
#include "storage/structured/structured_hash.h"

namespace sarsen::ingest {
namespace {

enum class Group : std::uint8_t { kNull, kString, kNumber, kOther };

struct SortKey {
  Group group = Group::kNull;
  std::string_view text = {};
  double number = 0;
  std::int64_t hash = 0;
};

SortKey key_of(const LiveStructuredDimension& dimension, std::uint32_t id) {
  const Json& value = dimension.value(id);
  if (value.is_null()) return {};
  if (value.is_string()) return {.group = Group::kString, .text = value.string()};
  if (value.is_number()) return {.group = Group::kNumber, .number = value.number()};
  const std::uint64_t hash = storage::structured_hash(std::as_bytes(std::span(*dimension.smile(id))));
  return {.group = Group::kOther, .hash = static_cast<std::int64_t>(hash)};
}

/// Double.compare: NaN is greatest.
std::weak_ordering compare_doubles(double left, double right) noexcept {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) <=> std::isnan(right);
  if (left != right) return left < right ? std::weak_ordering::less : std::weak_ordering::greater;
  return std::signbit(right) <=> std::signbit(left);
}

std::weak_ordering compare(const SortKey& left, const SortKey& right) noexcept {
  if (left.group != right.group) return left.group <=> right.group;
  if (left.group == Group::kString) return java_compare(left.text, right.text);
  if (left.group == Group::kNumber) return compare_doubles(left.number, right.number);
  return left.hash <=> right.hash;
}

}  // namespace

std::vector<std::uint32_t> rank_values(const LiveStructuredDimension& dimension, std::uint32_t size) {
  std::vector<SortKey> keys;
  keys.reserve(size);
  for (std::uint32_t id = 0; id < size; ++id) keys.push_back(key_of(dimension, id));
  std::vector<std::uint32_t> ids(size);
  std::iota(ids.begin(), ids.end(), 0u);
  std::sort(ids.begin(), ids.end(),
            [&keys](std::uint32_t left, std::uint32_t right) { return compare(keys[left], keys[right]) < 0; });
  std::vector<std::uint32_t> ranks(size);
  for (std::uint32_t i = 1; i < size; ++i)
    ranks[ids[i]] = ranks[ids[i - 1]] + (compare(keys[ids[i - 1]], keys[ids[i]]) < 0 ? 1 : 0);
  return ranks;
}

}  // namespace sarsen::ingest
