// KLL sketches: bytes that DataSketches 4.2.0 wrote, exactness up to k values, and errors beyond.

#include "engine/sketch/kll.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "engine/aggregator/sketch_aggregator.h"
#include "storage/base/base64.h"
#include "storage/base/error.h"
#include "tests/engine/sketch/sketch_bytes.h"

namespace sarsen::engine::sketch {
namespace {

template <class T>
Kll<T> of(std::uint32_t k, const std::vector<T>& values) {
  Kll<T> sketch(k);
  for (const T value : values) sketch.update(value);
  return sketch;
}

std::vector<double> upto(int n) {
  std::vector<double> values;
  for (int i = 1; i <= n; ++i) values.push_back(i);
  return values;
}

TEST(Kll, WritesTheBytesOfJava) {
  EXPECT_EQ(base64(Kll<double>(200).bytes()), "AgEPAcgACAA=");
  EXPECT_EQ(base64(of<double>(200, {1.5}).bytes()), "AgIPBMgACAAAAAAAAAD4Pw==");
  std::vector<double> ten = upto(10);
  ten[0] = 1.5;
  EXPECT_EQ(
      base64(of<double>(200, ten).bytes()),
      "BQEPAMgACAAKAAAAAAAAAMgAAQC+AAAAAAAAAAAA+D8AAAAAAAAkQAAAAAAAACRAAAAAAAAAIkAAAAAAAAAgQAAAAAAAABxAAAAAAAAAGEAAAA"
      "AAAAAUQAAAAAAAABBAAAAAAAAACEAAAAAAAAAAQAAAAAAAAPg/");
  EXPECT_EQ(base64(of<float>(200, {1, 2, 3}).bytes()), "BQEPAMgACAADAAAAAAAAAMgAAQDFAAAAAACAPwAAQEAAAEBAAAAAQAAAgD8=");
}

TEST(Kll, ReadsWhatJavaCompacted) {
  const auto bytes = sketch_from_base64(
      "BQEPAAgACABkAAAAAAAAAAgABAAFAAAADwAAABAAAAAaAAAAAAAAAAAA8D8AAAAAAABZQAAAAAAAAFlAAAAAAADAWEAAAAAAAIBYQAAAAAAAQFhA"
      "AAAA"
      "AAAAWEAAAAAAAMBXQAAAAAAAgFdAAAAAAABAV0AAAAAAAABXQAAAAAAAwFZAAAAAAAAASUAAAAAAAABLQAAAAAAAAE1AAAAAAACATkAAAAAAAEBQ"
      "QAAA"
      "AAAAQFFAAAAAAABAUkAAAAAAAEBTQAAAAAAAQFRAAAAAAABAVUAAAAAAAEBWQAAAAAAAABhAAAAAAAAAKkAAAAAAAAA4QAAAAAAAAEBAAAAAAAAA"
      "REAA"
      "AAAAAABIQA==",
      "a test");
  const Kll<double> read = Kll<double>::parse(bytes);
  EXPECT_EQ(read.n(), 100u);
  EXPECT_EQ(read.min(), 1);
  EXPECT_EQ(read.max(), 100);
  EXPECT_NEAR(read.sorted().quantile(0.5), 50, 15);
  EXPECT_EQ(bytes_of(read.bytes()).size(), bytes.size());
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), bytes_of(read.bytes()).begin()));
  EXPECT_NE(read.summary().find("\n   Levels                 : 4\n   Level 0 Sorted         : false\n"
                                "   Capacity Items         : 32\n   Retained Items         : 27\n"
                                "   Empty/Garbage Items    : 5\n   ReadOnly               : true(Format)\n"
                                "   Updatable Storage Bytes: 312\n   Compact Storage Bytes  : 268\n"
                                "   Min Item               : 1.0\n   Max Item               : 100.0\n"),
            std::string::npos)
      << read.summary();
}

TEST(Kll, IsExactUpToK) {
  const Kll<double> sketch = of<double>(200, upto(200));
  const SortedView<double> sorted = sketch.sorted();
  EXPECT_EQ(sorted.quantile(0), 1);
  EXPECT_EQ(sorted.quantile(0.5), 100);
  EXPECT_EQ(sorted.quantile(1), 200);
  EXPECT_EQ(sorted.rank(50), 0.25);
  EXPECT_EQ(sorted.rank(0.5), 0);
  EXPECT_EQ(sorted.ranks({50, 100}), (std::vector<double>{0.25, 0.5, 1}));
  EXPECT_EQ(sorted.masses({50, 100}), (std::vector<double>{0.25, 0.25, 0.5}));
}

TEST(Kll, StaysWithinItsErrorHoweverItIsSplit) {
  std::mt19937_64 random(7);
  std::vector<double> values = upto(100'000);
  std::shuffle(values.begin(), values.end(), random);
  for (const std::size_t parts : {1U, 3U, 16U}) {
    Kll<double> all(200);
    for (std::size_t part = 0; part < parts; ++part) {
      Kll<double> one(200);
      for (std::size_t i = part; i < values.size(); i += parts) one.update(values[i]);
      EXPECT_EQ(Kll<double>::parse(bytes_of(one.bytes())).bytes(), one.bytes());
      all.merge(one);
    }
    EXPECT_EQ(all.n(), 100'000u);
    EXPECT_EQ(all.min(), 1);
    EXPECT_EQ(all.max(), 100'000);
    for (const double fraction : {0.01, 0.25, 0.5, 0.75, 0.99})
      EXPECT_NEAR(all.sorted().quantile(fraction), fraction * 1e5, 3000) << parts;
    EXPECT_EQ(Kll<double>::parse(bytes_of(all.bytes())).bytes(), all.bytes()) << parts;
  }
}

TEST(Kll, TakesNoNotANumber) {
  const Kll<float> sketch = of<float>(8, {std::nanf(""), 2});
  EXPECT_EQ(sketch.n(), 1u);
  EXPECT_TRUE(std::isnan(Kll<float>(8).min()));
  Kll<float> merged(8);
  merged.merge(sketch);
  merged.merge(Kll<float>(8));
  EXPECT_EQ(merged.min(), 2);
}

TEST(Kll, RefusesBrokenBytes) {
  const std::string bytes = of<double>(8, upto(100)).bytes();
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7)
    EXPECT_THROW(Kll<double>::parse(bytes_of(bytes.substr(0, cut))), Error) << cut;
  for (std::size_t i = 0; i < 40; ++i) {
    std::string broken = bytes;
    broken[i] = static_cast<char>(broken[i] ^ 0x55);
    try {
      Kll<double>::parse(bytes_of(broken));  // or anything that is consistent
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace sarsen::engine::sketch
