// Aggregators over sketches: over every kind of column, merged, and against the columns that stock Druid 33 stored.

#include "engine/aggregator/sketch_aggregator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <random>

#include "engine/aggregator/aggregator_set.h"
#include "engine/sketch/hll.h"
#include "engine/sketch/hyper_unique.h"
#include "engine/sketch/theta.h"
#include "engine/sketch/utf16.h"
#include "engine/vector/segment_sources.h"
#include "storage/base/interval.h"
#include "storage/segment/mapped_segment.h"
#include "tests/engine/sketch/sketch_bytes.h"
#include "tests/support/checkout.h"
#include "tests/support/gzip_lines.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

namespace fs = std::filesystem;
using sarsen::testing::MemorySegment;

std::shared_ptr<const AggregatorFactory> parse(const std::string& json) {
  const Json document = Json::parse(json);
  return parse_aggregator(JsonField(document));
}

/// One state of a factory.
class OneState {
 public:
  explicit OneState(std::shared_ptr<const AggregatorFactory> factory)
      : factory_(std::move(factory)), bytes_((factory_->state_size() + 7) / 8) {
    factory_->init(state());
  }
  ~OneState() { factory_->destroy(state()); }
  OneState(const OneState&) = delete;
  OneState& operator=(const OneState&) = delete;

  OneState& fold(ColumnSources& columns, std::uint32_t rows) {
    factory_->bind(columns)->fold(state(), 0, {.size = rows, .count = rows});
    return *this;
  }
  OneState& merge(const OneState& other) {
    factory_->merge(state(), other.state());
    return *this;
  }
  Value finalise() const { return factory_->finalise(state()); }
  /// As answers show it, and other servers merge it.
  std::string stored() const { return std::get<ComplexBytes>(factory_->intermediate(state())).bytes; }
  std::string stored_in_column() const { return std::get<ComplexBytes>(factory_->stored(state())).bytes; }

 private:
  std::byte* state() noexcept { return reinterpret_cast<std::byte*>(bytes_.data()); }
  const std::byte* state() const noexcept { return reinterpret_cast<const std::byte*>(bytes_.data()); }

  std::shared_ptr<const AggregatorFactory> factory_;
  std::vector<std::uint64_t> bytes_;
};

/// One column, "f", of raw values as ingestion shows them, or of stored sketches.
class RawColumn final : public ColumnSources, public ValueSource {
 public:
  explicit RawColumn(std::vector<ValueView> values, ColumnKind kind = {storage::ValueType::kString, "", false})
      : values_(std::move(values)), kind_(std::move(kind)) {}

  std::optional<ColumnKind> kind(std::string_view) const override { return kind_; }
  NumericSource<std::int64_t>& longs(std::string_view) override { throw std::logic_error("not asked"); }
  NumericSource<float>& floats(std::string_view) override { throw std::logic_error("not asked"); }
  NumericSource<double>& doubles(std::string_view) override { throw std::logic_error("not asked"); }
  StringSource* strings(std::string_view) override { return nullptr; }
  ValueSource& values(std::string_view) override { return *this; }
  ValueView value(std::uint32_t row) override { return values_[row]; }

 private:
  std::vector<ValueView> values_;
  ColumnKind kind_;
};

Value over(const storage::Segment& segment, const std::string& json) {
  SegmentSources columns(segment);
  return OneState(parse(json)).fold(columns, segment.row_count()).finalise();
}

MemorySegment& sample(MemorySegment& segment) {
  return segment.strings("text", {"a", "b", std::nullopt, "a", ""})
      .lists("list", {{"a", "b"}, {}, {"c"}, {"a", "d"}, {}})
      .longs("long", {1, 2, 2, std::nullopt, 4})
      .doubles("double", {0.5, 0.5, -0.0, 0.0, std::nullopt});
}

TEST(SketchAggregator, CountsDistinctValuesOfEveryKindOfColumn) {
  MemorySegment segment({0, 1, 2, 3, 4}, MemorySegment::Form::kMapped);
  sample(segment);
  for (const char* type : {"thetaSketch", "HLLSketchBuild"}) {
    const auto count = [&](const std::string& field) {
      return std::get<double>(
          over(segment, R"({"type":")" + std::string(type) + R"(","name":"x","fieldName":")" + field + "\"}"));
    };
    EXPECT_NEAR(count("text"), 2, 1e-6) << type;  // null and the empty text do not count
    EXPECT_NEAR(count("list"), 4, 1e-6) << type;
    EXPECT_NEAR(count("long"), 3, 1e-6) << type;
    EXPECT_NEAR(count("double"), 2, 1e-6) << type;  // there is one zero
    EXPECT_EQ(count("none"), 0) << type;
  }
}

TEST(SketchAggregator, CountsNumbersInQuantilesAndIgnoresText) {
  MemorySegment segment({0, 1, 2, 3, 4}, MemorySegment::Form::kLive);
  sample(segment);
  const std::string json = R"({"type":"quantilesDoublesSketch","name":"x","fieldName":)";
  EXPECT_EQ(over(segment, json + "\"long\"}"), Value(std::int64_t{4}));
  EXPECT_EQ(over(segment, json + "\"double\"}"), Value(std::int64_t{4}));
  EXPECT_EQ(over(segment, json + "\"text\"}"), Value(std::int64_t{0}));
  EXPECT_EQ(over(segment, json + "\"none\"}"), Value(std::int64_t{0}));
}

TEST(SketchAggregator, ReadsHyperUniqueFromStoredValuesOnly) {
  MemorySegment segment({0, 1, 2, 3, 4}, MemorySegment::Form::kMapped);
  sample(segment);
  EXPECT_EQ(over(segment, R"({"type":"hyperUnique","name":"x","fieldName":"long"})"), Value(0.0));
  EXPECT_EQ(over(segment, R"({"type":"hyperUnique","name":"x","fieldName":"none","round":true})"),
            Value(std::int64_t{0}));
  EXPECT_THROW(over(segment, R"({"type":"hyperUnique","name":"x","fieldName":"text"})"), Error);
}

TEST(SketchAggregator, FoldsEachRowIntoItsGroup) {
  MemorySegment segment({0, 1, 2, 3, 4}, MemorySegment::Form::kMapped);
  sample(segment);
  const AggregatorSet set({parse(R"({"type":"thetaSketch","name":"x","fieldName":"list"})")});
  SegmentSources columns(segment);
  BoundAggregators bound(set, columns);
  StateRows rows(set);
  rows.grow_to(3);
  const std::vector<std::uint32_t> groups = {0, 1, 0, 2, 1};
  bound.fold_groups(rows.row(0), groups.data(), 0, {.size = 5, .count = 5});
  EXPECT_EQ(set.finalise(rows.row(0), 0), Value(3.0));
  EXPECT_EQ(set.finalise(rows.row(1), 0), Value(0.0));
  EXPECT_EQ(set.finalise(rows.row(2), 0), Value(2.0));
}

TEST(SketchAggregator, TakesStatesAsItMergesThem) {
  MemorySegment segment({0, 1, 2, 3, 4}, MemorySegment::Form::kMapped);
  sample(segment);
  const std::string inner = R"({"type":"thetaSketch","name":"x","fieldName":"list"})";
  for (const std::string& json :
       {inner, R"({"type":"filtered","name":"x","filter":{"type":"true"},"aggregator":)" + inner + "}"}) {
    const AggregatorSet set({parse(json)});
    SegmentSources columns(segment);
    BoundAggregators bound(set, columns);
    StateRows from(set);
    from.grow_to(3);
    const std::vector<std::uint32_t> groups = {0, 1, 0, 2, 1};
    bound.fold_groups(from.row(0), groups.data(), 0, {.size = 5, .count = 5});
    StateRows merged(set);
    StateRows taken(set);
    merged.grow_to(2);
    taken.grow_to(2);
    const std::vector<std::uint32_t> into = {1, 0, 1};
    set.merge_groups(merged.row(0), into.data(), from.row(0), 3);
    set.take_groups(taken.row(0), into.data(), from.row(0), 3);
    EXPECT_EQ(set.finalise(taken.row(0), 0), set.finalise(merged.row(0), 0));
    EXPECT_EQ(set.finalise(taken.row(1), 0), Value(4.0));
    EXPECT_EQ(set.finalise(merged.row(1), 0), Value(4.0));
  }
}

constexpr std::uint32_t kManyRows = 100'000;

std::vector<std::optional<std::string>> random_texts(std::uint32_t distinct) {
  std::vector<std::optional<std::string>> texts;
  std::minstd_rand random(distinct);
  for (std::uint32_t row = 0; row < kManyRows; ++row) texts.push_back(std::to_string(random() % distinct));
  return texts;
}

/// The bytes of the sketch over "text", folded vector by vector, of every second one only the odd rows.
std::string folded_bytes(const storage::Segment& segment, const std::string& json) {
  const AggregatorSet set({parse(json)});
  SegmentSources columns(segment);
  BoundAggregators bound(set, columns);
  StateRows rows(set);
  rows.grow_to(1);
  const std::vector<std::uint64_t> odd(kVectorWords, 0xaaaaaaaaaaaaaaaa);
  for (std::uint32_t begin = 0; begin + kVectorRows <= kManyRows; begin += kVectorRows) {
    const bool masked = begin / kVectorRows % 2 == 1;
    bound.fold(
        rows.row(0), begin,
        {.size = kVectorRows, .count = masked ? kVectorRows / 2 : kVectorRows, .mask = masked ? odd.data() : nullptr});
  }
  return std::get<ComplexBytes>(set.factory(0).intermediate(rows.row(0))).bytes;
}

/// Calls add(text) for the same rows one by one.
template <class Add>
void each_folded(const std::vector<std::optional<std::string>>& texts, Add add) {
  for (std::uint32_t row = 0; row < kManyRows / kVectorRows * kVectorRows; ++row)
    if (row / kVectorRows % 2 == 0 || row % 2 == 1) add(*texts[row]);
}

TEST(SketchAggregator, LeavesOutOnlyValuesThatChangeNothing) {
  for (const std::uint32_t distinct : {3U, 3000U, 200'000U}) {
    const auto texts = random_texts(distinct);
    MemorySegment segment(std::vector<std::int64_t>(kManyRows), MemorySegment::Form::kMapped);
    segment.strings("text", texts);
    sketch::Hll hll(12);
    sketch::ThetaUnion theta(1024);
    sketch::HyperUnique hyper_unique;
    each_folded(texts, [&](const std::string& text) {
      hll.update(sketch::murmur3_of_utf16(text, sketch::kDataSketchesSeed));
      theta.update(text);
      hyper_unique.add(sketch::murmur3_of_utf16(text, sketch::kGuavaSeed));
    });
    EXPECT_EQ(folded_bytes(segment, R"({"type":"HLLSketchBuild","name":"x","fieldName":"text"})"),
              hll.compact_bytes(sketch::HllType::kHll4));
    EXPECT_EQ(folded_bytes(segment, R"({"type":"thetaSketch","name":"x","fieldName":"text","size":1024})"),
              theta.result().bytes());
    EXPECT_EQ(folded_bytes(segment, R"({"type":"cardinality","name":"x","fields":["text"]})"), hyper_unique.bytes());
  }
}

TEST(SketchAggregator, FoldsASketchThatLiesWhereAnotherLay) {
  MemorySegment segment({0, 1, 2, 3, 4}, MemorySegment::Form::kMapped);
  sample(segment);
  const AggregatorSet set({parse(R"({"type":"HLLSketchBuild","name":"x","fieldName":"text"})")});
  SegmentSources columns(segment);
  BoundAggregators bound(set, columns);
  for (int time = 0; time < 3; ++time) {
    StateRows rows(set);
    rows.grow_to(1);
    for (int again = 0; again < 2; ++again) bound.fold(rows.row(0), 0, {.size = 5, .count = 5});
    EXPECT_NEAR(std::get<double>(set.finalise(rows.row(0), 0)), 2, 1e-6);
  }
}

TEST(EntryHashes, AreMadeOnceAndSharedWhileOneReadsThem) {
  MemorySegment segment({0, 1, 2, 3, 4}, MemorySegment::Form::kMapped);
  const storage::Dictionary& dictionary = *sample(segment).column("text")->dictionary();
  SharedEntryHashes<std::uint32_t> shared;
  auto hashes = shared.of(dictionary);
  EXPECT_EQ(shared.of(dictionary), hashes);
  EXPECT_EQ(hashes->kept(1), hashes->kUnmade);
  EXPECT_EQ(hashes->of(1, [] { return std::optional(7U); }), 7U);
  EXPECT_EQ(hashes->of(1, [] { return std::optional(8U); }), 7U);
  EXPECT_EQ(hashes->of(0, []() -> std::optional<std::uint32_t> { return std::nullopt; }), std::nullopt);
  EXPECT_EQ(hashes->of(0, [] { return std::optional(8U); }), std::nullopt);
  for (const std::uint32_t mark : {hashes->kUnmade, hashes->kNoValue}) {
    EXPECT_EQ(hashes->of(2, [&] { return std::optional(mark); }), mark);
    EXPECT_EQ(hashes->kept(2), hashes->kUnmade);
  }
  hashes.reset();
  EXPECT_EQ(shared.of(dictionary)->kept(1), hashes->kUnmade);
}

TEST(SketchAggregator, TakesRawValuesOfAnyKind) {
  RawColumn raw({std::string_view("a"), std::int64_t{5}, 2.5, std::monostate(),
                 std::vector<std::optional<std::string_view>>{"a", "b", std::nullopt}});
  for (const char* type : {"thetaSketch", "HLLSketchBuild", "hyperUnique"}) {
    const auto factory = parse(R"({"type":")" + std::string(type) + R"(","name":"x","fieldName":"f"})");
    const double nulls = type == std::string_view("hyperUnique") ? 1 : 0;  // in a list it counts as the text "null"
    EXPECT_NEAR(std::get<double>(OneState(factory).fold(raw, 5).finalise()), 4 + nulls, 0.01) << type;
  }
  RawColumn numbers({std::string_view("1.5"), std::int64_t{5}, std::monostate(), std::string_view()});
  const auto quantiles = parse(R"({"type":"quantilesDoublesSketch","name":"x","fieldName":"f"})");
  EXPECT_EQ(OneState(quantiles).fold(numbers, 4).finalise(), Value(std::int64_t{2}));
}

TEST(SketchAggregator, FoldsItsStoredFormWithItsCombiningForm) {
  for (const char* type : {"thetaSketch", "HLLSketchBuild", "hyperUnique", "quantilesDoublesSketch"}) {
    const auto factory = parse(R"({"type":")" + std::string(type) + R"(","name":"x","fieldName":"f"})");
    RawColumn first({std::int64_t{1}, std::int64_t{2}});
    RawColumn second({std::int64_t{2}, std::int64_t{3}, std::int64_t{4}});
    OneState one(factory);
    OneState other(factory);
    one.fold(first, 2);
    other.fold(second, 3);
    const std::string first_bytes = one.stored();
    const std::string second_bytes = other.stored();
    RawColumn stored({std::as_bytes(std::span(first_bytes)), std::monostate(), std::as_bytes(std::span(second_bytes)),
                      std::span<const std::byte>()},
                     factory->intermediate_kind());
    OneState combined(factory->combining());
    combined.fold(stored, 4);
    EXPECT_EQ(combined.stored(), one.merge(other).stored()) << type;
    EXPECT_EQ(combined.finalise(), one.finalise()) << type;
  }
}

TEST(SketchAggregator, FoldsWhatAnotherStored) {
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"HLLSketchBuild", "HLLSketchMerge"},        {"KllDoublesSketch", "KllDoublesSketchMerge"},
      {"KllFloatsSketch", "KllFloatsSketchMerge"}, {"quantilesDoublesSketch", "quantilesDoublesSketchMerge"},
      {"approxHistogram", "approxHistogramFold"},  {"variance", "varianceFold"},
  };
  for (const auto& [build, fold] : pairs) {
    const auto factory = parse(R"({"type":")" + build + R"(","name":"x","fieldName":"f"})");
    MemorySegment segment({0, 1, 2}, MemorySegment::Form::kMapped);
    segment.doubles("f", {1.0, 2.0, 4.0});
    SegmentSources raw(segment);
    OneState one(factory);
    one.fold(raw, 3);
    const std::string bytes = one.stored();
    RawColumn stored({std::as_bytes(std::span(bytes)), std::monostate()}, factory->intermediate_kind());
    OneState folded(parse(R"({"type":")" + fold + R"(","name":"x","fieldName":"f"})"));
    EXPECT_EQ(folded.fold(stored, 2).finalise(), one.finalise()) << fold;
  }
}

TEST(SketchAggregator, UnitesBloomFilters) {
  MemorySegment segment({0, 1, 2, 3, 4}, MemorySegment::Form::kMapped);
  const auto factory = parse(R"({"type":"bloom","name":"x","field":"text","maxNumEntries":100})");
  SegmentSources columns(sample(segment));
  OneState one(factory);
  one.fold(columns, 5);
  const std::string bytes = one.stored();
  RawColumn stored({std::as_bytes(std::span(bytes)), std::monostate()}, factory->intermediate_kind());
  OneState merged(parse(R"({"type":"bloomMerge","name":"x","fieldName":"f","maxNumEntries":100})"));
  EXPECT_EQ(merged.fold(stored, 2).stored(), bytes);
  EXPECT_THROW(parse(R"({"type":"bloom","name":"x"})"), Error);
}

TEST(SketchAggregator, ReadsStoredSketchesInBase64) {
  RawColumn raw({std::string_view("AQAAAgAAAAOZMAPGEA==")});
  const auto factory = parse(R"({"type":"hyperUnique","name":"x","fieldName":"f","isInputHyperUnique":true})");
  EXPECT_EQ(OneState(factory).fold(raw, 1).finalise(), Value(2.000977198748901));
  RawColumn broken({std::string_view("a b")});
  EXPECT_THROW(OneState(factory).fold(broken, 1), Error);
}

TEST(SketchAggregator, StoresNoBytesForEmptySketchesAndAnswersTheirImage) {
  const std::map<std::string, std::string> images = {{"thetaSketch", "01030300001e0000"},
                                                     {"HLLSketchBuild", "0201070c030c0000"},
                                                     {"quantilesDoublesSketch", "0203081e80000000"}};
  for (const auto& [type, image] : images) {
    RawColumn nothing({std::monostate()});
    const auto factory = parse(R"({"type":")" + type + R"(","name":"x","fieldName":"f"})");
    EXPECT_EQ(OneState(factory).fold(nothing, 1).stored_in_column(), "") << type;
    EXPECT_EQ(sketch::hex(OneState(factory).fold(nothing, 1).stored()), image) << type;
  }
  RawColumn nothing({std::monostate()});
  const auto hyper_unique = parse(R"({"type":"hyperUnique","name":"x","fieldName":"f"})");
  EXPECT_EQ(sketch::hex(OneState(hyper_unique).fold(nothing, 1).stored()), "01000000000000");
}

TEST(SketchAggregator, RefusesWhatDruidRefuses) {
  for (const char* fields :
       {R"("type":"thetaSketch","size":17)", R"("type":"HLLSketchBuild","lgK":30)",
        R"("type":"HLLSketchBuild","tgtHllType":"hll_8")", R"("type":"HLLSketchBuild","stringEncoding":"latin1")",
        R"("type":"quantilesDoublesSketch","k":100)"})
    EXPECT_THROW(parse("{" + std::string(fields) + R"(,"name":"x","fieldName":"f"})"), Error) << fields;
}

TEST(SketchAggregator, RefusesFloatsForThetaWhereThereAreSome) {
  MemorySegment segment({0, 1, 2}, MemorySegment::Form::kMapped);
  segment.floats("float", {1.5F, std::nullopt, std::nullopt});
  SegmentSources columns(segment);
  OneState state(parse(R"({"type":"thetaSketch","name":"x","fieldName":"float"})"));
  EXPECT_THROW(state.fold(columns, 1), Error);
  EXPECT_EQ(state.fold(columns, 0).finalise(), Value(0.0));
  const auto factory = parse(R"({"type":"thetaSketch","name":"x","fieldName":"float"})");
  const std::uint32_t nulls[] = {1, 2};
  std::uint64_t none = 0;
  const auto aggregator = factory->bind(columns);
  aggregator->fold(reinterpret_cast<std::byte*>(&none), 0, {.size = 3, .count = 2, .positions = nulls});
  aggregator->fold(reinterpret_cast<std::byte*>(&none), 0, {.size = 3, .count = 0, .positions = nulls});
}

// --- against stock Druid

const fs::path kRecorded = source_folder() / "tests/golden/druid-33.0.0";
const fs::path kRolledUp = kRecorded / "segments/events_rollup";
constexpr std::array kDimensions = {"city", "level", "device", "tags", "flag"};

struct Group {
  std::vector<std::string> users;
  std::vector<double> prices;
};

std::string key_of(std::int64_t time_ms, const std::vector<std::vector<std::string>>& dimensions) {
  std::string key = std::to_string(time_ms / 3'600'000);
  for (const auto& values : dimensions) {
    key += '|';
    for (const std::string& value : values) key += value + '\1';
  }
  return key;
}

std::string text_of(const Json& value) { return value.is_string() ? "=" + value.string() : "=" + value.dump(); }

std::vector<std::string> raw_values(const Json* value) {
  if (value == nullptr || value->is_null()) return {};
  std::vector<std::string> values;
  if (value->is_array()) {
    for (const Json& element : value->array()) values.push_back(element.is_null() ? "null" : text_of(element));
    std::sort(values.begin(), values.end());
  } else {
    values.push_back(text_of(*value));
  }
  return values;
}

std::map<std::string, Group> read_groups(const fs::path& path) {
  std::map<std::string, Group> groups;
  for (const std::string& line : read_gzip_lines(path)) {
    const Json row = Json::parse(line);
    std::vector<std::vector<std::string>> dimensions;
    for (const char* name : kDimensions) dimensions.push_back(raw_values(row.find(name)));
    Group& group = groups[key_of(parse_iso(row.find("ts")->string()), dimensions)];
    if (const Json* user = row.find("user"); user != nullptr && !user->is_null()) group.users.push_back(user->string());
    if (const Json* price = row.find("price"); price != nullptr && !price->is_null())
      group.prices.push_back(price->number());
  }
  return groups;
}

std::vector<std::string> stored_values(const ValueView& value) {
  std::vector<std::string> values;
  if (const auto* text = std::get_if<std::string_view>(&value)) values.push_back("=" + std::string(*text));
  if (const auto* list = std::get_if<std::vector<std::optional<std::string_view>>>(&value))
    for (const auto& element : *list) values.push_back(element ? "=" + std::string(*element) : "null");
  if (values == std::vector<std::string>{"null"}) values.clear();
  std::sort(values.begin(), values.end());
  return values;
}

template <class T>
std::vector<ValueView> views(const std::vector<T>& values) {
  std::vector<ValueView> views;
  for (const T& value : values) {
    if constexpr (std::is_same_v<T, std::string>) {
      views.emplace_back(std::string_view(value));
    } else {
      views.emplace_back(value);
    }
  }
  if (views.empty()) views.emplace_back();
  return views;
}

/// The bytes that ingestion stores: rows are folded, and what they made is folded once more when segments are merged.
std::string ingested(const std::string& type, std::vector<ValueView> values) {
  const auto factory = parse(R"({"type":")" + type + R"(","name":"x","fieldName":"f"})");
  const auto count = static_cast<std::uint32_t>(values.size());
  RawColumn raw(std::move(values));
  return OneState(factory).fold(raw, count).stored_in_column();
}

TEST(SketchAggregator, MakesTheBytesThatStockDruidStored) {
  const std::map<std::string, Group> groups = read_groups(kRecorded / "events.json.gz");
  std::size_t compared = 0;
  for (const auto& day : fs::directory_iterator(kRolledUp)) {
    const auto segment = storage::open_segment(day.path());
    SegmentSources columns(*segment);
    for (std::uint32_t row = 0; row < segment->row_count(); ++row) {
      std::vector<std::vector<std::string>> dimensions;
      for (const char* name : kDimensions) dimensions.push_back(stored_values(columns.values(name).value(row)));
      const auto time_ms = std::get<std::int64_t>(columns.values("__time").value(row));
      const auto found = groups.find(key_of(time_ms, dimensions));
      ASSERT_NE(found, groups.end()) << key_of(time_ms, dimensions);
      const auto stored = [&](const char* column) {
        const ValueView value = columns.values(column).value(row);
        const auto* bytes = std::get_if<std::span<const std::byte>>(&value);
        return bytes == nullptr ? std::string()
                                : std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
      };
      const Group& group = found->second;
      ASSERT_EQ(sketch::hex(ingested("hyperUnique", views(group.users))), sketch::hex(stored("users_hu")));
      ASSERT_EQ(sketch::hex(ingested("thetaSketch", views(group.users))), sketch::hex(stored("users_theta")));
      ASSERT_EQ(sketch::hex(ingested("HLLSketchBuild", views(group.users))), sketch::hex(stored("users_hll")));
      ASSERT_EQ(sketch::hex(ingested("quantilesDoublesSketch", views(group.prices))), sketch::hex(stored("price_q")));
      ++compared;
    }
  }
  EXPECT_EQ(compared, 2009U + 2001U + 1976U);
}

TEST(SketchAggregator, WritesTheJsonThatStockDruidWrites) {
  const auto segment = storage::open_segment(kRolledUp / "2024-02-28");
  const Json* stored = segment->metadata().find("aggregators");
  ASSERT_NE(stored, nullptr);
  const auto metric = [](const char* fields) { return parse(fields)->combining()->to_json().dump(); };
  std::map<std::string, std::string> wanted;
  for (const Json& aggregator : stored->array()) wanted[aggregator.find("name")->string()] = aggregator.dump();
  EXPECT_EQ(metric(R"({"type":"hyperUnique","name":"users_hu","fieldName":"user"})"), wanted["users_hu"]);
  EXPECT_EQ(metric(R"({"type":"thetaSketch","name":"users_theta","fieldName":"user"})"), wanted["users_theta"]);
  EXPECT_EQ(metric(R"({"type":"HLLSketchBuild","name":"users_hll","fieldName":"user"})"), wanted["users_hll"]);
  EXPECT_EQ(metric(R"({"type":"quantilesDoublesSketch","name":"price_q","fieldName":"price"})"), wanted["price_q"]);
}

}  // namespace
}  // namespace sarsen::engine
