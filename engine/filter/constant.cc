#include "engine/filter/constant.h"

#include "engine/filter/leaf_matcher.h"

namespace sarsen::engine {
namespace {

class Constant final : public Filter {
 public:
  explicit Constant(bool answer) : answer_(answer) {}
  bool answer() const noexcept { return answer_; }

  std::unique_ptr<FilterMatcher> bind(ColumnSources&, const FilterUse& use) const override {
    return match_constant(answer_, use.row_count);
  }

 private:
  bool answer_;
};

template <bool kAnswer>
FilterPtr parse_constant(const JsonField&) {
  return make_constant(kAnswer);
}

}  // namespace

FilterPtr make_constant(bool answer) { return std::make_shared<Constant>(answer); }

std::optional<bool> constant_answer(const Filter& filter) {
  const auto* constant = dynamic_cast<const Constant*>(&filter);
  return constant == nullptr ? std::nullopt : std::optional<bool>(constant->answer());
}

void register_constant(FilterRegistry& registry) {
  registry.add({.type = "true", .parse = parse_constant<true>, .doc = "Every row."});
  registry.add({.type = "false", .parse = parse_constant<false>, .doc = "No row."});
}

}  // namespace sarsen::engine
