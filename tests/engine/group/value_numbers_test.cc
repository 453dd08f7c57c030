#include "engine/group/value_numbers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sarsen::engine {
namespace {

std::vector<std::uint32_t> numbers_of(ValueNumbers& numbers, const std::vector<std::int64_t>& longs) {
  std::vector<std::uint32_t> out(longs.size());
  numbers.numbers_of(longs, out.data());
  return out;
}

std::vector<std::uint32_t> numbers_of(ValueNumbers& numbers, const std::vector<Value>& values) {
  std::vector<std::uint32_t> out;
  for (const Value& value : values) out.push_back(numbers.number_of(value));
  return out;
}

TEST(ValueNumbers, NumbersValuesInTheOrderInWhichTheyCome) {
  ValueNumbers numbers;
  EXPECT_EQ(numbers_of(numbers, std::vector<Value>{"a", Null(), 2.5, std::int64_t{7}, "a", 2.5, std::int64_t{7}}),
            (std::vector<std::uint32_t>{0, 1, 2, 3, 0, 2, 3}));
  EXPECT_EQ(numbers_of(numbers, std::vector<std::int64_t>{8, 7}), (std::vector<std::uint32_t>{4, 3}));
  EXPECT_EQ(numbers.value(0), Value("a"));
  EXPECT_EQ(numbers.value(1), Value());
  EXPECT_EQ(numbers.value(2), Value(2.5));
  EXPECT_EQ(numbers.made(4), Value(std::int64_t{8}));
}

TEST(ValueNumbers, KeepsTheNumbersOfLongsWhenOthersCome) {
  ValueNumbers numbers;
  EXPECT_EQ(numbers_of(numbers, std::vector<std::int64_t>{-5, 70, -5}), (std::vector<std::uint32_t>{0, 1, 0}));
  const Value& held = numbers.value(1);
  EXPECT_EQ(held, Value(std::int64_t{70}));
  EXPECT_EQ(numbers_of(numbers, std::vector<Value>{"70", std::int64_t{71}, Null()}),
            (std::vector<std::uint32_t>{2, 3, 4}));
  EXPECT_EQ(numbers_of(numbers, std::vector<std::int64_t>{72, 70, -5, 71}), (std::vector<std::uint32_t>{5, 1, 0, 3}));
  EXPECT_EQ(numbers.append(std::string("70")), 6U);
  EXPECT_EQ(&numbers.value(1), &held);
  EXPECT_EQ(numbers.made(0), Value(std::int64_t{-5}));
  EXPECT_EQ(numbers.made(2), Value("70"));
  EXPECT_EQ(numbers.made(5), Value(std::int64_t{72}));
}

TEST(ValueNumbers, AdoptedValuesAreMadeWhenTheyAreAskedFor) {
  ValueNumbers numbers;
  int made = 0;
  numbers.adopt([&](std::uint32_t number) {
    ++made;
    return Value("v" + std::to_string(number));
  });
  EXPECT_EQ(made, 0);
  EXPECT_EQ(numbers.value(1), Value("v1"));
  EXPECT_EQ(numbers.value(1), Value("v1"));
  EXPECT_EQ(made, 1);
}

TEST(ValueNumbers, AreThoseOfEqualValuesHoweverTheyCome) {
  ValueNumbers numbers;
  const std::vector<Value> values = {Value("a"),
                                     Value("a text too long to lie within"),
                                     Value(),
                                     std::int64_t{7},
                                     7.0,
                                     -0.0,
                                     0.0,
                                     7.0F,
                                     Value(List(ListElements{})),
                                     Value("")};
  for (std::uint32_t i = 0; i < values.size(); ++i) EXPECT_EQ(numbers.number_of(values[i]), i);
  for (std::uint32_t i = 0; i < values.size(); ++i) EXPECT_EQ(numbers.number_of(values[i]), i);
  EXPECT_EQ(numbers.number_of(std::int64_t{7}), 3U);
  const std::vector<storage::KeptText> texts = {
      storage::KeptText::of(std::string_view("a text too long to lie within")), storage::KeptText::null(),
      storage::KeptText::of(std::string_view("new"))};
  std::vector<std::uint32_t> given(texts.size());
  numbers.numbers_of(texts, given.data());
  EXPECT_EQ(given, (std::vector<std::uint32_t>{1, 2, 10}));
  for (std::uint32_t i = 0; i < values.size(); ++i) EXPECT_TRUE(equal_values(numbers.value(i), values[i])) << i;
  EXPECT_EQ(numbers.made(10), Value("new"));
  EXPECT_EQ(numbers.dictionary_bytes(), 4 * 44U + 2 * (1 + 29 + 0 + 3));
}

}  // namespace
}  // namespace sarsen::engine
