// Texts that queries share: one number for a text, whichever dictionary it is from, and the answers of before.

#include "engine/group/shared_texts.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

class Texts final : public storage::StoredDictionary {
 public:
  explicit Texts(Strings texts) : texts_(std::move(texts)) {}
  std::uint32_t size() const noexcept override { return static_cast<std::uint32_t>(texts_.size()); }
  std::optional<std::string_view> value(std::uint32_t id) const override {
    return texts_[id] ? std::optional<std::string_view>(*texts_[id]) : std::nullopt;
  }
  bool sorted() const noexcept override { return true; }
  std::string encoding() const override { return "test"; }

 private:
  Strings texts_;
};

std::vector<std::uint32_t> numbers(SharedTexts& shared, const Texts& texts) {
  const storage::BlockCache::Block block = shared.numbers_of(texts);
  if (block == nullptr) return {};
  const auto* const first = reinterpret_cast<const std::uint32_t*>(block->bytes.get());
  return {first, first + texts.size() + 1};
}

TEST(SharedTexts, GiveATextOneNumber) {
  SharedTexts shared;
  const Texts left({std::nullopt, "a", "a text that is too long to lie within", "c"});
  const Texts right({"a text that is too long to lie within", "b", "c"});
  const std::vector<std::uint32_t> of_left = numbers(shared, left);
  const std::vector<std::uint32_t> of_right = numbers(shared, right);
  EXPECT_EQ(of_left, numbers(shared, left));
  EXPECT_EQ(of_left[4], of_left[0]) << "null";
  EXPECT_EQ(of_right, (std::vector{of_left[2], 4U, of_left[3], of_left[0]}));
  for (std::uint32_t id = 0; id < left.size(); ++id) EXPECT_EQ(shared.text(of_left[id]), left.value(id));
  EXPECT_EQ(shared.size(), 5U);
}

TEST(SharedTexts, AreGivenAgainWhereTheCacheDroppedThem) {
  SharedTexts shared;
  const Texts texts({"a", "b"});
  const std::vector<std::uint32_t> before = numbers(shared, texts);
  storage::BlockCache::shared().set_budget_bytes(0);
  storage::BlockCache::shared().set_budget_bytes(std::size_t{1} << 30);
  EXPECT_EQ(numbers(shared, texts), before);
}

TEST(SharedTexts, LeaveOutADictionaryThatHasATextTwice) {
  SharedTexts shared;
  EXPECT_TRUE(numbers(shared, Texts({"", "", "a"})).empty());
}

TEST(SharedTexts, AreTheSameForAllThreads) {
  SharedTexts shared;
  std::vector<std::vector<std::uint32_t>> given(4);
  std::vector<std::unique_ptr<Texts>> texts;
  for (int i = 0; i < 4; ++i) {
    Strings some;
    for (int text = 0; text < 3000; ++text) some.emplace_back(std::to_string(100'000 + text + i * 500));
    texts.push_back(std::make_unique<Texts>(some));
  }
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i) threads.emplace_back([&, i] { given[i] = numbers(shared, *texts[i]); });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < 4; ++i)
    for (std::uint32_t id = 0; id < 3000; ++id) ASSERT_EQ(shared.text(given[i][id]), texts[i]->value(id));
  EXPECT_EQ(shared.size(), 4501U) << "and null";
}

TEST(SharedTextsPool, KnowsADimensionThatWasAskedForTwice) {
  SharedTextsPool pool(std::size_t{1} << 20);
  EXPECT_EQ(pool.get("a"), nullptr);
  EXPECT_EQ(pool.get("b"), nullptr);
  const auto texts = pool.get("a");
  ASSERT_NE(texts, nullptr);
  EXPECT_EQ(pool.get("a"), texts);
  EXPECT_NE(pool.get("b"), texts);
}

TEST(SharedTextsPool, KeepsToItsBudget) {
  SharedTextsPool pool(std::size_t{1} << 20);
  const auto fill = [](SharedTexts& texts, std::size_t bytes) {
    const Texts one({std::string(bytes, 'x')});
    texts.numbers_of(one);
  };
  for (const char* key : {"a", "b", "c"}) pool.get(key);
  const auto a = pool.get("a");
  fill(*a, 600'000);
  const auto b = pool.get("b");
  EXPECT_EQ(pool.get("a"), a);
  fill(*b, 600'000);
  EXPECT_EQ(pool.get("b"), b) << "used last";
  EXPECT_NE(pool.get("a"), a);
  EXPECT_LE(pool.bytes(), std::size_t{1} << 20);
  const auto c = pool.get("c");
  fill(*c, 2'000'000);
  EXPECT_EQ(pool.get("c"), nullptr) << "larger than the budget";
  EXPECT_EQ(pool.get("c"), nullptr);
  EXPECT_EQ(a->text(0), std::string(600'000, 'x')) << "held by who uses it";
}

/// Five segments whose pages overlap, one of them with few; `live`: the last has a dictionary that grows.
void serve_pages(storage::Catalog& catalog, const std::string& name, bool live) {
  for (std::uint32_t part = 0; part < 5; ++part) {
    std::vector<std::int64_t> times;
    Strings pages;
    Strings users;
    std::vector<std::optional<double>> added;
    const std::int64_t rows = part == 3 ? 50 : 6000;
    for (std::int64_t row = 0; row < rows; ++row) {
      times.push_back(row / 2000 * kHourMs);
      const std::int64_t page = (row * 7919 + part * 13) % 3000 + part * 700;
      pages.push_back(page % 11 == 0 ? std::nullopt : std::optional("page " + std::to_string(page)));
      users.push_back("u" + std::to_string(row * 31 % 1500));
      added.push_back(0.1 * static_cast<double>(row % 97));
    }
    auto segment = std::make_shared<MemorySegment>(std::move(times), live && part == 4 ? Form::kLive : Form::kMapped);
    segment->strings("page", pages).strings("user", users).doubles("added", added);
    serve(catalog, name, segment, part);
  }
}

class SharedTextsQueryTest : public ::testing::TestWithParam<const char*> {};

TEST_P(SharedTextsQueryTest, AnswersAsBefore) {
  for (const bool live : {false, true}) {
    storage::Catalog catalog;
    const std::string name = std::string(GetParam()) + (live ? " live" : "");
    serve_pages(catalog, name, live);
    const std::string query = R"({"queryType":"groupBy","dataSource":)" + Json(name).dump() +
                              R"(,"intervals":"1970-01-01/P1D",)" + GetParam() +
                              R"(,"aggregations":[{"type":"count","name":"rows"},{"type":"doubleSum","name":"added",)" +
                              R"("fieldName":"added"},{"type":"stringLast","name":"last","fieldName":"user"}]})";
    const std::size_t before = SharedTextsPool::shared().bytes();
    const std::string first = answer(catalog, query);
    EXPECT_EQ(SharedTextsPool::shared().bytes(), before) << "asked for once";
    for (int again = 0; again < 3; ++again) ASSERT_EQ(answer(catalog, query), first) << again;
    EXPECT_GT(SharedTextsPool::shared().bytes(), before);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Queries, SharedTextsQueryTest,
    ::testing::Values(R"("granularity":"all","dimensions":["page"])", R"("granularity":"hour","dimensions":["page"])",
                      R"("granularity":"all","dimensions":["page","user"])",
                      R"("granularity":"all","dimensions":["page"],"filter":{"type":"not","field":)"
                      R"({"type":"selector","dimension":"page","value":"page 77"}})",
                      R"("granularity":"all","dimensions":["page"],"limitSpec":{"type":"default","limit":50,)"
                      R"("columns":[{"dimension":"added","direction":"descending"}]})",
                      R"("granularity":"all","dimensions":["page","user"],"subtotalsSpec":[["page"],["user"],[]])"));

}  // namespace
}  // namespace sarsen::engine
