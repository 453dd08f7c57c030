// equals: the column has one value of a given type; the value is cast to the type of the column, and nothing matches
// where that is not exact.

#include "engine/filter/equals.h"

#include <cmath>

#include "engine/filter/leaf_matcher.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

using storage::ValueType;

class Equals final : public Filter {
 public:
  Equals(std::string column, Value value) : column_(std::move(column)), value_(std::move(value)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    const std::optional<ColumnKind> kind = columns.kind(column_);
    if (kind && (kind->type == ValueType::kVariant || kind->type == ValueType::kComplex))
      return match_other(columns, *kind);
    return bind_leaf(
        columns, column_, use, NullAnswer::kUnknown, [&](StringSource& source) { return match_string(source); },
        [&]<class T>(NumericSource<T>& source) {
          return match_values(source, wanted_number<T>(), NullAnswer::kUnknown);
        });
  }

 private:
  /// Text is compared as the number that it holds where the match value is a number: "007" equals 7.
  std::unique_ptr<FilterMatcher> match_string(StringSource& source) const {
    if (const auto* whole = std::get_if<std::int64_t>(&value_))
      return match_answers(
          source, unknown_if_null([whole = *whole](std::string_view text) { return exact_long(text) == whole; }));
    if (const auto* number = std::get_if<double>(&value_))
      return match_answers(source, unknown_if_null([number = *number](std::string_view text) {
                             return try_parse_double(text).value_or(std::nan("")) == number;
                           }));
    const std::optional<Value> cast = cast_for_equality(value_, {.type = ValueType::kString});
    const std::optional<std::string> text = cast ? match_text(*cast) : std::nullopt;
    IdSet ids(source.dictionary().size());
    if (text)
      if (const auto id = source.dictionary().find(*text)) ids.add(*id);
    return match_ids(source, std::move(ids), unknown_if_null([text](std::string_view value) { return value == text; }));
  }

  template <class T>
  std::vector<T> wanted_number() const {
    const ValueType type = std::is_same_v<T, std::int64_t> ? ValueType::kLong : ValueType::kDouble;
    const std::optional<Value> cast = cast_for_equality(value_, {.type = type});
    if (!cast) return {};
    if constexpr (std::is_same_v<T, std::int64_t>) {
      return {std::get<std::int64_t>(*cast)};
    } else {
      return {static_cast<T>(std::get<double>(*cast))};
    }
  }

  /// Arrays, columns of several types, and JSON: each row's value with what the match value is in the column's type.
  /// A single value is no array, not even one of one element.
  std::unique_ptr<FilterMatcher> match_other(ColumnSources& columns, const ColumnKind& kind) const {
    const std::optional<MatchType> type = match_type_of(kind);
    const bool scalar_for_array = type && type->array && !std::holds_alternative<List>(value_);
    const std::optional<Value> wanted = scalar_for_array ? std::nullopt
                                        : type           ? cast_for_equality(value_, *type)
                                                         : std::optional(value_);
    return match_each_value(columns, column_, [wanted, type](const ValueView& view) {
      const Value value = value_of_view(view);
      if (is_null(value)) return Answer::kUnknown;
      if (!wanted) return Answer::kFalse;
      return answer_of(equal_values(type ? converted(value, *type) : value, *wanted));
    });
  }

  std::string column_;
  Value value_;
};

FilterPtr parse_equals(const JsonField& json) {
  const std::string column = json["column"].string();
  const MatchType type = parse_match_type(json["matchValueType"]);
  const JsonField match_value = json["matchValue"];
  Value value = match_value.present() ? typed_value(match_value.json(), type) : Value();
  if (is_null(value)) match_value.fail("Invalid equality filter on column [" + column + "], matchValue cannot be null");
  return make_equals(column, std::move(value));
}

}  // namespace

FilterPtr make_equals(std::string column, Value value) {
  return std::make_shared<Equals>(std::move(column), std::move(value));
}

void register_equals(FilterRegistry& registry) {
  registry.add({.type = "equals", .parse = parse_equals, .doc = "`column` is `matchValue`, a `matchValueType`."});
}

}  // namespace sarsen::engine
