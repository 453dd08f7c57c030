// Expressions that give texts: whatever way they go (choices of ids, joined parts, mapped dictionaries, rows), as ids
// and as texts, they are those of evaluation row by row.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/expression/expression_sources.h"
#include "engine/expression/parser.h"
#include "engine/expression/row_program.h"
#include "engine/vector/segment_sources.h"
#include "engine/vector/text_source.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine::expression {
namespace {

using sarsen::testing::MemorySegment;

constexpr std::uint32_t kRows = 6;

std::unique_ptr<MemorySegment> example(MemorySegment::Form form) {
  auto segment = std::make_unique<MemorySegment>(
      std::vector<std::int64_t>{0, 3'600'000, 3'600'001, 90'000'000, 90'000'001, 1'709'078'426'718}, form);
  segment->strings("x", {"a", "B", std::nullopt, "", "10", "b"})
      .strings("y", {"a", "Straße", "ÀÉ", std::nullopt, "10", "b"})
      .strings("z", {"q", "q", "q", "q", "q", "q"})
      .longs("n", {1, 2, std::nullopt, -5, 10, INT64_MIN})
      .longs("m", {3, 0, 7, 2, std::nullopt, -1})
      .doubles("d", {0.0, -0.0, std::nullopt, 1.5, 1e300, 2.25});
  return segment;
}

std::string shown(std::optional<std::string_view> text) { return text ? "<" + std::string(*text) + ">" : "null"; }

std::string by_rows(const ExprPtr& expr, ColumnSources& columns, std::uint64_t alive) {
  RowProgram program(expr, make_plan(*expr, columns), columns);
  program.start(0, kRows);
  std::string out;
  for (std::uint32_t row = 0; row < kRows; ++row)
    if ((alive >> row & 1) != 0) out += shown(program.eval(row).as_string());
  return out;
}

std::string by_ids(StringSource& source, std::uint64_t alive) {
  const std::uint32_t* ids = source.read_ids(0, kRows);
  std::string out;
  for (std::uint32_t row = 0; row < kRows; ++row)
    if ((alive >> row & 1) != 0) out += shown(source.dictionary().value(ids[row]));
  return out;
}

std::string by_texts(TextSource& source, std::uint64_t alive) {
  const std::optional<std::string_view>* texts = source.read_texts(0, kRows);
  std::string out;
  for (std::uint32_t row = 0; row < kRows; ++row)
    if ((alive >> row & 1) != 0) out += shown(texts[row]);
  return out;
}

const std::vector<std::string> kExpressions = {
    "if(n > 1, x, 'none')",
    "if(n > 1, x, 'a')",
    "if(n > 1, x, null)",
    "if(n > 1, x, y)",
    "if(n > 1, 'big', 'small')",
    "if(n > 1, 'big', m)",
    "if(n > 1, x, m + 1)",
    "if(x == y, upper(x), lower(y))",
    "if(n > 1, if(m > 0, x, 'inner'), concat(x, y))",
    "if(nope > 1, x, nope)",
    "if(strlen(y) > 1, x, y)",
    "if(100 / m > 1, x, y)",
    "case_searched(n > 1, x, m > 0, y, 'other')",
    "case_searched(n > 1, x, m > 0, x)",
    "case_searched(isnull(x), 'no x', x == '', 'empty', x)",
    "case_searched(n > 1, x, 5)",
    "case_simple(n, 1, x, 2, y, 'other')",
    "nvl(x, y)",
    "nvl(x, 'none')",
    "nvl(nope, y)",
    "nvl('always', y)",
    "coalesce(nope, null, y, x, 'none')",
    "coalesce(x, n, y)",
    "concat(x, '/', y)",
    "concat(x, y, x, z)",
    "concat(x, n, '-', d)",
    "concat(x, nope)",
    "concat(x, null, y)",
    "concat(concat(x, '('), lower(y), ')')",
    "concat('<', if(n > 1, x, y), '>')",
    "concat(n, m)",
    "concat(substring(x, 0, 1), substring(y, 1, 2))",
    "lower(x)",
    "upper(y)",
    "lower(y)",
    "upper(lower(y))",
    "substring(y, 1, 3)",
    "substring(y, 0, -1)",
    "substring(y, 2, 0)",
    "substring(y, n + 20, 1)",
    "upper(substring(y, 1, 5))",
    "regexp_extract(y, '[a-z]+')",
    "upper(concat(x, y))",
    "timestamp_format(__time, 'yyyy-MM-dd')",
    "timestamp_format(__time, 'yyyy-MM-dd HH', 'America/New_York')",
    "timestamp_format(__time - 10000000000, 'E h a')",
    "timestamp_format(__time, 'HH\\'m\\'')",
    "timestamp_format(__time, 'HH:mm:ss', 'Asia/Kathmandu')",
    "timestamp_format(__time, 'HH:mm:ss.SSS Z', 'Europe/Berlin')",
    "timestamp_format(__time)",
    "timestamp_format(n, 'yyyy')",
    "timestamp_format(x, 'yyyy')",
    "concat(x, timestamp_format(__time, ' D'))",
};

TEST(TextColumns, AreThoseOfRows) {
  for (const auto form : {MemorySegment::Form::kMapped, MemorySegment::Form::kLive}) {
    const auto segment = example(form);
    for (const std::uint64_t alive : {0b111111ULL, 0b111101ULL & 0b101111ULL, 0b000001ULL}) {
      for (const std::string& expression : kExpressions) {
        if (alive == 0b111111 && expression.starts_with("if(100 /")) continue;  // the second row divides by zero
        const ExprPtr expr = parse_expression(std::string_view(expression));
        const CursorPosition position{0, {.size = kRows, .count = 1, .mask = &alive}};
        SegmentSources columns(*segment);
        columns.follow(position);
        const std::string rows = by_rows(expr, columns, alive);
        const auto source = string_source(expr, columns, false);
        EXPECT_EQ(by_ids(*source, alive), rows) << expression;
        EXPECT_EQ(by_ids(*source, alive), rows) << expression << ", again";
        const auto other = string_source(expr, columns, false);
        if (auto* texts = dynamic_cast<TextSource*>(other.get())) {
          EXPECT_EQ(by_texts(*texts, alive), rows) << expression;
          EXPECT_EQ(by_ids(*other, alive), rows) << expression << ", after its texts";
        }
      }
    }
  }
}

TEST(TextColumns, KeepTheIdsOfTheOneColumnThatIsChosenFrom) {
  const auto segment = example(MemorySegment::Form::kMapped);
  SegmentSources columns(*segment);
  const storage::Dictionary& own = columns.strings("x")->dictionary();
  const auto known = string_source(parse_expression(std::string_view("if(n > 1, x, 'a')")), columns, false);
  EXPECT_FALSE(known->grows());
  EXPECT_TRUE(known->dictionary().sorted());
  EXPECT_EQ(known->dictionary().size(), own.size());
  const auto more = string_source(parse_expression(std::string_view("if(n > 1, x, 'more')")), columns, false);
  EXPECT_FALSE(more->grows());
  EXPECT_FALSE(more->dictionary().sorted());
  EXPECT_EQ(more->dictionary().size(), own.size() + 1);
  EXPECT_EQ(more->dictionary().find("more"), own.size());
  EXPECT_EQ(more->dictionary().find("B"), own.find("B"));
  EXPECT_EQ(more->dictionary().find("none"), std::nullopt);
}

TEST(TextColumns, JoinEachCombinationOnce) {
  const auto segment = example(MemorySegment::Form::kMapped);
  SegmentSources columns(*segment);
  const auto source =
      string_source(parse_expression(std::string_view("concat(z, if(n > 1, 'b', 'a'))")), columns, false);
  source->read_ids(0, kRows);
  EXPECT_EQ(source->dictionary().size(), 3U);  // with null
  EXPECT_NE(dynamic_cast<TextSource*>(source.get()), nullptr);
}

}  // namespace
}  // namespace sarsen::engine::expression
