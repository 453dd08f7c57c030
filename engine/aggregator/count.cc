// count: the number of rows, whatever they hold. The simplest aggregator, and so the one to imitate.

#include "engine/aggregator/aggregator_of.h"
#include "engine/aggregator/packed_states.h"

namespace sarsen::engine {
namespace {

struct CountState {
  std::int64_t count = 0;

  double rank() const noexcept { return static_cast<double>(count); }
};

class CountAggregator final : public Aggregator {
 public:
  void fold(std::byte* state, std::uint32_t, const Selection& selection) override {
    state_at<CountState>(state).count += selection.count;
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t,
                   const Selection& selection) override {
    for (std::uint32_t i = 0; i < selection.count; ++i) ++state_at<CountState>(states + groups[i] * stride).count;
  }

  bool folds_runs() const override { return true; }
  void fold_run(std::byte* state, std::uint32_t) override {
    state_at<CountState>(state).count += kRunVectors * kVectorRows;
  }
  bool folds_exactly(std::uint32_t) const override { return true; }
};

/// Of counts that are stored.
class StoredCountAggregator final : public Aggregator {
 public:
  explicit StoredCountAggregator(NumericSource<std::int64_t>& counts) : counts_(counts) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    const std::int64_t* const counts = counts_.read(begin, selection.size).values;
    for_each_selected(selection,
                      [&](std::uint32_t, std::uint32_t row) { state_at<CountState>(state).count += counts[row]; });
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    const std::int64_t* const counts = counts_.read(begin, selection.size).values;
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      state_at<CountState>(states + groups[i] * stride).count += counts[row];
    });
  }

 private:
  NumericSource<std::int64_t>& counts_;
};

class PackedCounts {
 public:
  using Word = std::uint32_t;
  using State = CountState;
  static constexpr Word kNone = 0;

  static bool is_none(Word word) noexcept { return word == kNone; }
  static Word merged(Word into, Word from) noexcept { return into + from; }
  static bool fold(Word* words, const std::uint32_t* groups, std::uint32_t, const Selection& selection) noexcept {
    for (std::uint32_t i = 0; i < selection.count; ++i) ++words[groups[i]];
    return true;
  }
  static void unpack(Word word, CountState& state) noexcept { state.count += word; }
};

class Count : public AggregatorFactory, public RankedStates, public PacksStates {
 public:
  explicit Count(std::string name) : AggregatorFactory(std::move(name)) {}

  std::vector<std::string> required_columns() const override { return {}; }
  std::size_t state_size() const noexcept override { return sizeof(CountState); }
  void init(std::byte* state) const noexcept override { new (state) CountState(); }
  void merge(std::byte* into, const std::byte* from) const override {
    state_at<CountState>(into).count += state_at<CountState>(from).count;
  }
  void merge_groups(std::byte* into, const std::uint32_t* groups, const std::byte* from, std::size_t stride,
                    std::uint32_t count) const override {
    merge_each<CountState>(into, groups, from, stride, count,
                           [](CountState& to, const CountState& other) { to.count += other.count; });
  }
  bool merges_associatively() const noexcept override { return true; }
  std::unique_ptr<Aggregator> bind(ColumnSources&) const override { return std::make_unique<CountAggregator>(); }
  std::unique_ptr<PackedStates> bind_packed(ColumnSources&, std::uint32_t) const override {
    return pack(PackedCounts());
  }
  Value finalise(const std::byte* state) const override { return state_at<CountState>(state).count; }
  double rank(const std::byte* state) const noexcept override { return state_at<CountState>(state).rank(); }
  void ranks(const std::byte* states, std::size_t stride, std::span<const std::uint32_t> groups,
             double* ranks) const noexcept override {
    for (const std::uint32_t group : groups) *ranks++ = rank(states + group * stride);
  }
  ColumnKind intermediate_kind() const override { return {storage::ValueType::kLong, "", false}; }
  std::unique_ptr<AggregatorFactory> combining() const override { return make_long_sum(name(), name()); }
  std::unique_ptr<AggregatorFactory> folding(const std::string& column) const override;
  Json to_json() const override { return Json::Object{{"type", "count"}, {"name", name()}}; }
};

/// Of the column of its name.
class StoredCount final : public Count {
 public:
  explicit StoredCount(std::string column) : Count(std::move(column)) {}

  std::vector<std::string> required_columns() const override { return {name()}; }
  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    return std::make_unique<StoredCountAggregator>(columns.longs(name()));
  }
  std::unique_ptr<PackedStates> bind_packed(ColumnSources&, std::uint32_t) const override { return nullptr; }
};

std::unique_ptr<AggregatorFactory> Count::folding(const std::string& column) const {
  return std::make_unique<StoredCount>(column);
}

std::shared_ptr<const AggregatorFactory> parse_count(const JsonField& json) {
  return std::make_shared<Count>(json["name"].string());
}

}  // namespace

void register_count(AggregatorRegistry& registry) {
  registry.add({.type = "count", .parse = parse_count, .doc = "The number of stored rows."});
}

}  // namespace sarsen::engine
