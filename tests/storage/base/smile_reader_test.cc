// SMILE as Jackson writes it; bytes are those of its generator, except where they were put together by hand.
#include "storage/base/smile_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "storage/base/error.h"

namespace sarsen {
namespace {

std::vector<std::byte> from_hex(std::string_view text) {
  std::vector<std::byte> bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high >= 0) bytes.push_back(static_cast<std::byte>(high << 4 | digit));
    high = high >= 0 ? -1 : digit;
  }
  return bytes;
}

std::string dump(std::string_view body, std::string_view header = "3a290a05") {
  return parse_smile(from_hex(std::string(header) + std::string(body))).dump();
}

std::string complaint(std::string_view body, std::string_view header = "3a290a05") {
  try {
    dump(body, header);
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput);
    return error.what();
  }
  return "";
}

TEST(SmileReader, ReadsLiteralsAndContainers) {
  EXPECT_EQ(dump("f8 f9"), "[]");
  EXPECT_EQ(dump("fa fb"), "{}");
  EXPECT_EQ(dump("f8 20 21 22 23 f9"), R"(["",null,false,true])");
  EXPECT_EQ(dump("fa 80 61 c2 fb"), R"({"a":1})");
  EXPECT_EQ(dump("fa 20 c2 fb"), R"({"":1})");
  EXPECT_EQ(dump("c0 ff"), "0");  // the end may be marked
}

TEST(SmileReader, ReadsIntegers) {
  EXPECT_EQ(dump("f8 c0 c1 de df f9"), "[0,-1,15,-16]");
  EXPECT_EQ(dump("f8 24 a0 24 01be 24 1f90 24 1f8f f9"), "[16,63,1000,-1000]");
  EXPECT_EQ(dump("f8 24 1f7f7f7fbe 24 1f7f7f7fbf f9"), "[2147483647,-2147483648]");
  EXPECT_EQ(dump("25 4a405f1080"), "5000000000");
  EXPECT_EQ(dump("25 011d7c6d054080"), "1356998400000");
  EXPECT_EQ(dump("25 037f7f7f7f7f7f7f7fbe"), "9223372036854775807");
  EXPECT_EQ(dump("25 037f7f7f7f7f7f7f7fbf"), "-9223372036854775808");
}

TEST(SmileReader, ReadsFloatingPointNumbers) {
  EXPECT_EQ(dump("29 003f7800000000000000"), "1.0");
  EXPECT_EQ(dump("29 013f7c00000000000000"), "-1.5");
  EXPECT_EQ(dump("28 037c000000"), "1.0");
  // 0.1f is 3DCCCCCD: with the digits of a float, not those of the double beside it.
  EXPECT_EQ(dump("28 036e33194d"), "0.1");
}

// BigInteger.toByteArray() and BigDecimal.unscaledValue(), seven bits a byte; put together by hand.
TEST(SmileReader, ReadsBigNumbers) {
  EXPECT_EQ(dump("26 81 0201"), "5");
  EXPECT_EQ(dump("26 81 7f01"), "-1");
  // 2^64 = 01 and eight zero bytes: seven, then two.
  EXPECT_EQ(dump("26 89 0040000000000000 000000"), "1.8446744073709552E19");
  EXPECT_EQ(dump("2a 84 81 3e01"), "1.25");    // 125, scale 2
  EXPECT_EQ(dump("2a 81 81 7b00"), "-100.0");  // -10, scale -1
  EXPECT_NE(complaint("26 80"), "");
}

TEST(SmileReader, ReadsText) {
  EXPECT_EQ(dump("42 616263"), R"("abc")");
  EXPECT_EQ(dump("80 c3bc"), "\"\xC3\xBC\"");
  std::string long_text = "e0";
  for (int i = 0; i < 65; ++i) long_text += "78";
  EXPECT_EQ(dump(long_text + "fc"), '"' + std::string(65, 'x') + '"');
  EXPECT_EQ(dump("e4 c3bc fc"), "\"\xC3\xBC\"");
  EXPECT_EQ(dump("fa 34 6162 fc c2 fb"), R"({"ab":1})");
  EXPECT_EQ(dump("fa c0 c3bc c2 fb"), "{\"\xC3\xBC\":1}");
}

TEST(SmileReader, ShowsBinaryAsBase64) {
  EXPECT_EQ(dump("fd 83 00ff80"), R"("AP+A")");
  EXPECT_EQ(dump("e8 83 003f7000"), R"("AP+A")");  // 00FF80 in groups of seven bits, the last three right-aligned
  EXPECT_EQ(dump("e8 80"), R"("")");
}

TEST(SmileReader, RefersToNamesAndStrings) {
  EXPECT_EQ(dump("f8 fa 8061 c2 fb fa 40 c4 8062 c6 fb fa 41 c8 fb f9"), R"([{"a":1},{"a":2,"b":3},{"b":4}])");
}

TEST(SmileReader, RefersToStringsBeyondTheFirst31) {
  std::string body = "f8";
  for (int i = 0; i < 40; ++i) {
    const std::string digits = "0123456789abcdef";
    body +=
        std::string("41 3") + digits[static_cast<std::size_t>(i) / 10] + "3" + digits[static_cast<std::size_t>(i) % 10];
  }
  const std::string text = dump(body + "01 1f ec27 f9", "3a290a02");
  EXPECT_TRUE(text.ends_with(R"("39","00","30","39"])")) << text;
}

TEST(SmileReader, BeginsAnewAfter1024Names) {
  std::string body = "f8";
  for (int i = 0; i < 1025; ++i) {
    constexpr char kDigits[] = "0123456789";
    body += "fa 83";
    for (const int place : {1000, 100, 10, 1}) body += std::string("3") + kDigits[i / place % 10];
    body += "c0 fb";
  }
  const std::string text = dump(body + "fa 40 c0 fb f9");
  EXPECT_TRUE(text.ends_with(R"({"1024":0},{"1024":0}])"));
  EXPECT_NE(complaint(body + "fa 41 c0 fb f9"), "");
}

TEST(SmileReader, KeepsTheLastOfRepeatedKeys) {
  EXPECT_EQ(dump("fa 8061 c2 8062 c4 40 c6 fb"), R"({"a":3,"b":2})");
  std::string body = "fa";
  for (const char* digit : {"0", "1"}) {
    for (int i = 0; i < 20; ++i)
      body += "81 3" + std::to_string(i / 10) + "3" + std::to_string(i % 10) + "24 a" + digit;
  }
  const Json json = parse_smile(from_hex("3a290a05" + body + "fb"));
  ASSERT_EQ(json.object().size(), 20u);
  for (const auto& [key, value] : json.object()) EXPECT_EQ(value.integer(), -17) << key;
}

TEST(SmileReader, SaysWhatIsWrong) {
  EXPECT_EQ(complaint("c0", "7b7d0a05"), "SMILE: document: does not begin with the header of SMILE, at byte 3");
  EXPECT_EQ(complaint("c0 c0"), "SMILE: document: bytes left over, at byte 6");
  EXPECT_EQ(complaint("f8 c0"), "SMILE: truncated: document, at byte 6");
  EXPECT_EQ(complaint("01"), "SMILE: document: refers to a text that is not shared, at byte 5");
  EXPECT_EQ(complaint("80 ffff"), "SMILE: document: text is not UTF-8, at byte 7");
  for (const char* body : {"",      "00",    "27",    "2b",    "3f",      "e1",    "f0",
                           "f9",    "fb",    "fc",    "fe",    "ff",      "fa 00", "fa 2f",
                           "fa 35", "fa 3f", "fa f8", "fa ff", "e0 6161", "24 00", "24 7f7f7f7f7fbf",
                           "29 80", "26 ff", "ec"})
    EXPECT_NE(complaint(body), "") << body;
  EXPECT_THROW(parse_smile(from_hex("3a290a15 c0")), Error);
}

TEST(SmileReader, LimitsDepthSizeAndRepetition) {
  std::string deep;
  for (std::size_t i = 0; i <= kJsonDepthMax; ++i) deep += "f8";
  EXPECT_NE(complaint(deep).find("nested too deeply"), std::string::npos);

  std::vector<std::byte> many = from_hex("3a290a05 f8");
  many.resize(many.size() + kSmileValuesMax + 1, std::byte{0xC0});
  EXPECT_THROW(parse_smile(many), Error);

  // A name of a megabyte that is referred to again and again.
  std::vector<std::byte> repeating = from_hex("3a290a05 f8 fa 34");
  repeating.resize(repeating.size() + (1u << 20), std::byte{'x'});
  for (const std::byte byte : from_hex("fc c0 fb")) repeating.push_back(byte);
  for (int i = 0; i < 100; ++i) {
    for (const std::byte byte : from_hex("fa 40 c0 fb")) repeating.push_back(byte);
  }
  repeating.push_back(std::byte{0xF9});
  EXPECT_THROW(parse_smile(repeating), Error);
}

}  // namespace
}  // namespace sarsen
