#include "server/http/error_body.h"

#include <gtest/gtest.h>

namespace sarsen::server {
namespace {

TEST(ErrorBodyTest, UnreadableJsonHasTheOldShape) {
  const ErrorAnswer answer = unreadable_answer(Error(ErrorCategory::kInvalidInput, "line 1"), JsonStyle::kPretty);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body,
            "{\n"
            "  \"error\" : \"Json parse failed\",\n"
            "  \"errorMessage\" : \"line 1\",\n"
            "  \"errorClass\" : \"com.fasterxml.jackson.core.JsonParseException\",\n"
            "  \"host\" : null\n"
            "}");
}

TEST(ErrorBodyTest, TimeoutsCarryTheirLegacyCode) {
  const ErrorAnswer answer = error_answer(Error(ErrorCategory::kTimeout, "m"), JsonStyle::kCompact);
  EXPECT_EQ(answer.status, 504);
  EXPECT_EQ(answer.body,
            R"({"error":"Query timeout","errorClass":"org.apache.druid.query.QueryTimeoutException","host":null,)"
            R"("errorCode":"legacyQueryException","persona":"OPERATOR","category":"TIMEOUT","errorMessage":"m",)"
            R"("context":{"host":null,"errorClass":"org.apache.druid.query.QueryTimeoutException",)"
            R"("legacyErrorCode":"Query timeout"}})");
}

TEST(ErrorBodyTest, WrongQueriesAreStructuredErrorsOfTheUser) {
  const ErrorAnswer answer = error_answer(Error(ErrorCategory::kInvalidInput, "threshold: is 0"), JsonStyle::kCompact);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body,
            R"({"error":"druidException","errorCode":"invalidInput","persona":"USER","category":"INVALID_INPUT",)"
            R"("errorMessage":"threshold: is 0","context":{}})");
}

TEST(ErrorBodyTest, WrongContextsHaveACodeOfTheirOwn) {
  const Error error(ErrorCategory::kInvalidInput, "Expected key [timeout] to be in long format, but got [soon]");
  const ErrorAnswer answer = error_answer(error, JsonStyle::kCompact);
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.body.starts_with(R"({"error":"Query context parse failed")")) << answer.body;
  EXPECT_NE(answer.body.find(R"("errorCode":"legacyQueryException")"), std::string::npos);
}

TEST(ErrorBodyTest, EachCategoryHasItsStatusAndCode) {
  const struct {
    ErrorCategory category;
    int status;
    std::string_view error;
    std::string_view category_name;
  } cases[] = {{ErrorCategory::kResourceLimit, 400, "Resource limit exceeded", "INVALID_INPUT"},
               {ErrorCategory::kForbidden, 403, "druidException", "FORBIDDEN"},
               {ErrorCategory::kNotFound, 404, "druidException", "NOT_FOUND"},
               {ErrorCategory::kCapacityExceeded, 429, "Query capacity exceeded", "CAPACITY_EXCEEDED"},
               {ErrorCategory::kUnsupported, 501, "Unsupported query", "UNSUPPORTED"},
               {ErrorCategory::kCanceled, 500, "Query cancelled", "CANCELED"},
               {ErrorCategory::kRuntimeFailure, 500, "Unknown exception", "RUNTIME_FAILURE"},
               {ErrorCategory::kDefensive, 500, "druidException", "DEFENSIVE"}};
  for (const auto& expected : cases) {
    const ErrorAnswer answer = error_answer(Error(expected.category, "m"), JsonStyle::kCompact);
    EXPECT_EQ(answer.status, expected.status);
    EXPECT_NE(answer.body.find("{\"error\":\"" + std::string(expected.error) + "\""), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find("\"category\":\"" + std::string(expected.category_name) + "\""), std::string::npos);
  }
}

TEST(ErrorBodyTest, ForeignExceptionsAreFailuresAtRunTime) {
  const std::runtime_error foreign("out of luck");
  const ErrorAnswer answer = error_answer(static_cast<const std::exception&>(foreign), JsonStyle::kCompact);
  EXPECT_EQ(answer.status, 500);
  EXPECT_NE(answer.body.find("out of luck"), std::string::npos);
}

}  // namespace
}  // namespace sarsen::server
