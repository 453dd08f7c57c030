#include "server/http/gzip.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::server {
namespace {

std::string packed(std::string_view text) {
  GzipCompressor gzip;
  std::string out;
  gzip.add(text, out);
  gzip.finish(out);
  return out;
}

TEST(GzipTest, UnpacksWhatItPacked) {
  std::string text;
  for (int line = 0; line < 100'000; ++line) text += std::to_string(line * 7919) + "\n";
  EXPECT_EQ(gunzip(packed(text), text.size()), text);
  EXPECT_EQ(gunzip(packed(""), 0), "");
}

TEST(GzipTest, RefusesWhatIsCutOrForeignOrTooLarge) {
  const std::string whole = packed(std::string(10'000, 'a'));
  EXPECT_THROW(gunzip(whole.substr(0, whole.size() - 9), 100'000), Error);
  EXPECT_THROW(gunzip("hello", 100), Error);
  EXPECT_THROW(gunzip("", 100), Error);
  EXPECT_THROW(gunzip(whole, 9'999), Error);
}

TEST(GzipTest, ReadsAcceptEncoding) {
  for (const char* yes : {"gzip", "deflate, GZIP;q=0.5", " gzip ;q=1.0", "gzip;q=0.001"})
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  for (const char* no : {"", "identity", "gzip;q=0", "gzip; q=0.000", "gzipped", "br"})
    EXPECT_FALSE(accepts_gzip(no)) << no;
}

}  // namespace
}  // namespace sarsen::server
