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

/// One column, with the number of the text of each of its ids. `reader` nullptr: every row is null.
class ComparedColumn {
 public:
  ComparedColumn(std::unique_ptr<DimensionReader> reader, TextNumbers& texts)
      : reader_(std::move(reader)), texts_(texts) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    if (reader_ == nullptr) return;
    if (reader_->multiple_values()) {
      lists_ = reader_->read_lists(begin, size);
    } else {
      ids_ = reader_->read_ids(begin, size);
    }
  }

  /// An array without elements, which has nothing in common but with another.
  bool empty(std::uint32_t row) {
    if (reader_ == nullptr || reader_->multiple_values()) return false;
    const std::uint32_t number = number_of(ids_[row]);
    return is_array(number) && arrays_[number - kFirstArray].empty();
  }

  /// Calls visit(number) for each value of the row, or of its array, until it returns true.
  template <class Visit>
  bool any_of(std::uint32_t row, Visit visit) {
    if (reader_ == nullptr) return visit(std::uint32_t{0});
    if (!reader_->multiple_values()) {
      const std::uint32_t number = number_of(ids_[row]);
      if (!is_array(number)) return visit(number);
      const std::vector<std::uint32_t>& array = arrays_[number - kFirstArray];
      return std::any_of(array.begin(), array.end(), visit);
    }
    const std::uint32_t begin = lists_.offsets[row];
    const std::uint32_t end = lists_.offsets[row + 1];
    if (begin == end) return visit(std::uint32_t{0});
    return std::any_of(lists_.ids + begin, lists_.ids + end, [&](std::uint32_t id) { return visit(number_of(id)); });
  }

 private:
  static constexpr std::uint32_t kUnknown = UINT32_MAX;
  static constexpr std::uint32_t kFirstArray = std::uint32_t{1} << 31;  // from here on: arrays_

  static bool is_array(std::uint32_t number) noexcept { return number >= kFirstArray; }

  std::uint32_t number_of(std::uint32_t id) {
    if (id >= numbers_.size()) numbers_.resize(std::size_t{id} + 1, kUnknown);
    if (numbers_[id] == kUnknown) numbers_[id] = number_of(reader_->value(id));
    return numbers_[id];
  }

  std::uint32_t number_of(const Value& value) {
    const auto* list = std::get_if<List>(&value);
    if (list == nullptr) return texts_.number_of(value_text(value));
    std::vector<std::uint32_t>& array = arrays_.emplace_back();
    for (const Value& element : list->elements()) array.push_back(texts_.number_of(value_text(element)));
    return kFirstArray + static_cast<std::uint32_t>(arrays_.size() - 1);
  }

  std::unique_ptr<DimensionReader> reader_;
  TextNumbers& texts_;
  std::vector<std::uint32_t> numbers_;              // by id
  std::vector<std::vector<std::uint32_t>> arrays_;  // of numbers of texts
  const std::uint32_t* ids_ = nullptr;
  storage::StringReader::Lists lists_{};
};

class ComparisonMatcher final : public FilterMatcher {
 public:
  ComparisonMatcher(const std::vector<DimensionSpec>& dimensions, ColumnSources& columns) {
    for (const DimensionSpec& spec : dimensions) columns_.emplace_back(bind(spec, columns), texts_);
  }

  void match(std::uint32_t begin, std::uint32_t size, bool, std::uint64_t* mask) override {
    for (ComparedColumn& column : columns_) column.read(begin, size);
    std::fill_n(mask, mask_words(size), 0);
    for (std::uint32_t row = 0; row < size; ++row) mask[row / 64] |= std::uint64_t{all_overlap(row)} << (row % 64);
  }

 private:
  /// Arrays as they are; nullptr for what is complex, which counts as null.
  static std::unique_ptr<DimensionReader> bind(DimensionSpec spec, ColumnSources& columns) {
    const std::optional<ColumnKind> kind = columns.kind(spec.dimension);
    if (kind && kind->type == storage::ValueType::kComplex) return nullptr;
    const bool plain = spec.function == nullptr && spec.filters.empty();
    if (kind && kind->type == storage::ValueType::kVariant && plain) spec.array_type = kind->type_name();
    return bind_dimension(spec, columns);
  }

  bool all_overlap(std::uint32_t row) {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      for (std::size_t j = i + 1; j < columns_.size(); ++j)
        if (!overlap(columns_[i], columns_[j], row)) return false;
    return true;
  }

  static bool overlap(ComparedColumn& left, ComparedColumn& right, std::uint32_t row) {
    if (left.empty(row) && right.empty(row)) return true;
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
