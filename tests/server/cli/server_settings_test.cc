#include "server/cli/server_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

std::string failure(const std::string& name, const std::string& value) {
  try {
    read_settings({{name, value}});
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput);
    return error.what();
  }
  return "";
}

TEST(ServerSettingsTest, HasDruidsDefaults) {
  const ServerSettings settings = read_settings({});
  EXPECT_EQ(settings.http.host, "127.0.0.1");
  EXPECT_EQ(settings.http.port, 8082);
  EXPECT_EQ(settings.data, "sarsen-data");
  EXPECT_EQ(settings.http.idle_timeout, milliseconds(300'000));
}

TEST(ServerSettingsTest, LaterPropertiesWin) {
  const ServerSettings settings =
      read_settings({{"druid.port", "1"}, {"druid.plaintextPort", "2"}, {"druid.server.http.maxIdleTime", "PT1S"}});
  EXPECT_EQ(settings.http.port, 2);
  EXPECT_EQ(settings.http.idle_timeout, milliseconds(1000));
  EXPECT_EQ(settings.effective.at("druid.plaintextPort"), "2");
}

TEST(ServerSettingsTest, TakesOneSpecOrSeveral) {
  const ServerSettings settings =
      read_settings({{"druid.realtime.specFile", "a.spec"}, {"druid.realtime.specFile", R"(["b.spec","c.spec"])"}});
  EXPECT_EQ(settings.spec_files, (std::vector<std::string>{"a.spec", "b.spec", "c.spec"}));
}

TEST(ServerSettingsTest, ReadsSizesAsDruidWritesThem) {
  const ServerSettings settings = read_settings({{"druid.processing.buffer.sizeBytes", "64MiB"},
                                                 {"druid.query.groupBy.maxOnDiskStorage", "10GiB"},
                                                 {"druid.query.groupBy.defaultOnDiskStorage", "0"},
                                                 {"druid.query.groupBy.maxMergingDictionarySize", "1000000"},
                                                 {"druid.processing.tmpDir", "spills"},
                                                 {"druid.server.http.maxSubqueryRows", "7"},
                                                 {"druid.server.http.maxSubqueryBytes", "auto"},
                                                 {"sarsen.query.maxBytesPerQuery", "1G"},
                                                 {"sarsen.query.maxMemoryBytes", "4Gi"}});
  const engine::QueryLimits& limits = settings.query_limits;
  EXPECT_EQ(limits.groups.memory_bytes_max, std::uint64_t{64} << 20);
  EXPECT_EQ(limits.groups.disk_bytes_max, std::uint64_t{10} << 30);
  EXPECT_EQ(limits.groups.disk_bytes_default, 0u);
  EXPECT_EQ(limits.groups.dictionary_bytes_max, 1'000'000u);
  EXPECT_EQ(limits.groups.folder, "spills");
  EXPECT_EQ(limits.sub_query_rows_max, 7);
  EXPECT_EQ(limits.sub_query_bytes_max, "auto");
  EXPECT_EQ(limits.query_bytes_max, 1'000'000'000u);
  EXPECT_EQ(limits.memory_bytes_max, std::int64_t{4} << 30);
  EXPECT_THAT(failure("druid.processing.buffer.sizeBytes", "64MB"), HasSubstr("such as 64MiB"));
  EXPECT_THAT(failure("druid.server.http.maxSubqueryBytes", "much"), HasSubstr("much"));
}

TEST(ServerSettingsTest, NamesWhatIsWrong) {
  EXPECT_THAT(failure("druid.plaintextPort", "70000"),
              HasSubstr("druid.plaintextPort must be an integer from 0 to 65535"));
  EXPECT_THAT(failure("druid.plaintextPort", "80x"), HasSubstr("80x"));
  EXPECT_THAT(failure("druid.server.http.maxIdleTime", "P1M"), HasSubstr("P1M"));
  EXPECT_THAT(failure("sarsen.query.keyOrder", "java6"), HasSubstr("java8 or java7"));
  EXPECT_THAT(failure("sarsen.dat", "x"), HasSubstr("sarsen.data"));
  EXPECT_THAT(failure("druid.server.http.numThread", "5"), HasSubstr("druid.server.http.numThreads"));
  EXPECT_THAT(failure("some.thing", "5"), HasSubstr("some.thing"));
  EXPECT_THAT(failure("druid.ingestion.http.allowedProtocols", "http"), HasSubstr("allowedProtocols must be"));
  EXPECT_THAT(failure("druid.realtime.specFile", "[x"), HasSubstr("druid.realtime.specFile must be"));
}

TEST(ServerSettingsTest, TakesTheQuerySchedulers) {
  const std::string scheduler = "druid.query.scheduler.";
  const ServerSettings settings = read_settings({{scheduler + "numThreads", "7"},
                                                 {scheduler + "laning.strategy", "manual"},
                                                 {scheduler + "laning.lanes.one.two", "3"},
                                                 {scheduler + "prioritization.strategy", "threshold"},
                                                 {scheduler + "prioritization.durationThreshold", "PT1H"},
                                                 {"druid.server.http.maxQueryTimeout", "5000"}});
  EXPECT_EQ(settings.scheduler.threads, 7U);
  EXPECT_EQ(settings.scheduler.lanes.at("one.two"), 3U);
  EXPECT_EQ(settings.query_limits.priorities.duration_ms, 3600000);
  EXPECT_EQ(settings.scheduler.timeout_max_ms, 5000);
  EXPECT_THAT(failure(scheduler + "laning.strategy", "hilo"), HasSubstr("maxLowPercent must be set"));
  EXPECT_THAT(failure(scheduler + "prioritization.strategy", "threshold"), HasSubstr("must be set"));
  EXPECT_THAT(failure(scheduler + "laning.lanes.", "3"), HasSubstr("Unknown setting"));
}

TEST(ServerSettingsTest, ThresholdsNeedTheirStrategy) {
  const ServerSettings settings = read_settings({{"druid.query.scheduler.prioritization.durationThreshold", "PT1H"}});
  EXPECT_FALSE(settings.query_limits.priorities.duration_ms);
}

TEST(ServerSettingsTest, SaysWhereSegmentsAreKept) {
  const StorageSettings storage =
      read_settings({{"druid.metadata.storage.type", "sqlite"},
                     {"druid.metadata.storage.connector.connectURI", "jdbc:sqlite:/m/druid.db"},
                     {"druid.metadata.storage.connector.user", "druid"},
                     {"druid.metadata.storage.tables.base", "prod"},
                     {"druid.storage.type", "local"},
                     {"druid.storage.storageDirectory", "/deep"},
                     {"druid.storage.zip", "true"},
                     {"druid.segmentCache.infoDir", "/info"},
                     {"druid.segmentCache.locations", R"([{"path":"/a","maxSize":"1GiB"},{"path":"/b"}])"}})
          .storage;
  const ingest::MetadataConfig metadata = metadata_config(storage.metadata, "");
  EXPECT_EQ(metadata.file, "/m/druid.db");
  EXPECT_EQ(metadata.tables.name("segments"), "prod_segments");
  EXPECT_EQ(storage.deep_storage, "/deep");
  EXPECT_EQ(storage.zip, true);
  ASSERT_EQ(storage.cache_locations.size(), 2U);
  EXPECT_EQ(storage.cache_locations[0].bytes_max, std::uint64_t{1} << 30);
  EXPECT_EQ(storage.cache_locations[1].path, "/b");
}

TEST(ServerSettingsTest, TakesDerbyForSqliteAndRefusesOtherStoresByName) {
  EXPECT_NO_THROW(read_settings({{"druid.metadata.storage.type", "derby"},
                                 {"druid.metadata.storage.connector.connectURI", "jdbc:derby://localhost:1527/var"}}));
  for (const auto& [name, value] : Properties{{"druid.metadata.storage.type", "sqlserver"},
                                              {"druid.metadata.storage.connector.connectURI", "jdbc:sqlserver://h/d"},
                                              {"druid.storage.type", "hdfs"},
                                              {"druid.publish.type", "noop"}}) {
    try {
      read_settings({{name, value}});
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.category(), ErrorCategory::kUnsupported);
      EXPECT_THAT(error.what(), testing::AllOf(HasSubstr(name), HasSubstr(value)));
    }
  }
  EXPECT_THAT(failure("druid.segmentCache.locations", R"([{"path":"/a","maxSize":"many"}])"), HasSubstr("maxSize"));
  EXPECT_THAT(failure("druid.metadata.storage.tables.base", "a;b"), HasSubstr("letters, digits and underscores"));
}

TEST(ServerSettingsTest, FindsDeepStorageInS3) {
  Properties properties{{"druid.storage.type", "s3"},
                        {"druid.storage.bucket", "druid"},
                        {"druid.storage.baseKey", "prod/segments"},
                        {"druid.storage.sse.type", "s3"},
                        {"druid.s3.accessKey", "AKIA"},
                        {"druid.s3.secretKey", R"({"type":"default","password":"shh"})"},
                        {"druid.s3.endpoint.url", "minio:9000"},
                        {"druid.s3.protocol", "http"},
                        {"druid.s3.endpoint.signingRegion", "eu-central-1"},
                        {"druid.s3.enablePathStyleAccess", "true"}};
  const ServerSettings settings = read_settings(properties);
  const ingest::S3Config s3 = s3_config(settings.storage.s3);
  EXPECT_TRUE(settings.storage.s3_storage);
  EXPECT_EQ(s3.connection.endpoint, "http://minio:9000");
  EXPECT_EQ(s3.connection.secret_key, "shh");
  EXPECT_EQ(s3.connection.region, "eu-central-1");
  EXPECT_EQ(s3.base_key, "prod/segments");
  EXPECT_THAT(s3.headers, testing::Contains(testing::Pair("x-amz-server-side-encryption", "AES256")));
  EXPECT_FALSE(settings.effective.contains("druid.s3.secretKey"));
  EXPECT_FALSE(settings.effective.contains("druid.s3.accessKey"));
  properties.erase(properties.begin() + 1);
  EXPECT_THROW(read_settings(properties), Error);
  EXPECT_THAT(failure("druid.storage.baseKey", "/x"), HasSubstr("slash"));
  EXPECT_THROW(read_settings({{"druid.s3.fileSessionCredentials", "f"}}), Error);
  EXPECT_THAT(failure("druid.s3.endpont.url", "x"), HasSubstr("druid.s3.endpoint.url"));
}

TEST(ServerSettingsTest, FindsTheDatabaseOfTheMetadataStore) {
  const std::string uri = "druid.metadata.storage.connector.connectURI";
  const ServerSettings settings = read_settings({{"druid.metadata.storage.type", "postgresql"},
                                                 {uri, "jdbc:postgresql://db.example:5433/druid?sslmode=require"},
                                                 {"druid.metadata.storage.connector.user", "u"},
                                                 {"druid.metadata.storage.connector.password", "secret"},
                                                 {"druid.metadata.storage.connector.createTables", "false"},
                                                 {"druid.metadata.postgres.dbTableSchema", "olap"},
                                                 {"druid.metadata.storage.tables.taskLock", "locks"}});
  const ingest::MetadataConfig config = metadata_config(settings.storage.metadata, "");
  EXPECT_EQ(config.kind, ingest::DatabaseKind::kPostgresql);
  EXPECT_EQ(config.server.text(), "db.example:5433/druid");
  EXPECT_EQ(config.server.password, "secret");
  EXPECT_THAT(config.server.parameters,
              testing::UnorderedElementsAre(testing::Pair("sslmode", "require"), testing::Pair("search_path", "olap")));
  EXPECT_FALSE(config.create_tables);
  EXPECT_EQ(config.tables.name("tasklocks"), "locks");
  EXPECT_EQ(config.tables.name("tasks"), "druid_tasks");
  EXPECT_FALSE(settings.effective.contains("druid.metadata.storage.connector.password"));
  const auto mysql = read_settings({{uri, "jdbc:mysql://[::1]/druid?characterEncoding=UTF-8&useSSL=true"}});
  const ingest::MetadataConfig other = metadata_config(mysql.storage.metadata, "");
  EXPECT_EQ(other.kind, ingest::DatabaseKind::kMysql);
  EXPECT_EQ(other.server.text(), "::1:3306/druid");
  EXPECT_THAT(failure("druid.metadata.storage.type", "mysql"), HasSubstr(uri + " must be"));
  EXPECT_THAT(failure(uri, "jdbc:postgresql:druid"), HasSubstr("jdbc:postgresql://HOST"));
  EXPECT_THAT(failure(uri, "jdbc:mysql://h:0/d"), HasSubstr("65535"));
  EXPECT_THAT(failure(uri, "jdbc:mysql://h/d?password=x"), HasSubstr("connector.password"));
  EXPECT_THAT(failure(uri, "jdbc:mysql://h/d?trustStore=x"), HasSubstr("trustStore"));
  EXPECT_THAT(failure(uri, "jdbc:mysql://h/d%"), HasSubstr("broken percent escape"));
  EXPECT_THAT(failure(uri, "jdbc:postgresql://u:shh@h/d"),
              testing::AllOf(HasSubstr("connector.password"), testing::Not(HasSubstr("shh"))));
  EXPECT_FALSE(read_settings({{uri, "jdbc:postgresql://h/d?sslpassword=shh"}}).effective.contains(uri));
  EXPECT_THROW(read_settings({{"druid.metadata.mysql.ssl.trustCertificateKeyStoreUrl", "x"}}), Error);
}

TEST(ServerSettingsTest, PassesOverWhatOnlyAClusterNeeds) {
  EXPECT_NO_THROW(read_settings({{"druid.zk.paths.loadQueuePath", "/q"}, {"druid.extensions.loadList", "[]"}}));
}

TEST(HandOffSettingsTest, SaysWhoServesWhatIsPublished) {
  const auto problem = [](const Properties& properties) -> std::string {
    try {
      read_settings(properties);
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_THAT(problem({{"sarsen.segment.handoff", "historical"}}), testing::HasSubstr("self, coordinator or"));
  EXPECT_THAT(problem({{"sarsen.segment.handoff", "announcements"}}), testing::HasSubstr("druid.zk.service.host"));
  EXPECT_THAT(problem({{"druid.segment.handoff.pollDuration", "PT0S"}}), testing::HasSubstr("longer than nothing"));
  const Properties cluster{{"druid.zk.service.host", "h:1"}, {"sarsen.segment.handoff", "coordinator"}};
  EXPECT_THAT(problem(cluster),
              testing::AnyOf(testing::HasSubstr("sarsen.zookeeper.roles"), testing::HasSubstr("built without")));
}

}  // namespace
}  // namespace sarsen::server
