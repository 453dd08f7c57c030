#include "ingest/zookeeper/zookeeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/zookeeper/announcement_json.h"
#include "ingest/zookeeper/segment_nodes.h"
#include "storage/base/error.h"
#include "storage/base/json.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

TEST(ConnectStringTest, HasServersAndPerhapsAPath) {
  EXPECT_EQ(parse_connect_string("x", "a:1,b:2").servers, "a:1,b:2");
  EXPECT_EQ(parse_connect_string("x", "a, b:2/some/path").servers, "a:2181,b:2");
  EXPECT_EQ(parse_connect_string("x", "a, b:2/some/path").chroot, "/some/path");
  EXPECT_EQ(parse_connect_string("x", "a/").chroot, "");
  EXPECT_EQ(parse_connect_string("x", "[::1]").servers, "[::1]:2181");
}

TEST(ConnectStringTest, NamesWhatIsWrong) {
  for (const char* wrong : {"", "/path", "a,,b", ",a", "a,", "a/b/", "a//b", "a/x,b"}) {
    try {
      parse_connect_string("druid.zk.service.host", wrong);
      ADD_FAILURE() << wrong;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("druid.zk.service.host")) << wrong;
    }
  }
}

const AnnouncedServer kServer{.host = "h", .port = 8084, .tier = "hot", .priority = 7};

TEST(AnnouncementJsonTest, IsDruids) {
  EXPECT_EQ(
      server_json(kServer).dump(),
      R"({"name":"h:8084","host":"h:8084","hostAndTlsPort":null,"maxSize":0,"type":"realtime","tier":"hot","priority":7})");
  EXPECT_EQ(service_instance_json("druid/overlord", "id", kServer, 1'700'000'000'000).dump(),
            R"({"name":"druid:overlord","id":"id","address":"h","port":8084,"sslPort":null,"payload":null,)"
            R"("registrationTimeUTC":1700000000000,"serviceType":"DYNAMIC","uriSpec":null})");
  EXPECT_EQ(
      discovery_node_json("druid/broker", "broker", kServer, 0).dump(),
      R"({"druidNode":{"service":"druid/broker","host":"h","bindOnHost":false,"plaintextPort":8084,"port":-1,"tlsPort":-1,)"
      R"("enablePlaintextPort":true,"enableTlsPort":false},"nodeType":"broker","services":{},)"
      R"("startTime":"1970-01-01T00:00:00.000Z"})");
}

TEST(AnnouncementJsonTest, SaysOfADataNodeThatItServesSegments) {
  EXPECT_THAT(
      discovery_node_json("druid/historical", "historical", kServer, 0).dump(),
      HasSubstr(
          R"("services":{"dataNodeService":{"type":"dataNodeService","tier":"hot","maxSize":0,"serverType":"realtime","priority":7}})"));
}

/// What SegmentNodes says.
struct Folder {
  std::map<std::string, std::string> nodes;

  SegmentNodes make(std::size_t segments_max, std::size_t bytes_max, bool batches = true) {
    return SegmentNodes(
        {.folder = "/s",
         .batches = batches,
         .segments_max = segments_max,
         .bytes_max = bytes_max,
         .new_name = [count = 0]() mutable { return "n" + std::to_string(count++); }},
        [this](const std::string& path, const std::string& data) { nodes[path] = data; },
        [this](const std::string& path) { nodes.erase(path); });
  }
};

TEST(SegmentNodesTest, FillsABatchBeforeItBeginsAnother) {
  Folder folder;
  SegmentNodes nodes = folder.make(2, 1000);
  EXPECT_FALSE(nodes.put("a", "1").existing);
  EXPECT_TRUE(nodes.put("b", "2").existing);
  EXPECT_EQ(nodes.put("c", "3").path, "/s/n1");
  EXPECT_EQ(folder.nodes, (std::map<std::string, std::string>{{"/s/n0", "[1,2]"}, {"/s/n1", "[3]"}}));
  EXPECT_EQ(nodes.remove("a"), "/s/n0");
  EXPECT_EQ(nodes.put("d", "4").path, "/s/n0") << "there is room again";
  EXPECT_EQ(nodes.remove("c"), "/s/n1");
  EXPECT_EQ(nodes.remove("c"), "");
  EXPECT_EQ(folder.nodes, (std::map<std::string, std::string>{{"/s/n0", "[2,4]"}}));
}

TEST(SegmentNodesTest, KeepsBatchesBelowTheirBytes) {
  Folder folder;
  SegmentNodes nodes = folder.make(50, 12);
  nodes.put("a", "1234");
  nodes.put("b", "5678");
  EXPECT_EQ(folder.nodes.at("/s/n0"), "[1234,5678]") << "11 bytes";
  EXPECT_EQ(nodes.put("c", "1").path, "/s/n1");
  EXPECT_EQ(nodes.put("a", "123456789").path, "/s/n2") << "a text that has grown moves";
  EXPECT_EQ(folder.nodes,
            (std::map<std::string, std::string>{{"/s/n0", "[5678]"}, {"/s/n1", "[1]"}, {"/s/n2", "[123456789]"}}));
  EXPECT_THROW(nodes.put("d", "1234567890"), Error);
}

TEST(SegmentNodesTest, ChangesAText) {
  Folder folder;
  SegmentNodes nodes = folder.make(50, 1000);
  nodes.put("a", "1");
  nodes.put("b", "2");
  EXPECT_EQ(nodes.put("a", "11").path, "/s/n0");
  EXPECT_EQ(folder.nodes.at("/s/n0"), "[11,2]");
}

TEST(SegmentNodesTest, HasANodeForEachInTheOlderForm) {
  Folder folder;
  SegmentNodes nodes = folder.make(50, 1000, false);
  EXPECT_EQ(nodes.put("a", "1").path, "/s/a");
  nodes.put("b", "2");
  nodes.put("b", "3");
  EXPECT_EQ(nodes.remove("a"), "/s/a");
  EXPECT_EQ(folder.nodes, (std::map<std::string, std::string>{{"/s/b", "3"}}));
}

}  // namespace
}  // namespace sarsen::ingest
