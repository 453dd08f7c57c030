// The API of lookups, asked through the router without a socket: what is kept, what is refused, and what queries see.

#include "server/api/lookups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "tests/server/api/ask_router.h"
#include "tests/server/cli/program.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;

class LookupsTest : public testing::Test {
 protected:
  LookupsTest() { open(); }

  /// As after a restart.
  void open() {
    router_ = std::make_unique<Router>();
    registry_ = std::make_unique<engine::LookupRegistry>();
    store_ = std::make_unique<LookupStore>(folder_.path() / "lookups.json", *registry_);
    add_lookup_routes(*router_, *store_);
  }

  std::string ask(const std::string& method, const std::string& target, const std::string& body = "") {
    return ask_router(*router_, method, target, body, {{"Host", "here:8082"}});
  }

  TemporaryFolder folder_;
  std::unique_ptr<Router> router_;
  std::unique_ptr<engine::LookupRegistry> registry_;
  std::unique_ptr<LookupStore> store_;
};

constexpr const char* kConfig = "/druid/coordinator/v1/lookups/config";
constexpr const char* kLevels = R"({"version":"v1","lookupExtractorFactory":{"type":"map","map":{"low":"LOW"},)"
                                R"("isOneToOne":true}})";

std::string levels(const std::string& version, const std::string& value) {
  return R"({"version":")" + version + R"(","lookupExtractorFactory":{"type":"map","map":{"low":")" + value + R"("}}})";
}

TEST_F(LookupsTest, KeepsWhatIsPosted) {
  EXPECT_EQ(ask("GET", kConfig), R"(404 {"error":"No lookups found"})");
  EXPECT_EQ(ask("POST", kConfig, "{}"), "202 {}");
  EXPECT_EQ(ask("GET", kConfig), "200 []");
  const std::string all = R"({"__default":{"levels":)" + std::string(kLevels) + "}}";
  EXPECT_EQ(ask("POST", kConfig, all), "202 " + all);
  EXPECT_EQ(*registry_->find("levels")->find("low"), "LOW");
  EXPECT_EQ(ask("GET", kConfig), R"(200 ["__default"])");
  EXPECT_EQ(ask("GET", std::string(kConfig) + "/all"), "200 " + all);
  EXPECT_EQ(ask("GET", std::string(kConfig) + "/__default"), R"(200 ["levels"])");
  EXPECT_EQ(ask("GET", std::string(kConfig) + "/__default?detailed=true"),
            R"(200 {"levels":)" + std::string(kLevels) + "}");
  EXPECT_EQ(ask("GET", std::string(kConfig) + "/__default/levels"), "200 " + std::string(kLevels));
  EXPECT_EQ(ask("GET", std::string(kConfig) + "/elsewhere"), R"(404 {"error":"Tier [elsewhere] not found"})");
}

TEST_F(LookupsTest, SurvivesARestart) {
  ask("POST", kConfig, R"({"__default":{"levels":)" + std::string(kLevels) + R"(},"other":{"x":)" + kLevels + "}}");
  open();
  EXPECT_EQ(*registry_->find("levels")->find("low"), "LOW");
  EXPECT_EQ(registry_->find("x"), nullptr);
  EXPECT_EQ(ask("GET", kConfig), R"(200 ["__default","other"])");
}

TEST_F(LookupsTest, AGreaterVersionReplaces) {
  const std::string one = std::string(kConfig) + "/__default/levels";
  EXPECT_EQ(ask("POST", one, levels("v1", "1")), "202 ");
  EXPECT_EQ(ask("POST", one, levels("v1", "1")), "202 ");
  EXPECT_THAT(ask("POST", one, levels("v1", "2")), HasSubstr("400 {\"error\":\"given update for lookup"));
  EXPECT_EQ(*registry_->find("levels")->find("low"), "1");
  EXPECT_EQ(ask("POST", one, levels("v2", "2")), "202 ");
  EXPECT_EQ(*registry_->find("levels")->find("low"), "2");
  EXPECT_EQ(ask("DELETE", one), "202 ");
  EXPECT_EQ(registry_->find("levels"), nullptr);
  EXPECT_EQ(ask("DELETE", one), R"(404 {"error":"lookup [levels] not found"})");
}

TEST_F(LookupsTest, RefusesWhatIsNoLookup) {
  EXPECT_THAT(ask("POST", kConfig, "{"), HasSubstr("400 {\"error\":"));
  EXPECT_THAT(ask("POST", kConfig, R"({"__default":{"x":{"version":"v1"}}})"),
              HasSubstr("__default.x.lookupExtractorFactory"));
  EXPECT_THAT(ask("POST", kConfig, R"({"__default":{"x":{"lookupExtractorFactory":{"type":"cachedNamespace"}}}})"),
              HasSubstr("not part of this version"));
}

TEST_F(LookupsTest, TellsThatAllIsLoaded) {
  ask("POST", kConfig, R"({"__default":{"levels":)" + std::string(kLevels) + "}}");
  const std::string base = "/druid/coordinator/v1/lookups";
  EXPECT_EQ(ask("GET", base + "/status"), R"(200 {"__default":{"levels":{"loaded":true}}})");
  EXPECT_EQ(ask("GET", base + "/status/__default/levels?detailed=true"), R"(200 {"loaded":true,"pendingNodes":[]})");
  EXPECT_EQ(ask("GET", base + "/status/nope"), R"(404 {"error":"Tier [nope] not found"})");
  EXPECT_EQ(ask("GET", base + "/nodeStatus/__default"),
            R"(200 {"here:8082":{"current":{"levels":)" + std::string(kLevels) + R"(},"toLoad":{},"toDrop":[]}})");
}

TEST_F(LookupsTest, ListensToACoordinator) {
  const std::string base = "/druid/listen/v1/lookups";
  EXPECT_EQ(ask("GET", base), R"(200 {"current":{},"toLoad":{},"toDrop":[]})");
  EXPECT_EQ(ask("POST", base + "/updates",
                R"({"current":{},"toLoad":{"levels":)" + std::string(kLevels) + R"(},"toDrop":["gone"]})"),
            R"(202 {"current":{"levels":)" + std::string(kLevels) + R"(},"toLoad":{},"toDrop":[]})");
  EXPECT_EQ(ask("GET", base + "/levels"), "200 " + std::string(kLevels));
  EXPECT_EQ(ask("POST", base + "/more", levels("a", "b")), R"(202 {"status":"accepted","failedUpdates":{}})");
  EXPECT_EQ(ask("DELETE", base + "/more"), R"(202 "more")");
  EXPECT_EQ(ask("DELETE", base + "/more"), R"(404 {"error":"lookup [more] not found"})");
}

TEST_F(LookupsTest, ShowsWhatANodeHas) {
  const std::string base = "/druid/v1/lookups/introspect/levels";
  EXPECT_EQ(ask("GET", base), R"(404 {"error":"lookup [levels] not found"})");
  ask("POST", kConfig, R"({"__default":{"levels":)" + std::string(kLevels) + "}}");
  EXPECT_EQ(ask("GET", base), R"(200 {"low":"LOW"})");
  EXPECT_EQ(ask("GET", base + "/keys"), "200 [low]");
  EXPECT_EQ(ask("GET", base + "/values"), "200 [LOW]");
  EXPECT_EQ(ask("GET", base + "/version"), R"(200 {"version":"v1"})");
}

TEST(LookupStore, NamesTheFileThatItCannotRead) {
  const TemporaryFolder folder;
  write_text(folder.path() / "lookups.json", "{");
  engine::LookupRegistry registry;
  try {
    LookupStore(folder.path() / "lookups.json", registry);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("lookups.json"));
  }
}

}  // namespace
}  // namespace sarsen::server
