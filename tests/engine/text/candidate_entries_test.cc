// That no entry is missed which holds a text, and that those are few which do not.
#include "engine/text/candidate_entries.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/text/text_piece.h"
#include "tests/engine/text/stored_texts.h"

namespace sarsen::engine {
namespace {

using Texts = std::vector<std::optional<std::string>>;

std::vector<std::uint32_t> candidates(const storage::Dictionary& dictionary, const std::string& piece,
                                      bool ignoring_case = false) {
  auto entries = CandidateEntries::of(dictionary, TextPiece(piece).rarest_pair(ignoring_case));
  std::vector<std::uint32_t> ids;
  EXPECT_TRUE(entries);
  while (const auto id = entries->next()) ids.push_back(*id);
  return ids;
}

TEST(CandidateEntries, AreThoseWithThePair) {
  const StoredTexts texts({std::nullopt, "", "abc", "b", "bca", "c", "cab", "xbxxc"});
  EXPECT_EQ(candidates(texts.dictionary(), "bc"), (std::vector<std::uint32_t>{2, 4}));
  EXPECT_EQ(candidates(texts.dictionary(), "c"), (std::vector<std::uint32_t>{2, 4, 5, 6, 7}));
  EXPECT_EQ(candidates(texts.dictionary(), "z"), std::vector<std::uint32_t>());
  EXPECT_EQ(candidates(texts.dictionary(), "BC"), std::vector<std::uint32_t>());
  EXPECT_EQ(candidates(StoredTexts({"bc"}).dictionary(), "bc"), std::vector<std::uint32_t>{0});
  EXPECT_EQ(candidates(StoredTexts({std::nullopt}).dictionary(), "bc"), std::vector<std::uint32_t>());
}

TEST(CandidateEntries, AreOfAnyCaseWhereItDoesNotCount) {
  const StoredTexts texts({"ABC", "Bc", "abc", "ac", "bC", "\u212ax", "\u00e9"});
  EXPECT_EQ(candidates(texts.dictionary(), "bc", true), (std::vector<std::uint32_t>{0, 1, 2, 4, 5, 6}));
  EXPECT_EQ(candidates(texts.dictionary(), "kx", true), (std::vector<std::uint32_t>{5, 6}));
}

TEST(CandidateEntries, MissNoEntryOfMany) {
  std::mt19937 random(1);
  Texts texts{std::nullopt, ""};
  for (int i = 0; i < 6000; ++i) {
    std::string text;
    for (auto size = random() % (i % 100 == 0 ? 9000 : 20); size > 0; --size) text += "abcd"[random() % 4];
    texts.emplace_back(text);
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  const StoredTexts stored(texts);
  for (const std::string piece : {"a", "ab", "dcba", "abcdabcd", "aaaaaaaaaa"}) {
    const std::vector<std::uint32_t> found = candidates(stored.dictionary(), piece);
    EXPECT_TRUE(std::ranges::is_sorted(found));
    EXPECT_EQ(std::ranges::adjacent_find(found), found.end()) << piece;
    for (std::uint32_t id = 0; id < texts.size(); ++id) {
      if (!texts[id] || texts[id]->find(piece) == std::string::npos) continue;
      EXPECT_TRUE(std::ranges::binary_search(found, id)) << piece << " in " << *texts[id];
    }
  }
}

TEST(CandidateEntries, AreNotKnownWhereTextsHaveNoOrder) {
  const kernels::BytePair pair = TextPiece("a").rarest_pair(false);
  EXPECT_FALSE(CandidateEntries::of(StoredTexts({"b", "a"}, false).dictionary(), pair));
  EXPECT_TRUE(CandidateEntries::of(StoredTexts({"a", "b"}).dictionary(), pair));
}

}  // namespace
}  // namespace sarsen::engine
