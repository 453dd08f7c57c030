// columnComparison: several columns have a value in common, compared as text, pair by pair. Null equals null. No index
// can help.

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/filter/filter.h"
#include "engine/group/dimension.h"
#include "engine/result/value_cast.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

/// Texts as numbers that are equal where the texts are; 0 is null.
class TextNumbers {
 public:
  std::uint32_t number_of(const std::optional<std::string>& text) {
    if (!text) return 0;
    return numbers_.try_emplace(*text, static_cast<std::uint32_t>(numbers_.size() + 1)).first->second;
  }

 private:
  boost::unordered_flat_map<std::string, std::uint32_t> numbers_;
};

/// One column, with the number of the text of each of its ids.
class ComparedColumn {
 public:
  ComparedColumn(std::unique_ptr<DimensionReader> reader, TextNumbers& texts)
      : reader_(std::move(reader)), texts_(texts) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    if (reader_->multiple_values()) {
      lists_ = reader_->read_lists(begin, size);
    } else {
      ids_ = reader_->read_ids(begin, size);
    }
  }

  /// Calls visit(number) for each value of the row until it returns true.
  template <class Visit>
  bool any_of(std::uint32_t row, Visit visit) {
    if (!reader_->multiple_values()) return visit(number_of(ids_[row]));
    const std::uint32_t begin = lists_.offsets[row];
    const std::uint32_t end = lists_.offsets[row + 1];
    if (begin == end) return visit(std::uint32_t{0});
    return std::any_of(lists_.ids + begin, lists_.ids + end, [&](std::uint32_t id) { return visit(number_of(id)); });
  }

 private:
  static constexpr std::uint32_t kUnknown = UINT32_MAX;

  std::uint32_t number_of(std::uint32_t id) {
    if (id >= numbers_.size()) numbers_.resize(std::size_t{id} + 1, kUnknown);
    if (numbers_[id] == kUnknown) numbers_[id] = texts_.number_of(value_text(reader_->value(id)));
    return numbers_[id];
  }

  std::unique_ptr<DimensionReader> reader_;
  TextNumbers& texts_;
  std::vector<std::uint32_t> numbers_;  // by id
  const std::uint32_t* ids_ = nullptr;
  storage::StringReader::Lists lists_{};
};

class ComparisonMatcher final : public FilterMatcher {
 public:
  ComparisonMatcher(const std::vector<DimensionSpec>& dimensions, ColumnSources& columns) {
    for (const DimensionSpec& spec : dimensions) columns_.emplace_back(bind_dimension(spec, columns), texts_);
  }

  void match(std::uint32_t begin, std::uint32_t size, bool, std::uint64_t* mask) override {
    for (ComparedColumn& column : columns_) column.read(begin, size);
    std::fill_n(mask, mask_words(size), 0);
    for (std::uint32_t row = 0; row < size; ++row) mask[row / 64] |= std::uint64_t{all_overlap(row)} << (row % 64);
  }

 private:
  bool all_overlap(std::uint32_t row) {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      for (std::size_t j = i + 1; j < columns_.size(); ++j)
        if (!overlap(columns_[i], columns_[j], row)) return false;
    return true;
  }

  static bool overlap(ComparedColumn& left, ComparedColumn& right, std::uint32_t row) {
    return left.any_of(row, [&](std::uint32_t number) {
      return right.any_of(row, [number](std::uint32_t other) { return number == other; });
    });
  }

  TextNumbers texts_;
  std::vector<ComparedColumn> columns_;
};

class ColumnComparison final : public Filter {
 public:
  explicit ColumnComparison(std::vector<DimensionSpec> dimensions) : dimensions_(std::move(dimensions)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse&) const override {
    return std::make_unique<ComparisonMatcher>(dimensions_, columns);
  }

 private:
  std::vector<DimensionSpec> dimensions_;
};

FilterPtr parse_column_comparison(const JsonField& json) {
  const JsonField list = json["dimensions"];
  std::vector<DimensionSpec> dimensions;
  for (const JsonField& element : list.elements()) dimensions.push_back(parse_dimension(element));
  if (dimensions.size() < 2) list.fail("needs at least 2 dimensions");
  return std::make_shared<ColumnComparison>(std::move(dimensions));
}

}  // namespace

void register_column_comparison(FilterRegistry& registry) {
  registry.add({.type = "columnComparison",
                .parse = parse_column_comparison,
                .doc = "All of `dimensions` have a value in common, pair by pair."});
}

}  // namespace sarsen::engine
