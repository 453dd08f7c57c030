// null: the column has no value.

#include "engine/filter/is_null.h"
#include "engine/filter/leaf_matcher.h"

namespace sarsen::engine {
namespace {

/// Stored numbers have an index of their nulls in Druid; here they are looked at vector by vector.
class NumberIsNull final : public FilterMatcher {
 public:
  NumberIsNull(std::unique_ptr<FilterMatcher> matcher, bool stored) : matcher_(std::move(matcher)), stored_(stored) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    matcher_->match(begin, size, include_unknown, mask);
  }
  bool has_index_in_druid() const override { return stored_; }

 private:
  std::unique_ptr<FilterMatcher> matcher_;
  bool stored_;
};

class IsNull final : public Filter {
 public:
  explicit IsNull(std::string column) : column_(std::move(column)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    const std::optional<ColumnKind> kind = columns.kind(column_);
    if (kind && (kind->type == storage::ValueType::kVariant || kind->type == storage::ValueType::kComplex))
      return match_each_value(columns, column_, [](const ValueView& value) {
        return answer_of(std::holds_alternative<std::monostate>(value));
      });
    return bind_leaf(
        columns, column_, use, NullAnswer::kTrue,
        [](StringSource& source) {
          return match_ids(source, IdSet(source.dictionary().size()),
                           [](std::optional<std::string_view> value) { return answer_of(!value); });
        },
        [&]<class T>(NumericSource<T>& source) -> std::unique_ptr<FilterMatcher> {
          const bool stored = columns.stored(column_) != nullptr && column_ != "__time";
          return std::make_unique<NumberIsNull>(match_values(source, std::vector<T>{}, NullAnswer::kTrue), stored);
        });
  }

 private:
  std::string column_;
};

FilterPtr parse_null(const JsonField& json) { return make_is_null(json["column"].string()); }

}  // namespace

FilterPtr make_is_null(std::string column) { return std::make_shared<IsNull>(std::move(column)); }

void register_null(FilterRegistry& registry) {
  registry.add({.type = "null", .parse = parse_null, .doc = "`column` is null."});
}

}  // namespace sarsen::engine
