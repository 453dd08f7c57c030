#include <gtest/gtest.h>

#include "engine/lookup/lookup_registry.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

LookupPtr parse(const std::string& json) {
  const Json document = Json::parse(json);
  return parse_lookup(JsonField(document));
}

TEST(Lookup, FindsValuesAndKeys) {
  const LookupPtr lookup =
      parse(R"({"type":"map","map":{"phone":"mobile","tablet":"mobile","tv":""},"isOneToOne":false})");
  EXPECT_EQ(*lookup->find("phone"), "mobile");
  EXPECT_EQ(*lookup->find("tv"), "");
  EXPECT_EQ(lookup->find("watch"), nullptr);
  EXPECT_EQ(lookup->keys_of("mobile"), (std::vector<std::string>{"phone", "tablet"}));
  EXPECT_FALSE(lookup->is_one_to_one());
  EXPECT_EQ(lookup->to_json().dump(),
            R"({"type":"map","map":{"phone":"mobile","tablet":"mobile","tv":""},"isOneToOne":false})");
}

TEST(Lookup, TheLastOfEqualKeysWins) {
  const Lookup lookup({{"a", "1"}, {"b", "2"}, {"a", "3"}}, false);
  EXPECT_EQ(*lookup.find("a"), "3");
  EXPECT_EQ(lookup.entries().size(), 2U);
}

TEST(Lookup, OtherTypesAreNamed) {
  try {
    parse(R"({"type":"cachedNamespace"})");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kUnsupported);
  }
  EXPECT_THROW(parse(R"({"type":"mop","map":{}})"), Error);
  EXPECT_THROW(parse(R"({"type":"map"})"), Error);
}

TEST(LookupRegistry, SnapshotsDoNotChange) {
  LookupRegistry registry;
  registry.put("a", {"v1", parse(R"({"type":"map","map":{"k":"1"}})")});
  const auto before = registry.snapshot();
  registry.put("a", {"v2", parse(R"({"type":"map","map":{"k":"2"}})")});
  EXPECT_EQ(*before->find("a")->second.lookup->find("k"), "1");
  EXPECT_EQ(*registry.find("a")->find("k"), "2");
  EXPECT_TRUE(registry.remove("a"));
  EXPECT_FALSE(registry.remove("a"));
  EXPECT_EQ(registry.find("a"), nullptr);
}

}  // namespace
}  // namespace sarsen::engine
