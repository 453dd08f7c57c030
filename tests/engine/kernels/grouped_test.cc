#include "engine/kernels/grouped.h"

#include "tests/engine/kernels/kernel_test.h"
#include "tests/engine/kernels/scalar_twins.h"

namespace sarsen::engine::kernels {
namespace {

/// A state as aggregators lay it out, the field under test between two others that must not change.
template <class Field>
struct State {
  std::uint64_t before = 1;
  Field field{};
  std::uint64_t after = 2;
  std::uint8_t mark = 0;
};

template <class Field>
struct States {
  std::vector<State<Field>> states;

  States(std::size_t groups, Field first) : states(groups) {
    for (auto& state : states) state.field = first;
  }
  std::byte* data() { return reinterpret_cast<std::byte*>(states.data()); }
  static constexpr std::size_t stride() { return sizeof(State<Field>); }
  static constexpr std::size_t offset() { return offsetof(State<Field>, field); }
  static constexpr std::size_t mark_offset() { return offsetof(State<Field>, mark); }

  void expect_fields(const std::vector<Field>& expected) const {
    for (std::size_t group = 0; group < states.size(); ++group) {
      EXPECT_EQ(bits_of(states[group].field), bits_of(expected[group])) << group;
      EXPECT_EQ(states[group].before, 1U);
      EXPECT_EQ(states[group].after, 2U);
    }
  }
};

/// Rows of random groups; a fifth of the values null.
template <class Value>
class GroupedTest : public testing::Test {
 protected:
  static constexpr std::size_t kGroups = 7;

  std::mt19937_64 random_{1};
  std::vector<Value> values_ = random_values<Value>(2048, Mix::kSpecial, random_);
  std::vector<std::uint64_t> nulls_ = random_mask(2048, 20, random_);
  std::vector<std::uint32_t> positions_, groups_;

  void SetUp() override {
    for (std::size_t i = 0; i < 1500; ++i) {
      positions_.push_back(static_cast<std::uint32_t>(random_() % values_.size()));
      groups_.push_back(static_cast<std::uint32_t>(random_() % (kGroups - 1)));  // the last group has no row
    }
  }

  /// fold(field, value) for each row that is not null, in order.
  template <class Field, class Fold>
  std::vector<Field> expected(Field first, bool by_position, bool with_nulls, Fold fold) const {
    std::vector<Field> fields(kGroups, first);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const std::size_t row = by_position ? positions_[i] : i;
      if (!with_nulls || !is_set(nulls_.data(), row)) fields[groups_[i]] = fold(fields[groups_[i]], values_[row]);
    }
    return fields;
  }

  /// Calls check(positions or nullptr, nulls or nullptr, by_position, with_nulls) for the four forms.
  template <class Check>
  void in_all_forms(Check check) const {
    for (const bool by_position : {false, true})
      for (const bool with_nulls : {false, true})
        check(by_position ? positions_.data() : nullptr, with_nulls ? nulls_.data() : nullptr, by_position, with_nulls);
  }
};
using Values = testing::Types<std::int64_t, double, float>;
TYPED_TEST_SUITE(GroupedTest, Values);

TYPED_TEST(GroupedTest, AddsEachRowToItsGroup) {
  using Field = Total<TypeParam>;
  for (TypeParam& value : this->values_)  // an infinity would hide what follows
    if (!(value - value == 0)) value = TypeParam(3);
  this->in_all_forms([&](auto* positions, auto* nulls, bool by_position, bool with_nulls) {
    States<Field> states(this->kGroups, Field(0));
    add_grouped<Field>(this->values_.data(), nulls, positions, this->groups_.data(), this->groups_.size(),
                       states.data(), states.stride(), states.offset());
    const auto add = [](Field field, TypeParam value) { return field + static_cast<Field>(value); };
    states.expect_fields(this->expected(Field(0), by_position, with_nulls, add));
  });
}

TYPED_TEST(GroupedTest, KeepsEachGroupsExtremes) {
  using Limits = std::numeric_limits<TypeParam>;
  const TypeParam no_min = Limits::has_infinity ? Limits::infinity() : Limits::max();
  const TypeParam no_max = Limits::has_infinity ? -Limits::infinity() : Limits::min();
  const auto all = [](std::size_t) { return true; };
  const auto extreme_of = [&](bool greatest) {
    return [=](TypeParam field, TypeParam value) {
      const TypeParam both[] = {field, value};
      return twin::extreme(both, 2, greatest, greatest ? no_max : no_min, all);
    };
  };
  for (const bool with_nan : {true, false}) {
    if (!with_nan)
      for (TypeParam& value : this->values_) value = value != value ? static_cast<TypeParam>(-0.0) : value;
    this->in_all_forms([&](auto* positions, auto* nulls, bool by_position, bool with_nulls) {
      States<TypeParam> least(this->kGroups, no_min), greatest(this->kGroups, no_max);
      min_grouped(this->values_.data(), nulls, positions, this->groups_.data(), this->groups_.size(), least.data(),
                  least.stride(), least.offset());
      max_grouped(this->values_.data(), nulls, positions, this->groups_.data(), this->groups_.size(), greatest.data(),
                  greatest.stride(), greatest.offset());
      least.expect_fields(this->expected(no_min, by_position, with_nulls, extreme_of(false)));
      greatest.expect_fields(this->expected(no_max, by_position, with_nulls, extreme_of(true)));
    });
  }
}

TYPED_TEST(GroupedTest, OrdersZerosAndNaNAsJavaDoes) {
  const std::uint32_t group = 0;
  for (const TypeParam first : special_values<TypeParam>()) {
    for (const TypeParam second : special_values<TypeParam>()) {
      const TypeParam both[] = {first, second};
      const auto all = [](std::size_t) { return true; };
      for (const bool greatest : {false, true}) {
        // A state never holds another NaN than the quiet one.
        States<TypeParam> states(1, first != first ? std::numeric_limits<TypeParam>::quiet_NaN() : first);
        (greatest ? max_grouped<TypeParam> : min_grouped<TypeParam>)(&second, nullptr, nullptr, &group, 1,
                                                                     states.data(), states.stride(), states.offset());
        states.expect_fields({twin::extreme(both, 2, greatest, first, all)});
      }
    }
  }
}

TYPED_TEST(GroupedTest, CountsAndMarksWhatIsNotNull) {
  this->in_all_forms([&](auto* positions, auto* nulls, bool by_position, bool with_nulls) {
    States<std::uint64_t> states(this->kGroups, 0);
    count_grouped(nulls, positions, this->groups_.data(), this->groups_.size(), states.data(), states.stride(),
                  states.offset());
    mark_grouped(nulls, positions, this->groups_.data(), this->groups_.size(), states.data(), states.stride(),
                 states.mark_offset());
    const auto count = [](std::uint64_t field, TypeParam) { return field + 1; };
    const auto counts = this->expected(std::uint64_t{0}, by_position, with_nulls, count);
    states.expect_fields(counts);
    for (std::size_t group = 0; group < counts.size(); ++group)
      EXPECT_EQ(states.states[group].mark, counts[group] > 0 ? 1 : 0);
  });
}

TEST(GroupedMarkTest, LeavesGroupsOfNullsUnmarked) {
  const std::uint32_t groups[] = {0, 1, 0};
  const std::uint64_t nulls = 0b101;
  States<std::uint64_t> states(2, 0);
  mark_grouped(&nulls, nullptr, groups, 3, states.data(), states.stride(), states.mark_offset());
  EXPECT_EQ(states.states[0].mark, 0);
  EXPECT_EQ(states.states[1].mark, 1);
}

template <class Code>
class GroupedWordsTest : public GroupedTest<std::int64_t> {
 protected:
  std::vector<Code> codes_;

  void SetUp() override {
    GroupedTest::SetUp();
    for (std::int64_t& value : values_) codes_.push_back(static_cast<Code>(value = static_cast<Code>(value)));
    codes_[groups_.size() / 2] = std::numeric_limits<Code>::max();
  }
};
using Codes = testing::Types<std::uint8_t, std::uint16_t>;
TYPED_TEST_SUITE(GroupedWordsTest, Codes);

TYPED_TEST(GroupedWordsTest, AddsOneAndTheCode) {
  this->in_all_forms([&](auto* positions, auto* nulls, bool by_position, bool with_nulls) {
    for (std::size_t i = 0; i < this->values_.size(); ++i) this->values_[i] = this->codes_[i];
    std::vector<std::uint32_t> narrow(this->kGroups);
    std::vector<std::uint64_t> wide(this->kGroups);
    add_codes_grouped(this->codes_.data(), std::uint32_t{3}, nulls, positions, this->groups_.data(),
                      this->groups_.size(), narrow.data());
    add_codes_grouped(this->codes_.data(), std::uint64_t{1} << 40, nulls, positions, this->groups_.data(),
                      this->groups_.size(), wide.data());
    EXPECT_EQ(narrow, this->template expected<std::uint32_t>(0, by_position, with_nulls,
                                                             [](std::uint32_t word, std::int64_t code) {
                                                               return word + 3 + static_cast<std::uint32_t>(code);
                                                             }));
    EXPECT_EQ(wide, this->template expected<std::uint64_t>(
                        0, by_position, with_nulls, [](std::uint64_t word, std::int64_t code) {
                          return word + (std::uint64_t{1} << 40) + static_cast<std::uint64_t>(code);
                        }));
  });
}

TYPED_TEST(GroupedWordsTest, KeepsTheBestCodes) {
  this->in_all_forms([&](auto* positions, auto* nulls, bool by_position, bool with_nulls) {
    for (std::size_t i = 0; i < this->values_.size(); ++i) this->values_[i] = this->codes_[i];
    std::vector<std::uint32_t> least(this->kGroups), greatest(this->kGroups);
    best_codes_grouped<false>(this->codes_.data(), nulls, positions, this->groups_.data(), this->groups_.size(),
                              least.data());
    best_codes_grouped<true>(this->codes_.data(), nulls, positions, this->groups_.data(), this->groups_.size(),
                             greatest.data());
    const auto min = this->template expected<std::int64_t>(
        INT64_MAX, by_position, with_nulls, [](std::int64_t a, std::int64_t b) { return std::min(a, b); });
    const auto max = this->template expected<std::int64_t>(
        -1, by_position, with_nulls, [](std::int64_t a, std::int64_t b) { return std::max(a, b); });
    for (std::size_t group = 0; group + 1 < this->kGroups; ++group) {
      EXPECT_EQ(code_of_best<false>(least[group]), min[group]);
      EXPECT_EQ(code_of_best<true>(greatest[group]), max[group]);
    }
    EXPECT_EQ(least.back(), 0U);
    EXPECT_EQ(greatest.back(), 0U);
  });
}

TEST(GroupedWordTest, AddsNumbersInTheOrderOfTheRows) {
  const double numbers[] = {0.1, 1e17, 0.2, -1e17, 5};
  const std::uint32_t groups[] = {0, 1, 0, 1, 1};
  const std::uint64_t nulls = 0b00100;
  double words[] = {-0.0, -0.0, -0.0};
  add_numbers_grouped(numbers, &nulls, nullptr, groups, 5, words);
  EXPECT_EQ(bits_of(words[0]), bits_of(0.1));
  EXPECT_EQ(bits_of(words[1]), bits_of(1e17 + -1e17 + 5));
  EXPECT_EQ(bits_of(words[2]), bits_of(-0.0));
}

}  // namespace
}  // namespace sarsen::engine::kernels
