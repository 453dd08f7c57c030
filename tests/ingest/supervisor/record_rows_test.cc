#include "ingest/supervisor/record_rows.h"

#include <gtest/gtest.h>

#include "storage/base/json.h"

namespace sarsen::ingest {
namespace {

class RecordRowsTest : public testing::Test {
 protected:
  /// The rows of a message as "name=value …", and its problems as "!".
  std::vector<std::string> read(const std::string& format_json, const Message& message) {
    const Json json = Json::parse(format_json);
    const KafkaInputFormat format = KafkaInputFormat::parse(JsonField(json));
    FieldTable fields;
    RecordRows records(format, fields, true, "clicks");
    std::vector<std::string> rows;
    const bool some = records.read(
        message,
        [&](RawRow& row) {
          std::string text;
          for (const std::uint32_t field : row.fields()) {
            std::string scratch;
            text += (text.empty() ? "" : " ") + fields.name(field) + "=" +
                    std::string(text_of(row.value(field), scratch).value_or("null"));
          }
          rows.push_back(text);
        },
        [&](std::string) { rows.emplace_back("!"); });
    if (!some) rows.emplace_back("none");
    return rows;
  }

  static Message message(std::optional<std::string_view> value, const MessageDetails& details) {
    Message message{value};
    message.details = &details;
    return message;
  }

  using Rows = std::vector<std::string>;
  static constexpr const char* kAll = R"({"type":"kafka","valueFormat":{"type":"json"},"keyFormat":{"type":"json"},
      "headerFormat":{"type":"string"}})";
};

TEST_F(RecordRowsTest, ReadsTheValueAlone) {
  const MessageDetails details{.key = "k", .timestamp_ms = 5};
  EXPECT_EQ(read(R"({"type":"json"})", message(R"({"a":1})", details)), Rows{"a=1"});
  EXPECT_EQ(read(R"({"type":"json"})", message(std::nullopt, details)), Rows{"none"});
  EXPECT_EQ(read(R"({"type":"csv","columns":["a","b"]})", message("1,2\n3,4\n", details)),
            (Rows{"a=1 b=2", "a=3 b=4"}));
}

TEST_F(RecordRowsTest, AddsKeyHeadersTimeAndTopic) {
  const MessageDetails details{
      .key = R"({"id":"k1","other":2})", .timestamp_ms = 1700, .headers = {{"env", "dev"}, {"none", std::nullopt}}};
  EXPECT_EQ(read(kAll, message(R"({"a":1})", details)),
            Rows{"a=1 kafka.header.env=dev kafka.header.none=null kafka.timestamp=1700 kafka.topic=clicks "
                 "kafka.key=k1"});
}

TEST_F(RecordRowsTest, LetsTheValueWinUnlessItIsNull) {
  const MessageDetails details{.timestamp_ms = 1700};
  EXPECT_EQ(read(kAll, message(R"({"kafka.topic":"mine","kafka.timestamp":null})", details)),
            Rows{"kafka.topic=mine kafka.timestamp=1700"});
}

TEST_F(RecordRowsTest, MakesARowOfMetadataWhereThereIsNoValue) {
  const MessageDetails details{.key = R"({"id":"k1"})", .timestamp_ms = 1700};
  EXPECT_EQ(read(kAll, message(std::nullopt, details)), Rows{"kafka.timestamp=1700 kafka.topic=clicks kafka.key=k1"});
}

TEST_F(RecordRowsTest, NamesColumnsAsAsked) {
  const MessageDetails details{.key = "k", .timestamp_ms = 1, .headers = {{"h", "\xe9"}}};
  EXPECT_EQ(read(R"({"type":"kafka","valueFormat":{"type":"json"},"keyFormat":{"type":"csv","columns":["x"]},
      "headerFormat":{"type":"string","encoding":"ISO-8859-1"},"headerColumnPrefix":"h:","keyColumnName":"k",
      "timestampColumnName":"t","topicColumnName":"s"})",
                 message(R"({})", details)),
            Rows{"h:h=\xc3\xa9 t=1 s=clicks k=k"});
}

TEST_F(RecordRowsTest, CountsABadKeyAsABadRecord) {
  const MessageDetails details{.key = "no json", .timestamp_ms = 1};
  EXPECT_EQ(read(kAll, message(R"({"a":1})", details)), Rows{"!"});
}

}  // namespace
}  // namespace sarsen::ingest
