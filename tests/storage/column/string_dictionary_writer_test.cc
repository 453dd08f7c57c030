#include "storage/column/string_dictionary_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "storage/base/java_order.h"
#include "storage/column/string_dictionary.h"
#include "tests/storage/column/stream_bytes.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

using Values = std::vector<std::optional<std::string_view>>;

StringDictionaryEncoding front_coded(std::uint8_t bucket_size, std::uint8_t version) {
  return {.form = StringDictionaryForm::kFrontCoded, .bucket_size = bucket_size, .format_version = version};
}

std::string written(const StringDictionaryValues& values, const StringDictionaryEncoding& encoding) {
  ByteWriter out;
  write_string_dictionary(values, encoding, out);
  return hex(out);
}

const Values kDruids{std::nullopt, "druid", "druidism", "druidist", "orc"};

TEST(StringDictionaryWriterTest, WritesPrefixesOfTheFirstValueInVersion0) {
  EXPECT_EQ(written({kDruids}, front_coded(4, 0)),
            compact("7F 01 | 00 04 01 84 95 | 85 6472756964 | 85 83 69736D | 85 83 697374 | 80 83 6F7263"));
}

TEST(StringDictionaryWriterTest, WritesPrefixesOfTheValueBeforeInVersion1) {
  EXPECT_EQ(written({kDruids}, front_coded(4, 1)),
            compact("7F 01 | 01 04 01 84 93 | 85 6472756964 | 85 83 69736D | 87 81 74 | 80 83 6F7263"));
}

TEST(StringDictionaryWriterTest, WritesTheEndsOfAllBucketsButTheLast) {
  const Values values{"a", "ab", "b", "ba", "c"};
  EXPECT_EQ(written({values}, front_coded(2, 0)),
            compact("7F 01 | 00 02 00 85 94 | 05000000 0A000000 | 81 61 81 81 62 | 81 62 81 81 61 | 81 63"));
}

TEST(StringDictionaryWriterTest, AddsANull) {
  const Values values{"Bern"};
  EXPECT_EQ(written({values, true}, {}),
            compact("01 01 00000018 00000002 00000004 0000000C FFFFFFFF 00000000 4265726E"));
  EXPECT_EQ(written({values, true}, front_coded(1, 0)), compact("7F 01 00 01 01 81 85 84 4265726E"));
}

TEST(StringDictionaryWriterTest, ReadsBackEveryForm) {
  std::vector<std::string> texts{"", "\u00E9", std::string(300, 'x'), std::string(70000, 'x')};
  for (int i = 1000; i < 1400; ++i) texts.push_back("value " + std::to_string(i) + (i % 3 == 0 ? "" : " and more"));
  std::sort(texts.begin(), texts.end(), JavaLess());
  Values values{std::nullopt};
  values.insert(values.end(), texts.begin(), texts.end());
  std::vector<StringDictionaryEncoding> encodings{{}};
  for (std::uint32_t size = 1; size <= 128; size *= 2)
    for (const std::uint32_t version : {0u, 1u})
      encodings.push_back(front_coded(static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(version)));
  for (const StringDictionaryEncoding& encoding : encodings) {
    SCOPED_TRACE(std::to_string(encoding.bucket_size) + " " + std::to_string(encoding.format_version));
    ByteWriter out;
    write_string_dictionary({values}, encoding, out);
    ByteReader reader(out.view(), "dictionary");
    const TextFiles files;
    const auto dictionary = read_dictionary(reader, std::endian::little, files, {});
    EXPECT_TRUE(reader.at_end());
    ASSERT_EQ(dictionary->size(), values.size());
    EXPECT_TRUE(dictionary->sorted());
    for (std::uint32_t id = 0; id < values.size(); ++id) ASSERT_EQ(dictionary->value(id), values[id]) << id;
  }
}

}  // namespace
}  // namespace sarsen::storage
