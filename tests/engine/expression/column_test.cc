// Expressions over columns: whatever way they go (vectors, dictionary entries, rows), the values are those of
// evaluation row by row; rows that are not alive are not evaluated; columns of several values are mapped over.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/expression/expression_sources.h"
#include "engine/expression/parser.h"
#include "engine/expression/row_program.h"
#include "engine/vector/segment_sources.h"
#include "engine/virtual_column/virtual_column.h"
#include "storage/base/error.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine::expression {
namespace {

using sarsen::testing::MemorySegment;

std::unique_ptr<MemorySegment> example(MemorySegment::Form form) {
  auto segment = std::make_unique<MemorySegment>(
      std::vector<std::int64_t>{0, 3'600'000, 3'600'001, 90'000'000, 90'000'001, 1'709'078'426'718}, form);
  segment->strings("x", {"a", "b", std::nullopt, "", "10", "9"})
      .strings("y", {"a", "c", "d", std::nullopt, "10", "b"})
      .lists("tags", {{"a", "b"}, {"b", "c"}, {"b", std::nullopt}, {}, {"a"}, {"c"}})
      .longs("n", {1, 2, std::nullopt, -5, 10, std::numeric_limits<std::int64_t>::min()})
      .longs("m", {3, 0, 7, 2, std::nullopt, -1})
      .doubles("d", {0.0, -0.0, std::nullopt, 1.5, std::numeric_limits<double>::quiet_NaN(), 1e300})
      .floats("f", {0.1F, 0.2F, std::nullopt, -1.0F, 10.1F, 2.0F});
  return segment;
}

std::string text(const Value& value) { return json_of(value).dump(); }

std::string numbers(const ExprPtr& expr, ColumnSources& columns, std::uint32_t rows) {
  const auto source = numeric_source<double>(expr, columns);
  const NumericVector<double> vector = source->read(0, rows);
  std::string out;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const bool null = vector.nulls != nullptr && mask_has(vector.nulls, row);
    if (null) {
      EXPECT_EQ(vector.values[row], 0.0);
    }
    out += null ? "null " : text(vector.values[row]) + " ";
  }
  return out;
}

std::string numbers_by_rows(const ExprPtr& expr, ColumnSources& columns, std::uint32_t rows) {
  RowProgram program(expr, make_plan(*expr, columns), columns);
  program.start(0, rows);
  std::string out;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const Eval eval = program.eval(row);
    out += eval.is_numeric_null() ? "null " : text(eval.as_double()) + " ";
  }
  return out;
}

TEST(ExpressionColumns, VectorsHoldWhatRowsGive) {
  const std::vector<std::string> expressions = {"n + m",
                                                "n - 1",
                                                "n * m",
                                                "d + n",
                                                "d / m",
                                                "d % 2",
                                                "f * 2",
                                                "n ^ 2",
                                                "-n",
                                                "!n",
                                                "n < m",
                                                "d <= f",
                                                "d == d",
                                                "n != m",
                                                "d > 0",
                                                "n && m",
                                                "n || d",
                                                "n && 0",
                                                "if(n > 1, m, n)",
                                                "if(n > 1, d, f)",
                                                "case_searched(n > 1, m, 1)",
                                                "case_searched(n > 1, m)",
                                                "nvl(n, 7)",
                                                "coalesce(n, m, 0)",
                                                "isnull(n)",
                                                "notnull(d)",
                                                "nottrue(n)",
                                                "istrue(d)",
                                                "isfalse(m)",
                                                "notfalse(n)",
                                                "abs(n)",
                                                "abs(d)",
                                                "sqrt(n)",
                                                "pow(n, 2)",
                                                "bitwiseAnd(n, 7)",
                                                "bitwiseAnd(d, 7)",
                                                "round(f * 1.5, 1)",
                                                "round(n, -1)",
                                                "safe_divide(n, m)",
                                                "safe_divide(d, m)",
                                                "div(d, m)",
                                                "cast(n, 'DOUBLE') / 3",
                                                "cast(d, 'LONG')",
                                                "strlen(x)",
                                                "x == 'a'",
                                                "x == 'a' && n > 0",
                                                "strlen(x) > 1 || d > 0",
                                                "timestamp_floor(__time, 'PT1H')",
                                                "timestamp_ceil(__time, 'PT1H')",
                                                "timestamp_extract(__time, 'MINUTE')",
                                                "timestamp_extract(__time, 'DAY', 'America/New_York')",
                                                "greatest(n, m)",
                                                "max(n, m)",
                                                "like(x, 'a%')",
                                                "nope + 1",
                                                "parse_long(x)",
                                                "x + 1",
                                                "if(n > 1, 'a', 2)",
                                                "cast(x, 'LONG')",
                                                "n + strlen(concat(x, y))"};
  for (const auto form : {MemorySegment::Form::kMapped, MemorySegment::Form::kLive}) {
    const auto segment = example(form);
    for (const std::string& expression : expressions) {
      const ExprPtr expr = parse_expression(std::string_view(expression));
      SegmentSources columns(*segment);
      EXPECT_EQ(numbers(expr, columns, 6), numbers_by_rows(expr, columns, 6)) << expression;
    }
  }
}

TEST(ExpressionColumns, DeadRowsAreNotEvaluated) {
  const auto segment = example(MemorySegment::Form::kMapped);
  const ExprPtr expr = parse_expression(std::string_view("100 / m"));
  SegmentSources all(*segment);
  EXPECT_THROW(numeric_source<std::int64_t>(expr, all)->read(0, 6), Error);
  const std::uint64_t alive = 0b111101;  // the second row divides by zero
  const CursorPosition position{0, {.size = 6, .count = 5, .mask = &alive}};
  SegmentSources columns(*segment);
  columns.follow(position);
  const auto source = numeric_source<std::int64_t>(expr, columns);
  EXPECT_EQ(source->read(0, 6).values[0], 33);
}

std::string strings(StringSource& source, std::uint32_t rows) {
  std::string out;
  if (source.multiple_values()) {
    const auto lists = source.read_lists(0, rows);
    for (std::uint32_t row = 0; row < rows; ++row) {
      out += "[";
      for (std::uint32_t i = lists.offsets[row]; i < lists.offsets[row + 1]; ++i)
        out += std::string(i > lists.offsets[row] ? "," : "") +
               std::string(source.dictionary().value(lists.ids[i]).value_or("null"));
      out += "] ";
    }
    return out;
  }
  const std::uint32_t* ids = source.read_ids(0, rows);
  for (std::uint32_t row = 0; row < rows; ++row)
    out += std::string(source.dictionary().value(ids[row]).value_or("null")) + " ";
  return out;
}

class Virtual {
 public:
  explicit Virtual(const std::string& list)
      : json_(Json::parse(list)),
        segment_(example(MemorySegment::Form::kMapped)),
        columns_(JsonField(json_)),
        cursor_(*segment_, &columns_) {}

  ColumnSources& operator*() { return cursor_.sources(); }
  std::string kind(const std::string& name) {
    const auto kind = cursor_.sources().kind(name);
    return kind ? kind->type_name() + (kind->multiple_values ? " several" : "") : "none";
  }
  std::string strings_of(const std::string& name) { return strings(*cursor_.sources().strings(name), 6); }
  std::string values_of(const std::string& name) {
    std::string out;
    for (std::uint32_t row = 0; row < 6; ++row) {
      const ValueView view = cursor_.sources().values(name).value(row);
      if (const auto* list = std::get_if<std::vector<std::optional<std::string_view>>>(&view)) {
        out += "(";
        for (const auto& element : *list) out += std::string(element.value_or("null")) + " ";
        out += ") ";
      } else if (const auto* held = std::get_if<std::string_view>(&view)) {
        out += std::string(*held) + " ";
      } else if (const auto* number = std::get_if<std::int64_t>(&view)) {
        out += std::to_string(*number) + " ";
      } else if (const auto* elements = std::get_if<List>(&view)) {
        out += text(Value(*elements)) + " ";
      } else {
        out += std::holds_alternative<std::monostate>(view) ? "null " : "? ";
      }
    }
    return out;
  }

 private:
  Json json_;
  std::unique_ptr<MemorySegment> segment_;
  VirtualColumns columns_;
  CursorColumns cursor_;
};

Virtual column(const std::string& expression, const std::string& output_type = "") {
  Json::Object json = {{"type", "expression"}, {"name", "v"}, {"expression", expression}};
  if (!output_type.empty()) json.emplace_back("outputType", output_type);
  return Virtual(Json(Json::Array{Json(std::move(json))}).dump());
}

TEST(ExpressionColumns, StringsAreMappedOrGrow) {
  EXPECT_EQ(column("upper(x)").strings_of("v"), "A B null  10 9 ");
  EXPECT_FALSE((*column("upper(x)")).strings("v")->grows());
  EXPECT_EQ(column("concat(x, '-', y)").strings_of("v"), "a-a b-c null null 10-10 9-b ");
  EXPECT_TRUE((*column("concat(x, '-', y)")).strings("v")->grows());
  EXPECT_EQ(column("concat(n, '')").strings_of("v"), "1 2 null -5 10 -9223372036854775808 ");
  EXPECT_EQ(column("'k'").strings_of("v"), "k k k k k k ");
}

TEST(ExpressionColumns, SeveralValuesAreMappedOver) {
  EXPECT_EQ(column("concat(tags, 'z')").strings_of("v"), "[az,bz] [bz,cz] [bz,null] [] [az] [cz] ");
  EXPECT_EQ(column("concat(tags, x)").strings_of("v"), "[aa,ba] [bb,cb] [null,null] [null] [a10] [c9] ");
  EXPECT_EQ(column("tags == 'b'").values_of("v"), "[0,1] [1,0] [1,null] [null] [0] [0] ");
  EXPECT_EQ(column("array_length(tags)").values_of("v"), "2 2 2 null 1 1 ");
  EXPECT_EQ(column("filter(t -> t > 'a', tags)").strings_of("v"), "[b] [b,c] [b] [null] [null] [c] ");
  EXPECT_EQ(column("filter(t -> t > x, tags)").strings_of("v"), "[b] [c] [null] [null] [a] [c] ");
  EXPECT_EQ(column("fold((t, acc) -> concat(acc, t), tags, '')").strings_of("v"), "ab bc null null a c ");
  EXPECT_THROW(column("array_length(tags) + strlen(tags)").kind("v"), Error);
}

TEST(ExpressionColumns, KindsAreWhatDruidInfers) {
  EXPECT_EQ(column("n + 1").kind("v"), "LONG");
  EXPECT_EQ(column("n + 1", "FLOAT").kind("v"), "FLOAT");
  EXPECT_EQ(column("n + 1", "STRING").kind("v"), "LONG");
  EXPECT_EQ(column("x", "LONG").kind("v"), "LONG");
  EXPECT_EQ(column("x", "ARRAY<STRING>").kind("v"), "STRING");
  EXPECT_EQ(column("f").kind("v"), "FLOAT");
  EXPECT_EQ(column("f", "LONG").kind("v"), "DOUBLE");
  EXPECT_EQ(column("null").kind("v"), "FLOAT");
  EXPECT_EQ(column("nope - 1").kind("v"), "LONG");
  EXPECT_EQ(column("strlen(nope)").kind("v"), "FLOAT");
  EXPECT_EQ(column("concat(nope, 'x')").kind("v"), "STRING");
  EXPECT_EQ(column("upper(tags)").kind("v"), "STRING several");
  EXPECT_EQ(column("array(n, 1)").kind("v"), "ARRAY<LONG>");
  EXPECT_EQ(column("array(n, 1)", "STRING").kind("v"), "STRING several");
  EXPECT_EQ(column("parse_json(x)").kind("v"), "COMPLEX<json>");
  EXPECT_EQ(column("nope").kind("v"), "none");
}

TEST(ExpressionColumns, ValuesStayAsTheyAre) {
  EXPECT_EQ(column("nvl(n, 'x')").values_of("v"), "1 2 x -5 10 -9223372036854775808 ");
  EXPECT_EQ(column("tags").values_of("v"), "(a b ) (b c ) (b null ) () (a ) (c ) ");
}

TEST(ExpressionColumns, ColumnsMayNeedEachOther) {
  Virtual columns(R"json([{"type":"expression","name":"p","expression":"n + 1"},
                      {"type":"expression","name":"q","expression":"concat(x, p)"},
                      {"type":"expression","name":"r","expression":"upper(q)"},
                      {"type":"fallback","name":"s","columns":["nope","q"]}])json");
  EXPECT_EQ(columns.strings_of("r"), "A2 B3 null -4 1011 9-9223372036854775807 ");
  EXPECT_EQ(columns.strings_of("s"), "a2 b3 null -4 1011 9-9223372036854775807 ");
  EXPECT_TRUE((*columns).strings("r")->grows());
}

TEST(ExpressionColumns, NestedFieldsOfPlainColumnsAreTheColumn) {
  Virtual columns(R"json([{"type":"nested-field","columnName":"n","outputName":"v","path":"$"},
                      {"type":"nested-field","columnName":"n","outputName":"w","path":"$.a"},
                      {"type":"expression","name":"j","expression":"json_object('a', n)"},
                      {"type":"nested-field","columnName":"j","outputName":"raw","path":"$.a","processFromRaw":true,
                       "expectedType":"LONG"},
                      {"type":"nested-field","columnName":"j","outputName":"none","path":"$.a"}])json");
  EXPECT_EQ(columns.values_of("v"), "1 2 null -5 10 -9223372036854775808 ");
  EXPECT_EQ(columns.kind("w"), "none");
  EXPECT_EQ(columns.values_of("w"), "null null null null null null ");
  EXPECT_EQ(columns.values_of("raw"), "1 2 null -5 10 -9223372036854775808 ");
  EXPECT_EQ(columns.values_of("none"), "null null null null null null ");
}

}  // namespace
}  // namespace sarsen::engine::expression
