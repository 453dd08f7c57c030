#include "ingest/incremental_index/row_order.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <span>

#include "ingest/incremental_index/radix_sort.h"
#include "ingest/incremental_index/text_order.h"

namespace sarsen::ingest {
namespace {

/// A row, and its place among others by what is looked at.
struct Keyed {
  std::uint64_t key;
  std::uint32_t row;
};

/// Whether rows that tie are in order.
bool is_by_row(std::span<const Keyed> rows) noexcept {
  return std::is_sorted(rows.begin(), rows.end(), [](const Keyed& l, const Keyed& r) { return l.row < r.row; });
}

bool comes_before(const Keyed& left, const Keyed& right) noexcept {
  return left.key != right.key ? left.key < right.key : left.row < right.row;
}

/// One thing that rows are ordered by. Rows are sorted by the first, those that tie by the second, and so on: so each
/// column is read once, by those who need it.
class Level {
 public:
  virtual ~Level() = default;
  /// Gives each row its key: less for rows that come before, equal for rows that tie.
  virtual void give_keys(std::span<Keyed> rows) const = 0;
};

/// `key_of(row)` gives the key.
template <class KeyOf>
class KeyLevel final : public Level {
 public:
  explicit KeyLevel(KeyOf key_of) : key_of_(std::move(key_of)) {}
  void give_keys(std::span<Keyed> rows) const override {
    for (Keyed& keyed : rows) keyed.key = key_of_(keyed.row);
  }

 private:
  KeyOf key_of_;
};

using Levels = std::vector<std::unique_ptr<const Level>>;

template <class KeyOf>
void add_level(Levels& levels, KeyOf key_of) {
  levels.push_back(std::make_unique<KeyLevel<KeyOf>>(std::move(key_of)));
}

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

std::uint64_t order_key(std::int64_t value) noexcept { return static_cast<std::uint64_t>(value) ^ kSign; }

/// Double.compare: NaN is greatest, -0.0 is less than 0.0.
std::uint64_t order_key(double value) noexcept {
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

template <class T>
void add_numbers(Levels& levels, const PublishedDimension& published) {
  const auto& numeric = static_cast<const LiveNumericDimension<T>&>(*published.dimension);
  if (published.has_nulls)
    add_level(levels, [&numeric](std::uint32_t row) { return std::uint64_t{numeric.nulls()[row] == 0}; });
  add_level(levels, [&numeric](std::uint32_t row) { return order_key(numeric.values()[row]); });
}

/// Rows of several strings: position by position, and the shorter list first.
class ListLevel final : public Level {
 public:
  ListLevel(const LiveStringDimension& strings, const std::vector<std::uint32_t>& ranks)
      : strings_(strings), ranks_(ranks) {}

  void give_keys(std::span<Keyed> rows) const override {
    std::sort(rows.begin(), rows.end(), [this](const Keyed& left, const Keyed& right) {
      const int order = compare(strings_.codes()[left.row], strings_.codes()[right.row]);
      return order != 0 ? order < 0 : left.row < right.row;
    });
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i].key = i == 0 ? 0 : rows[i - 1].key + (ties(rows[i - 1].row, rows[i].row) ? 0 : 1);
  }

 private:
  static bool is_list(std::uint32_t code) noexcept {
    return (code & LiveStringDimension::kListBit) != 0 && code != LiveStringDimension::kEmptyList;
  }
  std::uint32_t size_of(std::uint32_t code) const noexcept {
    return is_list(code) ? strings_.list_size(code & ~LiveStringDimension::kListBit) : 1;
  }
  std::uint32_t rank_of(std::uint32_t code, std::uint32_t position) const {
    if (code == LiveStringDimension::kEmptyList) return ranks_[strings_.null_id()];
    return ranks_[is_list(code) ? strings_.list_id(code & ~LiveStringDimension::kListBit, position) : code];
  }
  bool ties(std::uint32_t left_row, std::uint32_t right_row) const {
    return compare(strings_.codes()[left_row], strings_.codes()[right_row]) == 0;
  }

  int compare(std::uint32_t left, std::uint32_t right) const {
    if (left == right) return 0;
    const std::uint32_t left_size = size_of(left);
    const std::uint32_t right_size = size_of(right);
    for (std::uint32_t i = 0; i < std::min(left_size, right_size); ++i)
      if (const std::uint32_t l = rank_of(left, i), r = rank_of(right, i); l != r) return l < r ? -1 : 1;
    return left_size < right_size ? -1 : static_cast<int>(left_size > right_size);
  }

  const LiveStringDimension& strings_;
  const std::vector<std::uint32_t>& ranks_;
};

void add_strings(Levels& levels, const PublishedDimension& published, const std::vector<std::uint32_t>& ranks) {
  const auto& strings = static_cast<const LiveStringDimension&>(*published.dimension);
  if (published.has_lists) {
    levels.push_back(std::make_unique<ListLevel>(strings, ranks));
    return;
  }
  add_level(levels, [&strings, &ranks](std::uint32_t row) {
    const std::uint32_t code = strings.codes()[row];
    return std::uint64_t{ranks[code == LiveStringDimension::kEmptyList ? strings.null_id() : code]};
  });
}

void add_ranks(Levels& levels, const PublishedDimension& published, const std::vector<std::uint32_t>& ranks) {
  const auto& ids = static_cast<const LiveStructuredDimension&>(*published.dimension).ids();
  add_level(levels, [&ids, &ranks](std::uint32_t row) { return std::uint64_t{ranks[ids[row]]}; });
}

Levels levels_of(const LiveSegment& segment, const std::vector<SortedDictionary>& dictionaries) {
  Levels levels;
  const std::size_t time_place = segment.rows().schema->dimensions_spec.time_place;
  const auto add_time = [&] {
    add_level(levels, [&times_ms = segment.rows().times_ms](std::uint32_t row) { return order_key(times_ms[row]); });
  };
  for (std::size_t i = 0; i < segment.published().dimensions.size(); ++i) {
    if (i == time_place) add_time();
    const PublishedDimension& published = segment.published().dimensions[i];
    switch (published.dimension->schema().type) {
      case storage::ValueType::kLong:
        add_numbers<std::int64_t>(levels, published);
        break;
      case storage::ValueType::kFloat:
        add_numbers<float>(levels, published);
        break;
      case storage::ValueType::kDouble:
        add_numbers<double>(levels, published);
        break;
      case storage::ValueType::kVariant:
        add_ranks(levels, published, dictionaries[i].new_ids);
        break;
      default:
        add_strings(levels, published, dictionaries[i].new_ids);
        break;
    }
  }
  if (time_place >= segment.published().dimensions.size()) add_time();
  return levels;
}

void sort_by_key(std::span<Keyed> rows) {
  if (rows.size() >= kRadixSortMin && is_by_row(rows)) return radix_sort(rows);
  std::sort(rows.begin(), rows.end(), comes_before);
}

/// Sorts rows that tie in the levels before `level`.
void sort_from(const Levels& levels, std::size_t level, std::span<Keyed> rows) {
  if (level == levels.size()) return;  // they came in this order
  levels[level]->give_keys(rows);
  if (!std::is_sorted(rows.begin(), rows.end(), comes_before)) sort_by_key(rows);
  for (std::size_t begin = 0; begin < rows.size();) {
    std::size_t end = begin + 1;
    while (end < rows.size() && rows[end].key == rows[begin].key) ++end;
    if (end - begin > 1) sort_from(levels, level + 1, rows.subspan(begin, end - begin));
    begin = end;
  }
}

}  // namespace

SortedDictionary sort_dictionary(const storage::GrowingTexts& dictionary, std::uint32_t size) {
  std::vector<std::optional<std::string_view>> texts;
  texts.reserve(size);
  for (std::uint32_t id = 0; id < size; ++id) texts.push_back(dictionary.value(id));
  SortedDictionary sorted;
  sorted.values.reserve(size);
  sorted.new_ids.resize(size);
  for (const std::uint32_t old_id : text_order(texts)) {
    sorted.new_ids[old_id] = static_cast<std::uint32_t>(sorted.values.size());
    sorted.values.push_back(texts[old_id]);
  }
  return sorted;
}

std::vector<std::uint32_t> sort_rows(const LiveSegment& segment, const std::vector<SortedDictionary>& dictionaries) {
  std::vector<Keyed> keyed;
  keyed.reserve(segment.row_count());
  for (std::uint32_t row = 0; row < segment.row_count(); ++row) keyed.push_back({0, row});
  sort_from(levels_of(segment, dictionaries), 0, keyed);
  std::vector<std::uint32_t> rows;
  rows.reserve(keyed.size());
  for (const Keyed& each : keyed) rows.push_back(each.row);
  return rows;
}

}  // namespace sarsen::ingest
