// in: the column has one of some values; null may be one of them.

#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>

#include "engine/filter/leaf_matcher.h"

namespace sarsen::engine {
namespace {

/// Finds views without making strings of them.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

class In final : public Filter {
 public:
  using Values = boost::unordered_flat_set<std::string, TextHash, std::equal_to<>>;

  In(std::string dimension, Values values, bool with_null, ExtractionPtr function)
      : dimension_(std::move(dimension)),
        values_(std::make_shared<const Values>(std::move(values))),
        with_null_(with_null),
        function_(std::move(function)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    // Nothing is in an empty list, null rows included.
    if (values_->empty() && !with_null_ && !use.by_row) return match_constant(false, use.row_count);
    if (function_ != nullptr)
      return bind_text_leaf(columns, dimension_, use, function_, test(), nullptr, null_number_answer(use));
    return bind_leaf(
        columns, dimension_, use, null_answer(), [&](StringSource& source) { return match_string(source); },
        [&](auto& source) { return match_number(source); });
  }

 private:
  NullAnswer null_answer() const noexcept { return with_null_ ? NullAnswer::kTrue : NullAnswer::kUnknown; }

  /// Druid does not ask the function of null numbers, unless the list is of one value, which makes it a selector.
  std::optional<NullAnswer> null_number_answer(const FilterUse& use) const {
    const bool single = values_->size() + (with_null_ ? 1 : 0) == 1 && !use.by_row;
    return single ? std::nullopt : std::optional(NullAnswer::kUnknown);
  }

  TextTest test() const {
    return [values = values_, null_answer = null_answer()](std::optional<std::string_view> text) {
      return text ? answer_of(values->contains(*text)) : null_answer;
    };
  }

  std::unique_ptr<FilterMatcher> match_string(StringSource& source) const {
    const storage::Dictionary& dictionary = source.dictionary();
    IdSet ids(dictionary.size());
    for (const std::string& value : *values_)
      if (const auto id = dictionary.find(value)) ids.add(*id);
    return match_ids(source, std::move(ids), test());
  }

  /// Values that are no number of the column's type are left out, as in Druid.
  template <class T>
  std::unique_ptr<FilterMatcher> match_number(NumericSource<T>& source) const {
    std::vector<T> numbers;
    for (const std::string& value : *values_)
      if (const std::optional<T> number = number_of_text<T>(value)) numbers.push_back(*number);
    return match_values(source, std::move(numbers), null_answer());
  }

  std::string dimension_;
  std::shared_ptr<const Values> values_;
  bool with_null_;
  ExtractionPtr function_;
};

FilterPtr parse_in(const JsonField& json) {
  const JsonField list = json["values"];
  if (!list.present()) list.fail("values cannot be null");
  In::Values values;
  bool with_null = false;
  for (const JsonField& element : list.elements()) {
    if (element.present()) {
      values.insert(element.string());
    } else {
      with_null = true;
    }
  }
  return std::make_shared<In>(json["dimension"].string(), std::move(values), with_null,
                              parse_optional_extraction(json["extractionFn"]));
}

}  // namespace

void register_in(FilterRegistry& registry) {
  registry.add({.type = "in", .parse = parse_in, .doc = "`dimension` is one of `values`."});
}

}  // namespace sarsen::engine
