#include "storage/column/string_dictionary.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "storage/base/java_order.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

class NoFiles final : public LogicalFiles {
 public:
  std::optional<std::span<const std::byte>> find(std::string_view) const override { return std::nullopt; }
};

class StringDictionary : public testing::Test {
 protected:
  const StoredDictionary& read(std::string_view hex_text) {
    const std::string text = compact(hex_text);
    bytes_.clear();
    for (std::size_t i = 0; i < text.size(); i += 2)
      bytes_.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
    ByteReader reader(bytes_, "dictionary");
    dictionary_ = read_dictionary(reader, std::endian::little, files_, {});
    EXPECT_TRUE(reader.at_end());
    return *dictionary_;
  }

  std::vector<std::byte> bytes_;
  NoFiles files_;
  std::unique_ptr<StoredDictionary> dictionary_;
};

// null, "druid", "druidism", "druidist", "orc", in buckets of four.
constexpr std::string_view kVersion0 = "7F 01 00 04 01 84 95 85 6472756964 85 83 69736D 85 83 697374 80 83 6F7263";
constexpr std::string_view kVersion1 = "7F 01 01 04 01 84 93 85 6472756964 85 83 69736D 87 81 74 80 83 6F7263";
// Without null, in buckets of two: "a", "ab" | "b", "ba" | "c".
constexpr std::string_view kThreeBuckets = "7F 01 00 02 00 85 94 05000000 0A000000 81 61 81 81 62 81 62 81 81 61 81 63";
constexpr std::string_view kUtf8 =
    "01 01 00000024 00000003 00000004 0000000C 00000014 FFFFFFFF 00000000 4265726E 00000000 4F736C6F";

TEST_F(StringDictionary, ReadsFrontCodedBuckets) {
  for (const std::string_view text : {kVersion0, kVersion1}) {
    const StoredDictionary& dictionary = read(text);
    ASSERT_EQ(dictionary.size(), 5u);
    EXPECT_EQ(dictionary.encoding(), "front coded by 4");
    EXPECT_EQ(dictionary.value(0), std::nullopt);
    EXPECT_EQ(dictionary.value(1), "druid");
    EXPECT_EQ(dictionary.value(2), "druidism");
    EXPECT_EQ(dictionary.value(3), "druidist");
    EXPECT_EQ(dictionary.value(4), "orc");
  }
}

TEST_F(StringDictionary, FindsEveryValueAndNoOther) {
  for (const std::string_view text : {kVersion0, kVersion1, kThreeBuckets, kUtf8}) {
    const StoredDictionary& dictionary = read(text);
    for (std::uint32_t id = 0; id < dictionary.size(); ++id) EXPECT_EQ(dictionary.find(dictionary.value(id)), id);
    for (const char* word : {"", "A", "aa", "abc", "az", "d", "druidi", "druidisms", "orcs", "z", "Berne"}) {
      EXPECT_EQ(dictionary.find(word), std::nullopt) << word;
      std::uint32_t first = 0;
      while (first < dictionary.size() && java_compare_nullable(dictionary.value(first), word) < 0) ++first;
      EXPECT_EQ(dictionary.lower_bound(word), first) << word;
    }
  }
  EXPECT_EQ(read(kThreeBuckets).find(std::nullopt), std::nullopt);
}

TEST_F(StringDictionary, FindsTheFirstOfTwoEmptyStrings) {
  const StoredDictionary& dictionary =
      read("01 01 0000001D 00000003 00000004 00000008 0000000D 00000000 00000000 00000000 61");
  EXPECT_EQ(dictionary.value(0), "");
  EXPECT_EQ(dictionary.find(""), 0u);
  EXPECT_EQ(dictionary.find(std::nullopt), std::nullopt);
  EXPECT_EQ(dictionary.find("a"), 2u);
}

TEST_F(StringDictionary, TakesTheOldMarkerOfLengthsForNothingElse) {
  EXPECT_EQ(read("01 01 0000000E 00000001 00000006 00000002 6162").value(0), "ab");
}

TEST_F(StringDictionary, FindsInUnsortedLists) {
  const StoredDictionary& dictionary = read("01 00 00000016 00000002 00000005 0000000A 00000000 62 00000000 61");
  EXPECT_FALSE(dictionary.sorted());
  EXPECT_EQ(dictionary.find("a"), 1u);
  EXPECT_EQ(dictionary.find("c"), std::nullopt);
}

TEST_F(StringDictionary, KeepsValuesWhileManyThreadsRead) {
  const StoredDictionary& dictionary = read(kThreeBuckets);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) EXPECT_EQ(dictionary.value(3), "ba");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(dictionary.value(3)->data(), dictionary.value(3)->data());
}

TEST_F(StringDictionary, RefusesWhatIsNoDictionary) {
  for (const char* text : {
           "03 01",                                      // no version of a list
           "7F 02",                                      // no encoding
           "7F 01 02 04 00 80 80",                       // no version of front coding
           "7F 01 00 03 00 80 80",                       // bucket size
           "7F 01 00 04 00 85 83 81 61 80",              // no room for the offsets
           "01 01 00000004 00000001",                    // more values than bytes
           "01 01 0000000C 00000001 00000005 00000000",  // the last offset is not the end
       }) {
    EXPECT_THROW(read(text), Error) << text;
  }
}

TEST_F(StringDictionary, RefusesBucketsThatLie) {
  EXPECT_THROW(read("7F 01 00 04 00 82 84 81 61 82 80").value(1), Error);  // prefix longer than the value before
  EXPECT_THROW(read("7F 01 00 04 00 82 84 81 61 81 81").value(1), Error);  // fragment past the end
  EXPECT_THROW(read("7F 01 00 04 00 81 82 83 61").find("a"), Error);
}

}  // namespace
}  // namespace sarsen::storage
