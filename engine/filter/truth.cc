// istrue and isfalse: what is known about another filter. They are never unknown themselves.

#include "engine/filter/filter.h"
#include "engine/filter/logical.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

/// kTrue: rows of which the field is true. Else rows of which it is false, that is neither true nor unknown.
template <bool kTrue>
class TruthMatcher final : public FilterMatcher {
 public:
  TruthMatcher(std::unique_ptr<FilterMatcher> field, std::uint32_t row_count)
      : field_(std::move(field)), row_count_(row_count) {}

  void match(std::uint32_t begin, std::uint32_t size, bool, std::uint64_t* mask) override {
    field_->match(begin, size, !kTrue, mask);
    if constexpr (!kTrue) invert_mask(mask, size);
  }

  std::optional<std::uint64_t> index_cost(bool) const override { return field_->index_cost(!kTrue); }

  bool has_index_in_druid() const override { return field_->has_index_in_druid(); }

  void index_rows(bool, std::span<std::uint64_t> rows) const override {
    field_->index_rows(!kTrue, rows);
    if constexpr (!kTrue) invert_mask(rows.data(), row_count_);
  }

 private:
  std::unique_ptr<FilterMatcher> field_;
  std::uint32_t row_count_;
};

template <bool kTrue>
class Truth final : public Filter {
 public:
  explicit Truth(FilterPtr field) : field_(std::move(field)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    return std::make_unique<TruthMatcher<kTrue>>(bind_turned(*field_, columns, use), use.row_count);
  }

 private:
  FilterPtr field_;
};

template <bool kTrue>
FilterPtr parse_truth(const JsonField& json) {
  const JsonField field = json["field"];
  if (!field.present()) field.fail("is required: a filter");
  return std::make_shared<Truth<kTrue>>(parse_filter(field));
}

}  // namespace

void register_truth(FilterRegistry& registry) {
  registry.add({.type = "istrue", .parse = parse_truth<true>, .doc = "`field` is true, not false or unknown."});
  registry.add({.type = "isfalse", .parse = parse_truth<false>, .doc = "`field` is false, not true or unknown."});
}

}  // namespace sarsen::engine
