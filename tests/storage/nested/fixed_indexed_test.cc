#include "storage/nested/fixed_indexed.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::storage {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

template <class T>
FixedIndexed<T> read(const std::string& text) {
  ByteReader reader(bytes_of(text));
  FixedIndexed<T> list = FixedIndexed<T>::read(reader, std::endian::little);
  EXPECT_TRUE(reader.at_end());
  return list;
}

// Null, -1 and 7.
const std::string kLongs = {0, 3, 2, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, 7, 0, 0, 0, 0, 0, 0, 0};

TEST(FixedIndexed, CountsNullAsItsFirstValue) {
  const auto list = read<std::int64_t>(kLongs);
  ASSERT_EQ(list.size(), 3u);
  EXPECT_TRUE(list.has_null());
  EXPECT_EQ(list.value(0), std::nullopt);
  EXPECT_EQ(list.value(1), -1);
  EXPECT_EQ(list.value(2), 7);
}

TEST(FixedIndexed, FindsTheFirstValueThatIsNotLess) {
  const auto list = read<std::int64_t>(kLongs);
  EXPECT_EQ(list.lower_bound(-5), 1u);
  EXPECT_EQ(list.lower_bound(-1), 1u);
  EXPECT_EQ(list.lower_bound(0), 2u);
  EXPECT_EQ(list.lower_bound(8), 3u);
}

TEST(FixedIndexed, MayBeEmpty) { EXPECT_EQ(read<double>(std::string("\0\2\0\0\0\0", 6)).size(), 0u); }

TEST(FixedIndexed, RefusesCorruptBytes) {
  const auto refuses = [](std::string text) {
    ByteReader reader(bytes_of(text));
    EXPECT_THROW(FixedIndexed<std::int64_t>::read(reader, std::endian::little), Error);
  };
  refuses("");
  refuses(kLongs.substr(0, kLongs.size() - 1));
  for (const auto& [position, value] : {std::pair{0, 1}, {1, 1}, {5, 0x7F}, {5, 0xFF}}) {
    std::string text = kLongs;
    text[static_cast<std::size_t>(position)] = static_cast<char>(value);
    refuses(text);
  }
}

}  // namespace
}  // namespace sarsen::storage
