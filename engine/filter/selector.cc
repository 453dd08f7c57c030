// selector: the column has one value, or is null.

#include "engine/filter/leaf_matcher.h"
#include "engine/query/query.h"

namespace sarsen::engine {
namespace {

class Selector final : public Filter {
 public:
  Selector(std::string dimension, std::optional<std::string> value)
      : dimension_(std::move(dimension)), value_(std::move(value)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    return bind_leaf(
        columns, dimension_, use, null_answer(), [&](StringSource& source) { return match_string(source); },
        [&](auto& source) { return match_number(source); });
  }

 private:
  NullAnswer null_answer() const noexcept { return value_ ? NullAnswer::kUnknown : NullAnswer::kTrue; }

  std::unique_ptr<FilterMatcher> match_string(StringSource& source) const {
    IdSet ids(source.dictionary().size());
    if (const auto id = source.dictionary().find(value_ ? std::optional<std::string_view>(*value_) : std::nullopt))
      ids.add(*id);
    return match_ids(source, std::move(ids), null_answer());
  }

  template <class T>
  std::unique_ptr<FilterMatcher> match_number(NumericSource<T>& source) const {
    const std::optional<T> number = value_ ? number_of_text<T>(*value_) : std::nullopt;
    return match_values(source, number ? std::vector<T>{*number} : std::vector<T>{}, null_answer());
  }

  std::string dimension_;
  std::optional<std::string> value_;
};

FilterPtr parse_selector(const JsonField& json) {
  refuse_present(json["extractionFn"], "extraction functions are");
  return std::make_shared<Selector>(json["dimension"].string(), json["value"].optional_string());
}

}  // namespace

void register_selector(FilterRegistry& registry) {
  registry.add({.type = "selector", .parse = parse_selector, .doc = "`dimension` is `value`; no value: it is null."});
}

}  // namespace sarsen::engine
