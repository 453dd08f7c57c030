// The readers of row_keys.h: one per kind of column.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "ingest/merge/column_vectors.h"
#include "ingest/merge/row_keys.h"
#include "ingest/merge/structured_values.h"

namespace sarsen::ingest {
namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

/// Unsigned integers in the order of the numbers: -0.0 before 0.0, NaN, of which there is one, last.
template <class T>
std::uint64_t ordered(T value) noexcept {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    return static_cast<std::uint64_t>(value) ^ kSign;
  } else {
    const double number = std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(value);
    const auto bits = std::bit_cast<std::uint64_t>(number);
    return (bits & kSign) != 0 ? ~bits : bits | kSign;
  }
}

class TimeKeys final : public KeyReader {
 public:
  TimeKeys(const TimeRule& rule, const SourceRows& source)
      : rule_(rule), times_(source, source.segment->column(storage::kTimeColumn)) {}

  KeyVector read(std::uint32_t first, std::uint32_t count) override {
    numbers_.resize(count);
    const std::int64_t* times_ms = times_.read(first, count).values;
    for (std::uint32_t i = 0; i < count; ++i) numbers_[i] = ordered(rule_.stored(times_ms[i]));
    return {.numbers = numbers_.data()};
  }

 private:
  const TimeRule& rule_;
  NumberVectors<std::int64_t> times_;
  std::vector<std::uint64_t> numbers_;
};

template <class T>
class NumberKeys final : public KeyReader {
 public:
  NumberKeys(const SourceRows& source, const storage::Column* column) : values_(source, column) {}

  KeyVector read(std::uint32_t first, std::uint32_t count) override {
    numbers_.resize(count);
    const auto vector = values_.read(first, count);
    std::transform(vector.values, vector.values + count, numbers_.begin(), ordered<T>);
    return {.numbers = numbers_.data(), .nulls = vector.nulls};
  }

 private:
  NumberVectors<T> values_;
  std::vector<std::uint64_t> numbers_;
};

class IdKeys final : public KeyReader {
 public:
  explicit IdKeys(IdVectors ids) : ids_(std::move(ids)) {}
  KeyVector read(std::uint32_t first, std::uint32_t count) override { return {.ids = ids_.read(first, count)}; }

 private:
  IdVectors ids_;
};

class ListKeys final : public KeyReader {
 public:
  explicit ListKeys(ListVectors lists) : lists_(std::move(lists)) {}
  KeyVector read(std::uint32_t first, std::uint32_t count) override {
    const storage::StringReader::Lists lists = lists_.read(first, count);
    return {.ids = lists.ids, .offsets = lists.offsets};
  }

 private:
  ListVectors lists_;
};

class StructuredKeys final : public KeyReader {
 public:
  StructuredKeys(const SourceRows& source, const storage::Column* column) : source_(source), values_(column) {}

  KeyVector read(std::uint32_t first, std::uint32_t count) override {
    texts_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) texts_[i] = structured_key(values_.read(source_.row(first + i)));
    return {.texts = texts_.data()};
  }

 private:
  const SourceRows& source_;
  StructuredValues values_;
  std::vector<std::string> texts_;
};

}  // namespace

std::unique_ptr<KeyReader> make_key_reader(const SortPlan& plan, std::size_t sort_column, const SourceRows& source,
                                           std::size_t source_number) {
  const SortColumn& sort = plan.columns[sort_column];
  if (sort.column == nullptr) return std::make_unique<TimeKeys>(plan.time, source);
  const storage::Column* column = sort.column->columns[source_number];
  switch (sort.column->kind) {
    case MergedKind::kLong:
      return std::make_unique<NumberKeys<std::int64_t>>(source, column);
    case MergedKind::kFloat:
      return std::make_unique<NumberKeys<float>>(source, column);
    case MergedKind::kDouble:
      return std::make_unique<NumberKeys<double>>(source, column);
    case MergedKind::kStructured:
      return std::make_unique<StructuredKeys>(source, column);
    default:
      break;
  }
  const std::span<const std::uint32_t> new_ids = sort.dictionary->new_ids(source_number);
  if (sort.kind == KeyKind::kIds) return std::make_unique<ListKeys>(ListVectors(source, column, new_ids));
  return std::make_unique<IdKeys>(IdVectors(source, column, new_ids));
}

}  // namespace sarsen::ingest
