// in: the column has one of some values; null may be one of them.

#include <algorithm>

#include "engine/filter/leaf_matcher.h"
#include "engine/query/query.h"

namespace sarsen::engine {
namespace {

class In final : public Filter {
 public:
  In(std::string dimension, std::vector<std::string> values, bool with_null)
      : dimension_(std::move(dimension)), values_(std::move(values)), with_null_(with_null) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    // Nothing is in an empty list, null rows included.
    if (values_.empty() && !with_null_ && !use.in_aggregator) return match_constant(false, use.row_count);
    return bind_leaf(
        columns, dimension_, use, null_answer(), [&](StringSource& source) { return match_string(source); },
        [&](auto& source) { return match_number(source); });
  }

 private:
  NullAnswer null_answer() const noexcept { return with_null_ ? NullAnswer::kTrue : NullAnswer::kUnknown; }

  std::unique_ptr<FilterMatcher> match_string(StringSource& source) const {
    const storage::Dictionary& dictionary = source.dictionary();
    IdSet ids(dictionary.size());
    for (const std::string& value : values_)
      if (const auto id = dictionary.find(value)) ids.add(*id);
    if (with_null_)
      if (const auto id = dictionary.find(std::nullopt)) ids.add(*id);
    return match_ids(source, std::move(ids), null_answer());
  }

  /// Values that are no number of the column's type are left out, as in Druid.
  template <class T>
  std::unique_ptr<FilterMatcher> match_number(NumericSource<T>& source) const {
    std::vector<T> numbers;
    for (const std::string& value : values_)
      if (const std::optional<T> number = number_of_text<T>(value)) numbers.push_back(*number);
    return match_values(source, std::move(numbers), null_answer());
  }

  std::string dimension_;
  std::vector<std::string> values_;
  bool with_null_;
};

FilterPtr parse_in(const JsonField& json) {
  refuse_present(json["extractionFn"], "extraction functions are");
  const JsonField list = json["values"];
  if (!list.present()) list.fail("values cannot be null");
  std::vector<std::string> values;
  bool with_null = false;
  for (const JsonField& element : list.elements()) {
    if (element.present()) {
      values.push_back(element.string());
    } else {
      with_null = true;
    }
  }
  return std::make_shared<In>(json["dimension"].string(), std::move(values), with_null);
}

}  // namespace

void register_in(FilterRegistry& registry) {
  registry.add({.type = "in", .parse = parse_in, .doc = "`dimension` is one of `values`."});
}

}  // namespace sarsen::engine
