#include "storage/column/generic_indexed.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "storage/base/error.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

std::vector<std::byte> bytes_of(std::string_view hex_text) {
  const std::string text = compact(hex_text);
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

class Files final : public LogicalFiles {
 public:
  void add(const std::string& name, std::string_view hex_text) { files_[name] = bytes_of(hex_text); }
  std::optional<std::span<const std::byte>> find(std::string_view name) const override {
    const auto found = files_.find(name);
    if (found == files_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::map<std::string, std::vector<std::byte>, std::less<>> files_;
};

class GenericIndexedTest : public testing::Test {
 protected:
  GenericIndexed read(std::string_view hex_text) {
    bytes_ = bytes_of(hex_text);
    ByteReader reader(bytes_, "list");
    GenericIndexed list = GenericIndexed::read(reader, files_);
    rest_ = reader.remaining();
    return list;
  }
  static std::string text(const GenericIndexed& list, std::uint32_t index) {
    const GenericIndexed::Element element = list.element(index);
    if (element.null) return "null";
    return {reinterpret_cast<const char*>(element.bytes.data()), element.bytes.size()};
  }

  Files files_;
  std::vector<std::byte> bytes_;
  std::size_t rest_ = 0;
};

TEST_F(GenericIndexedTest, ReadsOneFile) {
  const GenericIndexed list =
      read("01 01 00000026 00000004 00000004 00000008 0000000D 00000012  FFFFFFFF 00000000 00000000 61 FFFFFFFF 62 99");
  ASSERT_EQ(list.size(), 4u);
  EXPECT_TRUE(list.sorted());
  EXPECT_EQ(text(list, 0), "null");
  EXPECT_EQ(text(list, 1), "");
  EXPECT_EQ(text(list, 2), "a");
  EXPECT_EQ(text(list, 3), "b");  // the marker counts only where there are no bytes
  EXPECT_EQ(rest_, 1u);
}

TEST_F(GenericIndexedTest, ReadsTheEmptyList) {
  EXPECT_EQ(read("01 00 00000004 00000000").size(), 0u);
  EXPECT_EQ(rest_, 0u);
}

// Bags of two: "a", "bc" | null, "d" | "e".
TEST_F(GenericIndexedTest, ReadsManyFiles) {
  files_.add("x_header", "05000000 0B000000 04000000 09000000 05000000");
  files_.add("x_value_0", "00000000 61 00000000 6263");
  files_.add("x_value_1", "FFFFFFFF 00000000 64");
  files_.add("x_value_2", "00000000 65");
  const GenericIndexed list = read("02 01 00000001 00000005 00000001 78");
  ASSERT_EQ(list.size(), 5u);
  std::string all;
  for (std::uint32_t i = 0; i < list.size(); ++i) all += text(list, i) + ' ';
  EXPECT_EQ(all, "a bc null d e ");
}

TEST_F(GenericIndexedTest, RefusesManyFilesThatAreNotThere) {
  EXPECT_THROW(read("02 01 00000001 00000005 00000001 78"), Error);
  files_.add("x_header", "05000000 0B000000 04000000 09000000 05000000");
  files_.add("x_value_0", "00000000 61 00000000 6263");
  EXPECT_THROW(read("02 01 00000001 00000005 00000001 78"), Error);
  EXPECT_THROW(read("02 01 0000001F 00000005 00000001 78"), Error);
  EXPECT_THROW(read("02 01 00000001 00000004 00000001 78"), Error);
  EXPECT_THROW(read("02 01 00000001 FFFFFFFF 00000001 78"), Error);
}

TEST_F(GenericIndexedTest, RefusesOffsetsThatLie) {
  EXPECT_THROW(read("01 01 00000015 00000002 00000009 00000005 00000000 61").element(0), Error);
  const GenericIndexed list = read("01 01 00000015 00000002 00000007 00000009 00000000 61 00000000");
  EXPECT_THROW(list.element(1), Error);  // shorter than a marker
  EXPECT_THROW(read("01 01 0000000D 00000001 00000006 00000000 61"), Error);
  EXPECT_THROW(read("01 01 0000000D 40000000 00000005 00000000 61"), Error);
  EXPECT_THROW(read("01 01 80000000 00000001 00000005 00000000 61"), Error);
  EXPECT_THROW(read("03 01"), Error);
}

}  // namespace
}  // namespace sarsen::storage
