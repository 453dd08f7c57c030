// filtered: another aggregator, over the rows that a filter lets through. A wrapper, so that no aggregator needs a
// variant.

#include <algorithm>
#include <array>

#include "engine/aggregator/aggregator.h"
#include "engine/aggregator/unsent_estimate.h"
#include "engine/filter/filter_columns.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/raw_columns.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

class FilteredAggregator final : public Aggregator {
 public:
  FilteredAggregator(std::unique_ptr<FilterMatcher> filter, std::unique_ptr<Aggregator> aggregator)
      : filter_(std::move(filter)), aggregator_(std::move(aggregator)) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    filter_->match(begin, selection.size, false, mask_.data());
    if (selection.positions != nullptr) return fold_listed(state, begin, selection);
    const std::size_t words = mask_words(selection.size);
    if (selection.mask != nullptr) kernels::mask_and(mask_.data(), selection.mask, words);
    const auto count = static_cast<std::uint32_t>(kernels::mask_count(mask_.data(), words));
    if (count > 0) aggregator_->fold(state, begin, {.size = selection.size, .count = count, .mask = mask_.data()});
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    filter_->match(begin, selection.size, false, mask_.data());
    list(selection, groups);
    if (count_ > 0) aggregator_->fold_groups(states, stride, groups_.data(), begin, listed(selection));
  }

 private:
  void fold_listed(std::byte* state, std::uint32_t begin, const Selection& selection) {
    list(selection, nullptr);
    if (count_ > 0) aggregator_->fold(state, begin, listed(selection));
  }

  /// The selected rows that pass, and their groups: which these are is found without a branch.
  void list(const Selection& selection, const std::uint32_t* groups) {
    const std::size_t room = std::max<std::size_t>(mask_words(selection.size) * 64, selection.count) + 1;
    rows_.resize(std::max(rows_.size(), room));
    groups_.resize(rows_.size());
    if (selection.all()) return list_all(selection.size, groups);
    std::uint32_t* const rows = rows_.data();
    std::uint32_t* const passing = groups_.data();
    std::uint32_t count = 0;
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      rows[count] = row;
      passing[count] = groups != nullptr ? groups[i] : 0;
      count += mask_has(mask_.data(), row) ? 1 : 0;
    });
    count_ = count;
  }

  void list_all(std::uint32_t size, const std::uint32_t* groups) {
    count_ = static_cast<std::uint32_t>(kernels::mask_to_positions(mask_.data(), size, rows_.data()));
    if (groups == nullptr) return;
    for (std::uint32_t i = 0; i < count_; ++i) groups_[i] = groups[rows_[i]];
  }

  Selection listed(const Selection& selection) const noexcept {
    return {.size = selection.size, .count = count_, .mask = nullptr, .positions = rows_.data()};
  }

  std::unique_ptr<FilterMatcher> filter_;
  std::unique_ptr<Aggregator> aggregator_;
  std::array<std::uint64_t, kVectorWords> mask_;
  std::uint32_t count_ = 0;  // of the rows that pass
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint32_t> groups_;
};

class Filtered final : public AggregatorFactory, public UnsentEstimate {
 public:
  Filtered(std::string name, std::shared_ptr<const AggregatorFactory> inner, FilterPtr filter, Json json)
      : AggregatorFactory(std::move(name)),
        inner_(std::move(inner)),
        unsent_(dynamic_cast<const UnsentEstimate*>(inner_.get())),
        filter_(std::move(filter)),
        json_(std::move(json)) {}

  std::vector<std::string> required_columns() const override {
    std::vector<std::string> columns = inner_->required_columns();
    for (std::string& column : columns_of(*filter_)) columns.push_back(std::move(column));
    return columns;
  }
  std::size_t state_size() const noexcept override { return inner_->state_size(); }
  void init(std::byte* state) const noexcept override { inner_->init(state); }
  bool trivially_destroyed() const noexcept override { return inner_->trivially_destroyed(); }
  void destroy(std::byte* state) const noexcept override { inner_->destroy(state); }
  void merge(std::byte* into, const std::byte* from) const override { inner_->merge(into, from); }
  void merge_groups(std::byte* into, const std::uint32_t* groups, const std::byte* from, std::size_t stride,
                    std::uint32_t count) const override {
    inner_->merge_groups(into, groups, from, stride, count);
  }
  void take_groups(std::byte* into, const std::uint32_t* groups, std::byte* from, std::size_t stride,
                   std::uint32_t count) const override {
    inner_->take_groups(into, groups, from, stride, count);
  }
  void save(const std::byte* state, ByteWriter& out) const override { inner_->save(state, out); }
  void load(std::byte* state, ByteReader& in) const override { inner_->load(state, in); }
  void note_dimensions(std::byte* state, const std::vector<std::string>& names) const override {
    inner_->note_dimensions(state, names);
  }
  void merge_alone(std::byte* state) const override { inner_->merge_alone(state); }
  bool merges_associatively() const noexcept override { return inner_->merges_associatively(); }
  bool divides_segments() const noexcept override { return inner_->divides_segments(); }
  bool depends_on_order() const noexcept override { return inner_->depends_on_order(); }
  Value finalise(const std::byte* state) const override { return inner_->finalise(state); }
  Value finalise_unsent(const std::byte* state) const override {
    return unsent_ != nullptr ? unsent_->finalise_unsent(state) : inner_->finalise(state);
  }
  Value finalise_null() const override { return inner_->finalise_null(); }
  Value intermediate(const std::byte* state) const override { return inner_->intermediate(state); }
  Value stored(const std::byte* state) const override { return inner_->stored(state); }
  ColumnKind intermediate_kind() const override { return inner_->intermediate_kind(); }
  Value ordered_by(const std::byte* state) const override { return inner_->ordered_by(state); }
  int compare(const Value& left, const Value& right) const override { return inner_->compare(left, right); }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    // The filter is asked vector by vector, never by index: the number of rows does not matter.
    auto* raw = dynamic_cast<RawColumns*>(&columns);
    ColumnSources& filtered = raw != nullptr ? raw->text_columns() : columns;
    return std::make_unique<FilteredAggregator>(filter_->bind(filtered, {.by_row = true}), inner_->bind(columns));
  }

  /// The stored values have been filtered already. They are found under this name, which may differ from the inner
  /// one's.
  std::unique_ptr<AggregatorFactory> combining() const override { return inner_->combining(); }
  std::unique_ptr<AggregatorFactory> folding(const std::string& column) const override {
    return inner_->folding(column);
  }
  Json to_json() const override { return json_; }

 private:
  std::shared_ptr<const AggregatorFactory> inner_;
  const UnsentEstimate* unsent_;  // of `inner_`; nullptr: its value is the same
  FilterPtr filter_;
  Json json_;
};

/// The inner aggregator under the outer name: its combining form reads the column of that name.
Json renamed(const Json& aggregator, const std::string& name) {
  Json::Object members;
  for (const auto& [key, value] : aggregator.object())
    if (key != "name") members.emplace_back(key, value);
  members.emplace_back("name", Json(name));
  return members;
}

std::shared_ptr<const AggregatorFactory> parse_filtered(const JsonField& json) {
  const JsonField inner = json["aggregator"];
  if (!inner.present()) inner.fail("is required: the aggregator whose rows are filtered");
  std::shared_ptr<const AggregatorFactory> factory = parse_aggregator(inner);
  const JsonField filter = json["filter"];
  if (!filter.present()) filter.fail("is required");
  const std::string name = json["name"].string_or("");
  if (!name.empty() && name != factory->name()) {
    const Json document = renamed(inner.json(), name);
    factory = parse_aggregator(JsonField(document));
  }
  return std::make_shared<Filtered>(factory->name(), factory, parse_filter(filter), json.json());
}

}  // namespace

void register_filtered(AggregatorRegistry& registry) {
  registry.add({.type = "filtered", .parse = parse_filtered, .doc = "`aggregator` over the rows that pass `filter`."});
}

}  // namespace sarsen::engine
