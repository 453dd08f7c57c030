#include "storage/nested/int_arrays.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::storage {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

IntArrays read_arrays(const std::string& text) {
  ByteReader reader(bytes_of(text));
  IntArrays arrays = IntArrays::read(reader, std::endian::little);
  for (std::uint32_t i = 0; i < arrays.size(); ++i) arrays.value(i);
  return arrays;
}

// [], [1], [1, 2], [1, 3], [4] in buckets of four.
std::string arrays_text() {
  std::string body = {19, 0, 0, 0};  // where the first bucket ends
  body += std::string{char(0x80)};
  for (const char value : {char(1), char(2), char(3)}) body += std::string{char(value == 1 ? 0x80 : 0x81), char(0x81), value, 0, 0, 0};
  body += std::string{char(0x81), 4, 0, 0, 0};
  return std::string{0, 4, 0, char(0x85)} + static_cast<char>(0x80 | body.size()) + body;
}

TEST(IntArrays, ShareWhatTheOneBeforeBeginsWith) {
  const std::string text = arrays_text();
  const IntArrays arrays = read_arrays(text);
  using Array = std::vector<std::uint32_t>;
  ASSERT_EQ(arrays.size(), 5u);
  EXPECT_EQ(arrays.value(0), Array{});
  EXPECT_EQ(arrays.value(1), Array{1});
  EXPECT_EQ(arrays.value(2), (Array{1, 2}));
  EXPECT_EQ(arrays.value(3), (Array{1, 3}));
  EXPECT_EQ(arrays.value(4), Array{4});
}

TEST(IntArrays, EndInAnAnswerOrAnErrorWhateverTheBytes) {
  const std::string text = arrays_text();
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_THROW(read_arrays(text.substr(0, size)), Error) << size;
  std::size_t refused = 0;
  for (std::size_t position = 0; position < text.size(); ++position) {
    for (const int change : {1, 0x7F, 0x80, 0xFF}) {
      std::string changed = text;
      changed[position] = static_cast<char>(changed[position] ^ change);
      try {
        read_arrays(changed);
      } catch (const Error&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 30u);
}

}  // namespace
}  // namespace sarsen::storage
