// What the writer of columns of any shape writes, read back by the reader.
#include "storage/structured/structured_column_writer.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "storage/base/error.h"
#include "storage/column/column_source.h"
#include "storage/column/logical_files.h"

namespace sarsen::storage {
namespace {

/// A column in memory, written and parsed.
class WrittenColumn final : private LogicalFiles {
 public:
  WrittenColumn(const StructuredColumnData& data, std::uint32_t row_count, const IndexSpec& spec) : output_("c") {
    write_structured_column(data, row_count, spec, output_);
    for (const ColumnOutput::File& file : output_.files()) files_.emplace(file.name, file.bytes.view());
    column_ = parse_column(output_.bytes().view(), row_count, *this, {.file = "memory", .column = "c", .part = ""});
  }
  const Column& operator*() const { return *column_; }
  const Column* operator->() const { return column_.get(); }

 private:
  std::optional<std::span<const std::byte>> find(std::string_view name) const override {
    const auto file = files_.find(name);
    return file == files_.end() ? std::nullopt : std::optional(file->second);
  }

  ColumnOutput output_;
  std::map<std::string, std::span<const std::byte>, std::less<>> files_;
  std::unique_ptr<Column> column_;
};

using Values = std::vector<Json>;

const std::vector<IndexSpec>& specs() {
  static const std::vector<IndexSpec> all = {
      {},
      IndexSpec::scan(),
      {.bitmap = BitmapEncoding::kConcise,
       .dimension_compression = CodecId::kZstd,
       .metric_compression = CodecId::kZstd,
       .long_encoding = LongEncodingStrategy::kAuto,
       .string_dictionary_encoding = {.form = StringDictionaryForm::kFrontCoded, .format_version = 1},
       .json_compression = CodecId::kUncompressed},
      {.dimension_compression = CodecId::kLzf,
       .string_dictionary_encoding = {.form = StringDictionaryForm::kFrontCoded, .bucket_size = 16},
       .json_compression = CodecId::kZstd},
  };
  return all;
}

/// The values of all rows as text.
std::vector<std::string> rows_of(const Column& column) {
  std::vector<std::string> texts;
  const std::uint32_t count = column.row_count();
  if (const auto reader = column.structured_reader()) {
    for (std::uint32_t row = 0; row < count; ++row) texts.push_back(reader->read(row).dump());
    return texts;
  }
  std::vector<std::uint32_t> scratch(count);
  const auto ids = column.id_reader();
  const std::uint32_t* read = ids->read(0, count, scratch.data());
  for (std::uint32_t row = 0; row < count; ++row) texts.push_back(column.value_dictionary()->value(read[row]).dump());
  return texts;
}

/// `wanted`: how the rows read; empty: as they were written.
void expect_rows(const Values& values, const std::string& logical_type, std::vector<std::string> wanted = {}) {
  if (wanted.empty())
    for (const Json& value : values) wanted.push_back(value.dump());
  for (std::size_t i = 0; i < specs().size(); ++i) {
    SCOPED_TRACE("index spec " + std::to_string(i));
    const WrittenColumn column({.value = [&](std::uint32_t row) { return values[row]; }},
                               static_cast<std::uint32_t>(values.size()), specs()[i]);
    EXPECT_EQ(column->logical_type(), logical_type);
    EXPECT_EQ(rows_of(*column), wanted);
  }
}

Values parsed(const std::string& array) { return Json::parse(array).array(); }

/// Each field as "path: type [value, …]".
std::vector<std::string> fields_of(const Values& values, const IndexSpec& spec = {}) {
  const WrittenColumn column({.value = [&](std::uint32_t row) { return values[row]; }},
                             static_cast<std::uint32_t>(values.size()), spec);
  std::vector<std::string> texts;
  const NestedFields& fields = *column->nested_fields();
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    std::string text = std::string(fields.path(i)) + ": " + fields.column(i).logical_type() + " ";
    for (const std::string& row : rows_of(fields.column(i))) text += (text.back() == ' ' ? "[" : ",") + row;
    texts.push_back(text + "]");
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(StructuredColumnWriter, TakesTheTypeOfAllValues) {
  expect_rows(parsed(R"(["b",null,"a","","é","b"])"), "STRING");
  expect_rows(parsed("[5,null,-9223372036854775808,9223372036854775807,9007199254740993,5]"), "LONG");
  expect_rows(parsed("[0.5,null,-0.0,0.0,1.7976931348623157E308,0.5]"), "DOUBLE");
  expect_rows(parsed("[true,false,null]"), "LONG", {"1", "0", "null"});
  expect_rows(parsed("[null,null]"), "STRING");
}

TEST(StructuredColumnWriter, TakesTheLeastRestrictiveTypeOfMixedValues) {
  expect_rows(parsed("[1,2.5,null]"), "DOUBLE");
  expect_rows(parsed(R"([1,"1",2.5,null,true])"), "STRING", {"1", R"("1")", "2.5", "null", "1"});
  expect_rows(parsed(R"([1,[2,3],null,[],[null]])"), "ARRAY<LONG>");
  expect_rows(parsed(R"(["x",[2.5],[1]])"), "ARRAY<STRING>");
  expect_rows(parsed("[1,[]]"), "ARRAY<LONG>");
}

TEST(StructuredColumnWriter, WritesArraysOfEachType) {
  expect_rows(parsed(R"([["b","a",null],[],null,[null],["b"],["b","a"]])"), "ARRAY<STRING>");
  expect_rows(parsed("[[1,2,3],[1,2],[],[null,1]]"), "ARRAY<LONG>");
  expect_rows(parsed("[[1.5],[2,0.5],[null]]"), "ARRAY<DOUBLE>", {"[1.5]", "[2.0,0.5]", "[null]"});
  expect_rows(parsed(R"([[1,"x",true,2.5,null]])"), "ARRAY<STRING>", {R"(["1","x","true","2.5",null])"});
  expect_rows(parsed("[[true,2],[]]"), "ARRAY<LONG>", {"[1,2]", "[]"});
  expect_rows(parsed("[[],[null],null]"), "ARRAY<LONG>");
}

TEST(StructuredColumnWriter, WritesWholeValuesOfJson) {
  expect_rows(parsed(R"([{"a":1,"b":{"c":[1,{"d":null}],"":true}},null,5,"x",[1,2],[],{},[[1],["x"]],[{"a":2.5}]])"),
              "COMPLEX<json>");
  expect_rows(parsed(R"([{}])"), "COMPLEX<json>");
  expect_rows(parsed(R"([[[1,2],[3]],null])"), "COMPLEX<json>");
  std::string deep = "1";
  for (int i = 0; i < 120; ++i) deep = "{\"k\":[" + deep + "]}";
  expect_rows(parsed("[" + deep + "]"), "COMPLEX<json>");
}

TEST(StructuredColumnWriter, WritesAColumnForEachField) {
  const Values values = parsed(R"([
      {"a":1,"s":"x","dot.key":1,"it's":2,"q\"":3,"[0]":4,"m":1,"l":[1,2],"e":[],"o":[{"p":1},{"p":2}]},
      {"a":9007199254740993,"s":null,"dot.key":1.5,"m":"1","l":[null],"n":null},
      null,
      {"a":null,"s":true,"m":[1],"o":{"q":[[7]]}}])");
  const Texts wanted = {
      R"($.a: LONG [1,9007199254740993,null,null])",   R"($.e: ARRAY<LONG> [[],null,null,null])",
      R"($.l: ARRAY<LONG> [[1,2],[null],null,null])",  R"($.m: ARRAY<STRING> [1,"1",null,[1]])",
      R"($.o.q[0]: ARRAY<LONG> [null,null,null,[7]])", R"($.o[0].p: LONG [1,null,null,null])",
      R"($.o[1].p: LONG [2,null,null,null])",          R"($.s: STRING ["x",null,null,1])",
      R"($['[0]']: LONG [4,null,null,null])",          R"($['dot.key']: DOUBLE [1,1.5,null,null])",
      R"($['it's']: LONG [2,null,null,null])",         R"($['q"']: LONG [3,null,null,null])",
  };
  for (const IndexSpec& spec : specs()) EXPECT_EQ(fields_of(values, spec), wanted);
}

TEST(StructuredColumnWriter, MergesPlacesOfOnePath) {
  EXPECT_EQ(fields_of(parsed(R"([{"a.":{"b.":1}},{"a.']['b.":"x"},{"a.":{"b.":2},"a.']['b.":"y"}])")),
            (Texts{R"($['a.']['b.']: STRING [1,"x",2])"}));
}

TEST(StructuredColumnWriter, KeepsTheLastValueOfARepeatedKey) {
  const Json twice(Json::Object{{"a", Json(1)}, {"a", Json(2)}});
  EXPECT_EQ(fields_of({twice}), (Texts{"$.a: LONG [2]"}));
}

TEST(StructuredColumnWriter, WritesIdsOfTwoAndThreeBytes) {
  for (const int count : {255, 256, 300, 65535, 65536, 70'000}) {
    SCOPED_TRACE(count);
    Values longs;
    Values objects;
    for (int i = 0; i < count; ++i) {
      longs.emplace_back(std::int64_t{i} * 7919 % count);
      objects.emplace_back(Json::Object{{"k", longs.back()}});
    }
    const auto write = [&](const Values& values) {
      return std::make_unique<WrittenColumn>(
          StructuredColumnData{.value = [&](std::uint32_t row) { return values[row]; }},
          static_cast<std::uint32_t>(values.size()), IndexSpec());
    };
    const auto column = write(longs);
    const auto nested = write(objects);
    for (const Column* written : {&**column, &(*nested)->nested_fields()->column(0)}) {
      std::vector<std::int64_t> scratch(longs.size());
      const auto reader = written->long_reader();
      const std::int64_t* values = reader->read(0, static_cast<std::uint32_t>(count), scratch.data());
      for (int i = 0; i < count; ++i) ASSERT_EQ(values[i], longs[static_cast<std::size_t>(i)].integer()) << i;
    }
  }
}

TEST(StructuredColumnWriter, HoldsInItsBitmapsWhatItsRowsHold) {
  std::mt19937 random(5);
  Values values;
  for (int i = 0; i < 3000; ++i) {
    const auto kind = random() % 4;
    values.push_back(kind == 0   ? Json()
                     : kind == 1 ? Json(static_cast<std::int64_t>(random() % 9))
                     : kind == 2 ? Json("s" + std::to_string(random() % 7))
                                 : Json(Json::Array{Json(static_cast<std::int64_t>(random() % 3)), Json()}));
  }
  for (const IndexSpec& spec : specs()) {
    const WrittenColumn column({.value = [&](std::uint32_t row) { return values[row]; }}, 3000, spec);
    std::vector<std::uint32_t> scratch(3000);
    const auto reader = column->id_reader();
    const std::uint32_t* ids = reader->read(0, 3000, scratch.data());
    ASSERT_EQ(column->bitmap_index()->size(), column->value_dictionary()->size());
    for (std::uint32_t id = 0; id < column->value_dictionary()->size(); ++id) {
      std::vector<std::uint64_t> words(3000 / 64 + 1);
      column->bitmap_index()->or_into(id, words);
      for (std::uint32_t row = 0; row < 3000; ++row) ASSERT_EQ(words[row / 64] >> row % 64 & 1, ids[row] == id);
    }
  }
}

TEST(StructuredColumnWriter, WritesManyBlocksOfWholeValues) {
  Values values;
  for (int i = 0; i < 40; ++i)
    values.emplace_back(Json::Object{{"t", Json(std::string(10'000, static_cast<char>('a' + i % 26)))}});
  values.emplace_back(Json::Object{{"t", Json(std::string(200'000, 'z'))}});
  expect_rows(values, "COMPLEX<json>");
}

TEST(StructuredColumnWriter, IsJsonWhereItMustBe) {
  const Values values = parsed("[1,null]");
  const WrittenColumn column({.json = true, .value = [&](std::uint32_t row) { return values[row]; }}, 2, {});
  EXPECT_EQ(column->logical_type(), "COMPLEX<json>");
  EXPECT_EQ(rows_of(*column), (Texts{"1", "null"}));
}

TEST(StructuredColumnWriter, IsOfTheTypeThatItIsCastTo) {
  const auto write = [](const Values& values, const std::string& type) {
    const WrittenColumn column({.cast_to = type, .value = [&](std::uint32_t row) { return values[row]; }},
                               static_cast<std::uint32_t>(values.size()), {});
    return column->logical_type();
  };
  EXPECT_EQ(write(parsed("[null]"), "LONG"), "LONG");
  EXPECT_EQ(write(parsed("[[],null]"), "ARRAY<STRING>"), "ARRAY<STRING>");
  EXPECT_THROW(write(parsed("[1]"), "ARRAY<LONG>"), Error);
  EXPECT_THROW(write(parsed("[{}]"), "LONG"), Error);
}

}  // namespace
}  // namespace sarsen::storage
