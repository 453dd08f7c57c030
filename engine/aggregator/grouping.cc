// grouping: which dimensions a subtotal has: a bit for each name of `groupings`, the first one highest, 1 where the
// dimension is not part of it. Without subtotals it is 0.

#include <algorithm>

#include "engine/aggregator/aggregator_of.h"

namespace sarsen::engine {
namespace {

constexpr std::size_t kGroupingsMax = 63;

class NothingToFold final : public Aggregator {
 public:
  void fold(std::byte*, std::uint32_t, const Selection&) override {}
  void fold_groups(std::byte*, std::size_t, const std::uint32_t*, std::uint32_t, const Selection&) override {}
};

class GroupingFactory final : public AggregatorFactory {
 public:
  GroupingFactory(std::string name, std::vector<std::string> groupings)
      : AggregatorFactory(std::move(name)), groupings_(std::move(groupings)) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    std::vector<std::string> groupings;
    for (const JsonField& element : json["groupings"].elements()) groupings.push_back(element.string());
    if (groupings.empty()) json["groupings"].fail("must name a dimension");
    if (groupings.size() > kGroupingsMax) json["groupings"].fail("must not name more than 63 dimensions");
    return std::make_shared<GroupingFactory>(json["name"].string(), std::move(groupings));
  }

  std::vector<std::string> required_columns() const override { return {}; }
  std::size_t state_size() const noexcept override { return sizeof(std::int64_t); }
  void init(std::byte* state) const noexcept override { new (state) std::int64_t{0}; }
  void merge(std::byte*, const std::byte*) const override {}
  std::unique_ptr<Aggregator> bind(ColumnSources&) const override { return std::make_unique<NothingToFold>(); }
  Value finalise(const std::byte* state) const override { return state_at<std::int64_t>(state); }
  ColumnKind intermediate_kind() const override { return {storage::ValueType::kLong, "", false}; }

  void note_dimensions(std::byte* state, const std::vector<std::string>& names) const override {
    std::int64_t bits = 0;
    for (const std::string& grouping : groupings_)
      bits = bits << 1 | (std::find(names.begin(), names.end(), grouping) == names.end() ? 1 : 0);
    state_at<std::int64_t>(state) = bits;
  }

  std::unique_ptr<AggregatorFactory> combining() const override {
    return std::make_unique<GroupingFactory>(name(), groupings_);
  }
  Json to_json() const override {
    Json::Array groupings(groupings_.begin(), groupings_.end());
    return Json::Object{{"type", "grouping"}, {"name", name()}, {"groupings", std::move(groupings)}};
  }

 private:
  std::vector<std::string> groupings_;
};

}  // namespace

void register_grouping(AggregatorRegistry& registry) {
  registry.add({.type = "grouping",
                .parse = GroupingFactory::parse,
                .doc = "A bit for each of `groupings` that a subtotal does not group by."});
}

}  // namespace sarsen::engine
