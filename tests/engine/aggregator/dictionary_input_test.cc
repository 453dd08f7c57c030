#include "engine/aggregator/dictionary_input.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "engine/aggregator/aggregator.h"
#include "engine/vector/segment_sources.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;

/// The text of a segment's only column, counting how often rows are read.
class CountedReads final : public ColumnSources, public StringSource {
 public:
  explicit CountedReads(ColumnSources& columns) : columns_(columns), strings_(*columns.strings("f")) {}
  int reads() const noexcept { return reads_; }

  std::optional<ColumnKind> kind(std::string_view column) const override { return columns_.kind(column); }
  NumericSource<std::int64_t>& longs(std::string_view) override { throw std::logic_error("not asked"); }
  NumericSource<float>& floats(std::string_view) override { throw std::logic_error("not asked"); }
  NumericSource<double>& doubles(std::string_view) override { throw std::logic_error("not asked"); }
  StringSource* strings(std::string_view) override { return this; }
  ValueSource& values(std::string_view) override { throw std::logic_error("not asked"); }

  const storage::Dictionary& dictionary() const override { return strings_.dictionary(); }
  bool multiple_values() const override { return strings_.multiple_values(); }
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    ++reads_;
    return strings_.read_ids(begin, size);
  }
  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override {
    return strings_.read_lists(begin, size);
  }

 private:
  ColumnSources& columns_;
  StringSource& strings_;
  int reads_ = 0;
};

TEST(DictionaryInput, ReadsNoRowsWhereEveryEntryOfTheDictionaryIsKnown) {
  MemorySegment segment({0, 1, 2, 3, 4, 5, 6, 7}, MemorySegment::Form::kMapped);
  segment.strings("f", {"a", "a", "b", "a", std::nullopt, "b", "c", "a"});
  SegmentSources columns(segment);
  CountedReads counted(columns);
  const Json json = Json::parse(R"({"type":"HLLSketchBuild","name":"x","fieldName":"f"})");
  const auto factory = parse_aggregator(JsonField(json));
  const auto aggregator = factory->bind(counted);
  std::vector<std::uint64_t> bytes((factory->state_size() + 7) / 8);
  for (int state = 0; state < 2; ++state) {
    std::byte* const sketch = reinterpret_cast<std::byte*>(bytes.data());
    factory->init(sketch);
    for (int round = 0; round < 4; ++round)
      for (const std::uint32_t begin : {0U, 4U}) aggregator->fold(sketch, begin, {.size = 4, .count = 4});
    EXPECT_NEAR(std::get<double>(factory->finalise(sketch)), 3, 1e-6);  // null does not count
    EXPECT_EQ(counted.reads(), (state + 1) * 2);  // the first makes the sketch, the next sees all four entries
    factory->destroy(sketch);
  }
}

}  // namespace
}  // namespace sarsen::engine
