// true and false.

#include "engine/filter/leaf_matcher.h"

namespace sarsen::engine {
namespace {

class Constant final : public Filter {
 public:
  explicit Constant(bool answer) : answer_(answer) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources&, const FilterUse& use) const override {
    return match_constant(answer_, use.row_count);
  }

 private:
  bool answer_;
};

template <bool kAnswer>
FilterPtr parse_constant(const JsonField&) {
  return std::make_shared<Constant>(kAnswer);
}

}  // namespace

void register_constant(FilterRegistry& registry) {
  registry.add({.type = "true", .parse = parse_constant<true>, .doc = "Every row."});
  registry.add({.type = "false", .parse = parse_constant<false>, .doc = "No row."});
}

}  // namespace sarsen::engine
