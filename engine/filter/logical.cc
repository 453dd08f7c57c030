// and, or, not: masks combined vector by vector, or whole bitmaps where every field has an index.

#include "engine/filter/logical.h"

#include <algorithm>
#include <array>

#include "engine/filter/constant.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {
namespace {

using Matchers = std::vector<std::unique_ptr<FilterMatcher>>;
using VectorMask = std::array<std::uint64_t, kVectorWords>;

/// The cost of deciding all fields by index.
std::optional<std::uint64_t> cost_of_all(const Matchers& fields, bool include_unknown) {
  std::uint64_t total = 0;
  for (const auto& field : fields) {
    const std::optional<std::uint64_t> cost = field->index_cost(include_unknown);
    if (!cost) return std::nullopt;
    total += *cost;
  }
  return total;
}

bool all_have_index_in_druid(const Matchers& fields) {
  return std::all_of(fields.begin(), fields.end(), [](const auto& field) { return field->has_index_in_druid(); });
}

class FieldsMatcher : public FilterMatcher {
 public:
  explicit FieldsMatcher(Matchers fields) : fields_(std::move(fields)) {}

  const Matchers& fields() const noexcept { return fields_; }
  bool has_index_in_druid() const override { return all_have_index_in_druid(fields_); }

 protected:
  Matchers fields_;
};

/// Whether only some of what it is made of has an index in Druid.
bool mixes_indexes(const FilterMatcher& matcher) {
  const auto* several = dynamic_cast<const FieldsMatcher*>(&matcher);
  if (several == nullptr || several->has_index_in_druid()) return false;
  return std::any_of(several->fields().begin(), several->fields().end(),
                     [](const auto& field) { return field->has_index_in_druid() || mixes_indexes(*field); });
}

class AndMatcher final : public FieldsMatcher {
 public:
  using FieldsMatcher::FieldsMatcher;

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    const std::size_t words = mask_words(size);
    fields_[0]->match(begin, size, include_unknown, mask);
    VectorMask other;
    for (std::size_t i = 1; i < fields_.size() && !mask_is_empty(mask, words); ++i) {
      fields_[i]->match(begin, size, include_unknown, other.data());
      kernels::mask_and(mask, other.data(), words);
    }
  }

  std::optional<std::uint64_t> index_cost(bool include_unknown) const override {
    return cost_of_all(fields_, include_unknown);
  }

  void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const override {
    fields_[0]->index_rows(include_unknown, rows);
    std::vector<std::uint64_t> other(rows.size());
    for (std::size_t i = 1; i < fields_.size(); ++i) {
      std::fill(other.begin(), other.end(), 0);
      fields_[i]->index_rows(include_unknown, other);
      kernels::mask_and(rows.data(), other.data(), rows.size());
    }
  }

  std::span<const std::unique_ptr<FilterMatcher>> conjuncts() const override { return fields_; }
};

class OrMatcher final : public FieldsMatcher {
 public:
  using FieldsMatcher::FieldsMatcher;

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    fields_[0]->match(begin, size, include_unknown, mask);
    VectorMask other;
    for (std::size_t i = 1; i < fields_.size(); ++i) {
      fields_[i]->match(begin, size, include_unknown, other.data());
      kernels::mask_or(mask, other.data(), mask_words(size));
    }
  }

  std::optional<std::uint64_t> index_cost(bool include_unknown) const override {
    return cost_of_all(fields_, include_unknown);
  }

  void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const override {
    std::vector<std::uint64_t> other(rows.size());
    for (const auto& field : fields_) {  // Not straight into `rows`: a `not` inside complements what it finds there.
      std::fill(other.begin(), other.end(), 0);
      field->index_rows(include_unknown, other);
      kernels::mask_or(rows.data(), other.data(), rows.size());
    }
  }
};

class NotMatcher final : public FilterMatcher {
 public:
  NotMatcher(std::unique_ptr<FilterMatcher> field, std::uint32_t row_count)
      : field_(std::move(field)), row_count_(row_count) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    field_->match(begin, size, !include_unknown, mask);
    invert_mask(mask, size);
  }

  std::optional<std::uint64_t> index_cost(bool include_unknown) const override {
    return field_->index_cost(!include_unknown);
  }
  bool has_index_in_druid() const override { return field_->has_index_in_druid(); }

  void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const override {
    field_->index_rows(!include_unknown, rows);
    invert_mask(rows.data(), row_count_);
  }

 private:
  std::unique_ptr<FilterMatcher> field_;
  std::uint32_t row_count_;
};

template <class Matcher>
class Junction final : public Filter {
 public:
  explicit Junction(std::vector<FilterPtr> fields) : fields_(std::move(fields)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    if (fields_.size() == 1) return fields_[0]->bind(columns, use);
    Matchers matchers;
    for (const FilterPtr& field : fields_) matchers.push_back(field->bind(columns, use));
    return std::make_unique<Matcher>(std::move(matchers));
  }

  const std::vector<FilterPtr>& fields() const noexcept { return fields_; }

 private:
  std::vector<FilterPtr> fields_;
};

class Not final : public Filter {
 public:
  explicit Not(FilterPtr field) : field_(std::move(field)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    return std::make_unique<NotMatcher>(bind_turned(*field_, columns, use), use.row_count);
  }

 private:
  FilterPtr field_;
};

std::vector<FilterPtr> parse_fields(const JsonField& json) {
  const JsonField list = json["fields"];
  std::vector<FilterPtr> fields;
  for (const JsonField& element : list.elements())
    if (element.present()) fields.push_back(parse_filter(element));  // Druid drops null entries
  if (fields.empty()) list.fail("needs at least one filter");
  return fields;
}

/// `decisive`: the constant that settles the whole, false of `and` and true of `or`. The other one is left out.
template <class Matcher>
FilterPtr join(std::vector<FilterPtr> fields, bool decisive) {
  for (const FilterPtr& field : fields)
    if (constant_answer(*field) == decisive) return field;
  std::erase_if(fields, [](const FilterPtr& field) { return constant_answer(*field).has_value(); });
  if (fields.empty()) return make_constant(!decisive);
  if (fields.size() == 1) return fields[0];
  return std::make_shared<Junction<Matcher>>(std::move(fields));
}

FilterPtr parse_and(const JsonField& json) { return join<AndMatcher>(parse_fields(json), false); }
FilterPtr parse_or(const JsonField& json) { return join<OrMatcher>(parse_fields(json), true); }

FilterPtr parse_not(const JsonField& json) {
  FilterPtr field = parse_filter(json["field"]);
  if (const std::optional<bool> answer = constant_answer(*field)) return make_constant(!*answer);
  return std::make_shared<Not>(std::move(field));
}

}  // namespace

std::unique_ptr<FilterMatcher> bind_turned(const Filter& field, ColumnSources& columns, const FilterUse& use) {
  std::unique_ptr<FilterMatcher> matcher = field.bind(columns, use);
  if (use.by_row || !mixes_indexes(*matcher)) return matcher;
  return field.bind(columns, {.row_count = use.row_count, .by_row = true});
}

FilterPtr both(FilterPtr left, FilterPtr right) {
  if (left == nullptr) return right;
  if (right == nullptr) return left;
  return std::make_shared<Junction<AndMatcher>>(std::vector<FilterPtr>{std::move(left), std::move(right)});
}

FilterPtr make_or(std::vector<FilterPtr> fields) { return std::make_shared<Junction<OrMatcher>>(std::move(fields)); }

std::vector<FilterPtr> conjuncts_of(const FilterPtr& filter) {
  const auto* junction = dynamic_cast<const Junction<AndMatcher>*>(filter.get());
  if (junction == nullptr) return {filter};
  std::vector<FilterPtr> conjuncts;
  for (const FilterPtr& field : junction->fields())
    for (FilterPtr& conjunct : conjuncts_of(field)) conjuncts.push_back(std::move(conjunct));
  return conjuncts;
}

void register_logical(FilterRegistry& registry) {
  registry.add({.type = "and", .parse = parse_and, .doc = "All of `fields` match."});
  registry.add({.type = "or", .parse = parse_or, .doc = "One of `fields` matches."});
  registry.add({.type = "not", .parse = parse_not, .doc = "`field` does not match; unknown stays unknown."});
}

}  // namespace sarsen::engine
