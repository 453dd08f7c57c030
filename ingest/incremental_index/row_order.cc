#include "ingest/incremental_index/row_order.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "storage/base/java_order.h"

namespace sarsen::ingest {
namespace {

/// Compares two rows in one dimension: negative, 0 or positive.
using RowCompare = std::function<int(std::uint32_t, std::uint32_t)>;

template <class T>
int compare_values(T left, T right) noexcept {
  if constexpr (std::is_floating_point_v<T>) {  // Double.compare: NaN is greatest, -0.0 is less than 0.0
    if (std::isnan(left) || std::isnan(right))
      return static_cast<int>(std::isnan(left)) - static_cast<int>(std::isnan(right));
    if (left == right) return static_cast<int>(std::signbit(right)) - static_cast<int>(std::signbit(left));
  }
  return left < right ? -1 : static_cast<int>(right < left);
}

template <class T>
RowCompare compare_numbers(const LiveDimension& dimension) {
  const auto& numeric = static_cast<const LiveNumericDimension<T>&>(dimension);
  return [&numeric](std::uint32_t left, std::uint32_t right) {
    if (const int nulls = numeric.nulls()[right] - numeric.nulls()[left]; nulls != 0) return nulls;
    return compare_values(numeric.values()[left], numeric.values()[right]);
  };
}

RowCompare compare_strings(const LiveDimension& dimension, const SortedDictionary& dictionary) {
  const auto& strings = static_cast<const LiveStringDimension&>(dimension);
  const auto& ranks = dictionary.new_ids;
  const auto size_of = [&strings](std::uint32_t code) {
    const bool list = (code & LiveStringDimension::kListBit) != 0 && code != LiveStringDimension::kEmptyList;
    return list ? strings.list_size(code & ~LiveStringDimension::kListBit) : 1;
  };
  const auto rank_of = [&strings, &ranks](std::uint32_t code, std::uint32_t position) {
    if (code == LiveStringDimension::kEmptyList) return ranks[strings.null_id()];
    const bool list = (code & LiveStringDimension::kListBit) != 0;
    return ranks[list ? strings.list_id(code & ~LiveStringDimension::kListBit, position) : code];
  };
  return [&strings, size_of, rank_of](std::uint32_t left_row, std::uint32_t right_row) {
    const std::uint32_t left = strings.codes()[left_row];
    const std::uint32_t right = strings.codes()[right_row];
    if (left == right) return 0;
    const std::uint32_t left_size = size_of(left);
    const std::uint32_t right_size = size_of(right);
    for (std::uint32_t i = 0; i < std::min(left_size, right_size); ++i)
      if (const int order = compare_values(rank_of(left, i), rank_of(right, i)); order != 0) return order;
    return compare_values(left_size, right_size);
  };
}

RowCompare compare_ranks(const LiveDimension& dimension, const SortedDictionary& ranks) {
  const auto& ids = static_cast<const LiveStructuredDimension&>(dimension).ids();
  return [&ids, &ranks](std::uint32_t left, std::uint32_t right) {
    return compare_values(ranks.new_ids[ids[left]], ranks.new_ids[ids[right]]);
  };
}

std::vector<RowCompare> compares_of(const LiveSegment& segment, const std::vector<SortedDictionary>& dictionaries) {
  std::vector<RowCompare> compares;
  for (std::size_t i = 0; i < segment.published().dimensions.size(); ++i) {
    const LiveDimension& dimension = *segment.published().dimensions[i].dimension;
    switch (dimension.schema().type) {
      case storage::ValueType::kLong:
        compares.push_back(compare_numbers<std::int64_t>(dimension));
        break;
      case storage::ValueType::kFloat:
        compares.push_back(compare_numbers<float>(dimension));
        break;
      case storage::ValueType::kDouble:
        compares.push_back(compare_numbers<double>(dimension));
        break;
      case storage::ValueType::kVariant:
        compares.push_back(compare_ranks(dimension, dictionaries[i]));
        break;
      default:
        compares.push_back(compare_strings(dimension, dictionaries[i]));
        break;
    }
  }
  return compares;
}

}  // namespace

SortedDictionary sort_dictionary(const storage::Dictionary& dictionary) {
  std::vector<std::uint32_t> old_ids(dictionary.size());
  std::iota(old_ids.begin(), old_ids.end(), 0u);
  std::sort(old_ids.begin(), old_ids.end(), [&dictionary](std::uint32_t left, std::uint32_t right) {
    return java_compare_nullable(dictionary.value(left), dictionary.value(right)) < 0;
  });
  SortedDictionary sorted;
  sorted.new_ids.resize(old_ids.size());
  for (const std::uint32_t old_id : old_ids) {
    sorted.new_ids[old_id] = static_cast<std::uint32_t>(sorted.values.size());
    sorted.values.push_back(dictionary.value(old_id));
  }
  return sorted;
}

std::vector<std::uint32_t> sort_rows(const LiveSegment& segment, const std::vector<SortedDictionary>& dictionaries) {
  const auto& times_ms = segment.rows().times_ms;
  const std::vector<RowCompare> compares = compares_of(segment, dictionaries);
  std::vector<std::uint32_t> rows(segment.row_count());
  std::iota(rows.begin(), rows.end(), 0u);
  std::sort(rows.begin(), rows.end(), [&](std::uint32_t left, std::uint32_t right) {
    if (times_ms[left] != times_ms[right]) return times_ms[left] < times_ms[right];
    for (const RowCompare& compare : compares)
      if (const int order = compare(left, right); order != 0) return order < 0;
    return left < right;
  });
  return rows;
}

}  // namespace sarsen::ingest
