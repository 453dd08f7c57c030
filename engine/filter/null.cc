// null: the column has no value. Never unknown.

#include "engine/filter/leaf_matcher.h"

namespace sarsen::engine {
namespace {

class IsNull final : public Filter {
 public:
  explicit IsNull(std::string column) : column_(std::move(column)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    return bind_leaf(
        columns, column_, use, NullAnswer::kTrue,
        [](StringSource& source) {
          return match_strings(source, [](std::string_view) { return false; }, NullAnswer::kTrue);
        },
        []<class T>(NumericSource<T>& source) { return match_values(source, std::vector<T>{}, NullAnswer::kTrue); });
  }

 private:
  std::string column_;
};

FilterPtr parse_null(const JsonField& json) { return std::make_shared<IsNull>(json["column"].string()); }

}  // namespace

void register_null(FilterRegistry& registry) {
  registry.add({.type = "null", .parse = parse_null, .doc = "`column` is null."});
}

}  // namespace sarsen::engine
