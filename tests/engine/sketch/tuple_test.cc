// Tuple sketches of doubles: bytes and estimates of DataSketches 4.2.0, unions and other set operations.

#include "engine/sketch/tuple.h"

#include <gtest/gtest.h>

#include "engine/aggregator/sketch_aggregator.h"
#include "storage/base/base64.h"
#include "storage/base/error.h"
#include "tests/engine/sketch/sketch_bytes.h"

namespace sarsen::engine::sketch {
namespace {

void add(TupleSketch& sketch, const std::string& key, const std::vector<double>& numbers) {
  sketch.update(murmur3(key, kDataSketchesSeed), numbers);
}

TupleSketch upto(std::uint32_t entries, int begin, int end) {
  TupleSketch sketch(entries, 1);
  for (int i = begin; i < end; ++i) add(sketch, std::to_string(i), {static_cast<double>(i)});
  return sketch;
}

TEST(Tuple, WritesTheBytesOfJava) {
  TupleSketch sketch(16384, 2);
  add(sketch, "a", {1, 2});
  add(sketch, "b", {3, 4});
  add(sketch, "a", {10, 20});
  EXPECT_EQ(base64(sketch.result().bytes()),
            "AQEJAwgCzJP/////////fwIAAAAAAAAAhX9AtonH5TQXwR1ShQcBewAAAAAAAAhAAAAAAAAAEEAAAAAAAAAmQAAAAAAAADZA");
}

TEST(Tuple, ThinsOutAsJavaDoes) {
  const TupleSketch sketch = upto(16, 0, 1000);
  EXPECT_EQ(sketch.result().estimate(), 850.2077495105332);
  EXPECT_EQ(sketch.result().hashes.size(), 24u);
  EXPECT_EQ(base64(sketch.result().bytes()),
            "AQEJAwgBzJOEBzI08PycAxgAAAAAAAAAANIqQpt+QwNMNdzh+5eUAyKjUYEOAjkC40NdMdhwEQPEZ5EsNE8mAAS4jHF93CAA+"
            "eabtp9rsgBDbKLEyyGx"
            "AOnqcIFMyVUCiuiHkFiFGQFLYmMZYu9HAGyS9sMkCYIBzQohdJP3jwGOjlLw7q3NALBydpNh+s0BacL0ocNMrgAXfEHM3r30AvkA4To/"
            "2QkAvyEYndFF"
            "SgMGJ9H0eZ3qAlzm1EXdTGgC0OCdP4iW0wEJifbnaOLzACwBU+"
            "ee5SwAAAAAAACAVEAAAAAAAPiFQAAAAAAAAGpAAAAAAABwe0AAAAAAAABwQAAAAAAA"
            "aIZAAAAAAABAd0AAAAAAALB2QAAAAAAA2IRAAAAAAAAgcEAAAAAAAIBEQAAAAAAAAFtAAAAAAABYhkAAAAAAACiIQAAAAAAAwHhAAAAAAA"
            "DogkAAAAAA"
            "AAA7QAAAAAAA6IBAAAAAAACgiUAAAAAAAPiIQAAAAAAASIhAAAAAAABIgkAAAAAAAKCKQAAAAAAAYHZA");
  TupleSketch united(16, 1);
  united.merge(sketch.result());
  EXPECT_EQ(united.result().estimate(), 877.0491717064613);
  EXPECT_EQ(united.result().hashes.size(), 16u);
}

TEST(Tuple, IsCutToItsSizeWhereItIsMergedAlone) {
  TupleSketch sketch = upto(16, 0, 1000);
  sketch.merge_alone();
  EXPECT_EQ(sketch.result().estimate(), 877.0491717064613);
  EXPECT_EQ(sketch.result().hashes.size(), 16u);
  const std::string once = sketch.result().bytes();
  sketch.merge_alone();
  EXPECT_EQ(sketch.result().bytes(), once);
}

TEST(Tuple, MergesToTheSameSketchHoweverItIsSplit) {
  TupleSketch whole(64, 1);
  whole.merge(upto(64, 0, 5000).result());
  for (const int parts : {2, 7}) {
    TupleSketch united(64, 1);
    for (int part = 0; part < parts; ++part) united.merge(upto(64, 5000 * part / parts, 5000 * (part + 1) / parts));
    EXPECT_EQ(united.result().estimate(), whole.result().estimate()) << parts;
  }
  TupleSketch copied(64, 1);
  copied.merge(upto(64, 0, 100));
  EXPECT_EQ(copied.result().bytes(), upto(64, 0, 100).result().bytes());
}

TEST(Tuple, IntersectsAndSubtracts) {
  const CompactTuple left = upto(1024, 0, 100).result();
  const CompactTuple right = upto(1024, 50, 150).result();
  EXPECT_EQ(left.intersected(right).estimate(), 50);
  EXPECT_EQ(left.without(right).estimate(), 50);
  double sum = 0;
  for (const double number : left.intersected(right).numbers) sum += number;
  EXPECT_EQ(sum, 2 * (50 + 99) * 50 / 2);
  EXPECT_TRUE(left.intersected(CompactTuple()).empty);
  EXPECT_EQ(left.without(CompactTuple()).estimate(), 100);
  EXPECT_TRUE(left.without(left).empty);
  CompactTuple wide;
  wide.width = 2;
  EXPECT_THROW(left.intersected(wide), Error);
}

TEST(Tuple, ReadsBackAndRefusesBrokenBytes) {
  const std::string bytes = upto(16, 0, 1000).result().bytes();
  EXPECT_EQ(CompactTuple::parse(bytes_of(bytes)).bytes(), bytes);
  EXPECT_EQ(CompactTuple::parse(bytes_of(CompactTuple().bytes())).bytes(), CompactTuple().bytes());
  for (std::size_t cut = 0; cut < bytes.size(); cut += 5)
    EXPECT_THROW(CompactTuple::parse(bytes_of(bytes.substr(0, cut))), Error) << cut;
}

TEST(Tuple, DescribesItself) {
  EXPECT_EQ(upto(1024, 0, 3).result().summary(),
            "### DirectArrayOfDoublesCompactSketch SUMMARY: \n   Estimate                : 3.0\n"
            "   Upper Bound, 95% conf   : 3.0\n   Lower Bound, 95% conf   : 3.0\n   Theta (double)          : 1.0\n"
            "   Theta (long)            : 9223372036854775807\n   EstMode?                : false\n"
            "   Empty?                  : false\n   Retained Entries        : 3\n"
            "   Seed Hash               : 93cc | 37836\n### END SKETCH SUMMARY\n");
}

}  // namespace
}  // namespace sarsen::engine::sketch
