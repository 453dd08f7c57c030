#include "ingest/row/text_rows.h"

#include <gtest/gtest.h>

#include "ingest/row/raw_json.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using Texts = std::vector<std::string>;

/// The fields of a CSV line; NULL for null.
Texts csv(std::string_view line) {
  std::vector<CsvField> fields;
  std::vector<std::string> unquoted;
  split_csv(line, fields, unquoted);
  Texts texts;
  for (const CsvField& field : fields) texts.push_back(field.null ? "NULL" : "<" + std::string(field.text) + ">");
  return texts;
}

struct CsvCase {
  const char* line;
  Texts fields;
};

TEST(TextRowsTest, CutsCsvAsOpencsvDoes) {
  const CsvCase cases[] = {{"a,b", {"<a>", "<b>"}},
                           {"a,,b", {"<a>", "NULL", "<b>"}},
                           {R"(a,"",b)", {"<a>", "<>", "<b>"}},
                           {R"("a,b",c)", {"<a,b>", "<c>"}},
                           {R"("a""b",c)", {R"(<a"b>)", "<c>"}},
                           {R"(a"b,c)", {R"(<a"b>)", "<c>"}},
                           {R"("abc)", {R"(<"abc>)"}},
                           {R"(x,"abc)", {"<x>", R"(<"abc>)"}},
                           {R"(x,"a"b,c)", {"<x>", R"(<a"b,c>)"}},
                           {"", {"NULL"}},
                           {"a,", {"<a>", "NULL"}},
                           {R"("",)", {"<>", "NULL"}},
                           {R"(")", {R"(<">)"}},
                           {R"("""")", {R"(<">)"}},
                           {R"(a,"b"")", {"<a>", R"(<b">)"}},
                           {R"("a" ,b)", {R"(<a" ,b>)"}},
                           {R"( "a,b")", {R"(< "a>)", R"(<b">)"}},
                           {R"("a""",b)", {R"(<a">)", "<b>"}},
                           {R"("a,b"c,d)", {R"(<a,b"c,d>)"}}};
  for (const CsvCase& one : cases) EXPECT_EQ(csv(one.line), one.fields) << one.line;
}

/// The rows of lines as JSON objects, and problems.
Texts read(const std::string& format, const Texts& lines) {
  const Json json = Json::parse(format);
  FieldTable fields;
  const auto reader = make_row_reader(InputFormat::parse(JsonField(json)), fields, true);
  Texts rows;
  for (const std::string& line : lines) {
    const auto problem = reader->read(line, [&](const RawRow& row) {
      Json::Object members;
      for (const std::uint32_t field : row.fields())
        members.emplace_back(fields.name(field), json_of(row.value(field)));
      rows.push_back(Json(std::move(members)).dump());
    });
    if (problem) rows.push_back("problem");
  }
  return rows;
}

TEST(TextRowsTest, ReadsColumnsListsAndNumbers) {
  EXPECT_EQ(read(R"({"type":"csv","columns":["a","b"]})", {"1,x", "2", "3,y,z", ",\"\""}),
            (Texts{R"({"a":"1","b":"x"})", R"({"a":"2"})", R"({"a":"3","b":"y"})", R"({"a":null,"b":""})"}));
  EXPECT_EQ(read(R"({"type":"csv","columns":["a","b"],"listDelimiter":"|"})", {"1|2,|x"}),
            Texts{R"({"a":["1","2"],"b":["","x"]})"});
  EXPECT_EQ(read(R"({"type":"csv","columns":["a","b"],"tryParseNumbers":true,"listDelimiter":"|"})",
                 {"1,2.5", "-7,x1", "1e3,1|x", "08,1.", "--1,.", "5f,1e1D", "5L,f"}),
            (Texts{R"({"a":1,"b":2.5})", R"({"a":-7,"b":"x1"})", R"({"a":1000.0,"b":[1,"x"]})", R"({"a":"08","b":1.0})",
                   R"({"a":"--1","b":"."})", R"({"a":5.0,"b":10.0})", R"({"a":"5L","b":"f"})"}));
  EXPECT_EQ(read(R"({"type":"tsv","columns":["a","b"]})", {"\"x\"\ty,z", "\t"}),
            (Texts{R"({"a":"\"x\"","b":"y,z"})", R"({"a":null,"b":null})"}));
  EXPECT_EQ(read(R"({"type":"tsv","delimiter":"||","columns":["a","b"]})", {"x||y"}), Texts{R"({"a":"x","b":"y"})"});
  EXPECT_EQ(read(R"({"type":"lines"})", {"any, thing"}), Texts{R"({"line":"any, thing"})"});
}

TEST(TextRowsTest, TakesColumnsFromTheHeader) {
  EXPECT_EQ(read(R"({"type":"csv","findColumnsFromHeader":true,"skipHeaderRows":1})", {"a comment", "a,,c", "1,2,3"}),
            Texts{R"({"a":"1","column_2":"2","c":"3"})"});
  EXPECT_EQ(read(R"({"type":"tsv","hasHeaderRow":true})", {"a\tb", "1\t2"}), Texts{R"({"a":"1","b":"2"})"});
  EXPECT_THROW(read(R"({"type":"csv","findColumnsFromHeader":true})", {"a,a", "1,2"}), Error);
}

TEST(TextRowsTest, DeclaresAllColumnsOfAShortLine) {
  const Json json = Json::parse(R"({"type":"csv","columns":["a","b","c"]})");
  FieldTable fields;
  const auto reader = make_row_reader(InputFormat::parse(JsonField(json)), fields, true);
  const auto give = [](const RawRow& row) {
    EXPECT_EQ(row.fields().size(), 1);
    EXPECT_EQ(row.declared().size(), 3);
  };
  EXPECT_FALSE(reader->read("x", give));
}

TEST(TextRowsTest, MatchesWholeLinesWithAPattern) {
  EXPECT_EQ(read(R"({"type":"regex","pattern":"(\\d+)-(x)?","columns":["a","b"]})", {"1-x", "2-", "3-xy"}),
            (Texts{R"({"a":"1","b":"x"})", R"({"a":"2","b":null})", "problem"}));
  EXPECT_EQ(read(R"q({"type":"regex","pattern":"(.)(.)"})q", {"xy"}), Texts{R"({"column_1":"x","column_2":"y"})"});
}

TEST(TextRowsTest, RefusesFormatsThatContradictThemselves) {
  for (const char* format :
       {R"({"type":"csv"})", R"({"type":"csv","findColumnsFromHeader":true,"hasHeaderRow":true})",
        R"({"type":"csv","columns":["a","a"]})", R"({"type":"csv","columns":["a,b"]})",
        R"({"type":"csv","columns":["a"],"listDelimiter":","})", R"({"type":"regex","pattern":"("})",
        R"({"type":"parquet"})", R"({"type":"cvs"})", R"({"type":"csv","columns":["a"],"skipHeaderRows":-1})"})
    EXPECT_THROW(read(format, {}), Error) << format;
}

}  // namespace
}  // namespace sarsen::ingest
