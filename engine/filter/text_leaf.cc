// Leaves that test text, whatever the column holds, and with an extraction function or without.

#include "engine/filter/leaf_matcher.h"

namespace sarsen::engine {
namespace {

std::optional<std::string_view> view_of(const ExtractionFunction::Text& text) {
  return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

/// The test of what the function makes of the value.
TextTest after(const ExtractionPtr& function, TextTest test) {
  return [function, test = std::move(test)](std::optional<std::string_view> value) {
    return test(view_of(function->apply(value)));
  };
}

template <class T>
std::function<Answer(T)> number_test(const ExtractionPtr& function, TextTest test) {
  if (function == nullptr) return [test = std::move(test)](T value) { return test(text_of_number(value)); };
  return [function, test = std::move(test)](T value) { return test(view_of(function->apply(value))); };
}

}  // namespace

std::unique_ptr<FilterMatcher> bind_text_leaf(ColumnSources& columns, std::string_view column, const FilterUse& use,
                                              const ExtractionPtr& function, TextTest test,
                                              const DictionarySearch& search, std::optional<NullAnswer> null_number) {
  const TextTest whole = function == nullptr ? test : after(function, test);
  const Answer null_answer = whole(std::nullopt);
  return bind_leaf(
      columns, column, use, null_answer,
      [&](StringSource& source) {
        const storage::Dictionary& dictionary = source.dictionary();
        if (search != nullptr && function == nullptr && dictionary.sorted())
          if (std::optional<IdSet> found = search(dictionary)) return match_ids(source, std::move(*found), whole);
        return match_answers(source, whole);
      },
      [&]<class T>(NumericSource<T>& source) {
        return match_distinct<T>(source, number_test<T>(function, test), null_number.value_or(null_answer));
      });
}

TextTest unknown_if_null(std::function<bool(std::string_view)> predicate) {
  return [predicate = std::move(predicate)](std::optional<std::string_view> value) {
    return value ? answer_of(predicate(*value)) : Answer::kUnknown;
  };
}

}  // namespace sarsen::engine
