// Against a small S3 of the test's own (tests/ingest/support/s3_server), which holds every signature against the key.

#include "ingest/deep_storage/s3_deep_storage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "ingest/deep_storage/linked_files.h"
#include "ingest/deep_storage/local_beside_s3.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/segment/zip_archive.h"
#include "tests/ingest/support/s3_servers.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kKey =
    "prod/segments/wi ki+é/2013-08-31T00:00:00.000Z_2013-09-01T00:00:00.000Z/2013-08-31T00:00:00.000Z/2/index.zip";

class S3DeepStorageTest : public testing::Test {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::kError);
    fs::create_directories(files());
    std::ofstream(files() / "version.bin") << std::string("\0\0\0\x09", 4);
    std::ofstream(files() / "meta.smoosh") << "v1,2147483647,1\n";
    std::ofstream(files() / "00000.smoosh") << std::string(300'000, 'x') + "end";
    start({});
  }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  void start(const std::vector<std::string>& options) {
    server_ = std::make_unique<S3Server>(options);
    if (server_->port() == 0) GTEST_SKIP() << "python3 is not installed";
    storage_ = storage({});
  }

  std::unique_ptr<S3DeepStorage> storage(const std::string& secret_key) const {
    return std::make_unique<S3DeepStorage>(config(secret_key), folder_.path() / "transfers",
                                           folder_.path() / "segments");
  }

  S3Config config(const std::string& secret_key) const {
    S3Config config;
    config.connection = {.endpoint = "http://127.0.0.1:" + std::to_string(server_->port()),
                         .region = S3Server::kRegion,
                         .path_style = true,
                         .access_key = S3Server::kAccessKey,
                         .secret_key = secret_key.empty() ? S3Server::kSecretKey : secret_key};
    config.bucket = "druid";
    config.base_key = "prod/segments";
    config.archive_bucket = "old";
    config.archive_base_key = "kept";
    config.headers = {{"x-amz-acl", "bucket-owner-full-control"}};
    return config;
  }

  fs::path files() const { return folder_.path() / "files"; }
  static storage::SegmentDescriptor segment() {
    storage::SegmentDescriptor descriptor;
    descriptor.id = {"wi ki+é", parse_interval("2013-08-31/2013-09-01"), "2013-08-31T00:00:00.000Z", 2};
    descriptor.shard_spec = storage::numbered_shard_spec(2, 0);
    return descriptor;
  }
  /// The bytes of what was pulled.
  std::uint64_t pulled(const storage::SegmentDescriptor& segment) const {
    const fs::path target = folder_.path() / ("pulled" + std::to_string(++pulls_));
    fs::create_directories(target);
    storage_->pull(segment, target);
    return file_bytes(target);
  }
  std::string failure(const std::function<void()>& body) const {
    try {
      body();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  TemporaryFolder folder_;
  std::unique_ptr<S3Server> server_;
  std::unique_ptr<S3DeepStorage> storage_;
  mutable int pulls_ = 0;
};

TEST_F(S3DeepStorageTest, LaysSegmentsOutAsDruidDoes) {
  const storage::SegmentDescriptor pushed = storage_->push(files(), segment());
  EXPECT_EQ(pushed.load_spec.dump(),
            std::string(R"({"type":"s3_zip","bucket":"druid","key":")") + kKey + R"(","S3Schema":"s3n"})");
  EXPECT_EQ(pushed.size_bytes, file_bytes(files()));
  EXPECT_EQ(pulled(pushed), file_bytes(files()));
  EXPECT_TRUE(fs::is_empty(folder_.path() / "transfers"));
}

TEST_F(S3DeepStorageTest, PushesAgainOverWhatIsThere) {
  storage_->push(files(), segment());
  std::ofstream(files() / "00000.smoosh") << "other";
  EXPECT_EQ(pulled(storage_->push(files(), segment())), file_bytes(files()));
}

TEST_F(S3DeepStorageTest, DeletesWhatItPushedAndNothingElse) {
  const storage::SegmentDescriptor pushed = storage_->push(files(), segment());
  storage::SegmentDescriptor elsewhere = segment();
  elsewhere.id.version = "v9";
  elsewhere.load_spec = pushed.load_spec;
  EXPECT_THAT(failure([&] { storage_->remove(elsewhere); }), HasSubstr("leads elsewhere"));
  EXPECT_EQ(pulled(pushed), file_bytes(files()));
  storage_->remove(pushed);
  EXPECT_NO_THROW(storage_->remove(pushed));
  EXPECT_NO_THROW(storage_->remove(segment()));  // without a load spec: pushed, perhaps
  EXPECT_THAT(failure([&] { pulled(pushed); }), HasSubstr("NoSuchKey"));
}

/// As Druid writes them with druid.storage.zip=false.
TEST_F(S3DeepStorageTest, PullsAndDeletesFoldersOfKeys) {
  S3Client client({.endpoint = "http://127.0.0.1:" + std::to_string(server_->port()),
                   .region = S3Server::kRegion,
                   .path_style = true,
                   .access_key = S3Server::kAccessKey,
                   .secret_key = S3Server::kSecretKey});
  const std::string folder = std::string(kKey).substr(0, std::string(kKey).size() - 9) + "0b5c/";
  for (const auto& file : fs::directory_iterator(files()))
    client.put("druid", folder + file.path().filename().string(), file.path());
  client.put("druid", folder + "below/other", files() / "meta.smoosh");
  storage::SegmentDescriptor descriptor = segment();
  descriptor.load_spec = Json::Object{{"type", "s3_zip"}, {"bucket", "druid"}, {"key", folder}};
  EXPECT_EQ(pulled(descriptor), file_bytes(files()));
  storage_->remove(descriptor);
  EXPECT_TRUE(client.list("druid", folder).empty());
}

TEST_F(S3DeepStorageTest, TriesAgainWhereTheServerIsOverburdenedOrBreaksOff) {
  start({"--fail", "3", "--cut", "1"});
  const storage::SegmentDescriptor pushed = storage_->push(files(), segment());
  EXPECT_EQ(pulled(pushed), file_bytes(files()));
}

TEST_F(S3DeepStorageTest, CopiesSegmentsToTheArchiveAndBack) {
  const storage::SegmentDescriptor pushed = storage_->push(files(), segment());
  const auto archived = storage_->copy_to_archive(pushed);
  ASSERT_TRUE(archived);
  const std::string below = std::string(kKey).substr(std::string("prod/segments").size());
  EXPECT_EQ(archived->load_spec.dump(),
            R"({"type":"s3_zip","bucket":"old","key":"kept)" + below + R"(","S3Schema":"s3n"})");
  EXPECT_FALSE(storage_->copy_to_archive(*archived)) << "it lies there";
  storage_->remove(pushed);
  EXPECT_EQ(pulled(*archived), file_bytes(files()));
  const auto restored = storage_->copy_from_archive(*archived);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->load_spec.dump(), pushed.load_spec.dump());
  EXPECT_EQ(pulled(*restored), file_bytes(files()));
  const auto moved = storage_->copy_to(*restored, Json::parse(R"({"bucket":"b","baseKey":"k"})"));
  EXPECT_EQ(pulled(*moved), file_bytes(files()));
  EXPECT_THAT(failure([&] { storage_->copy_to(pushed, Json::parse(R"({"bucket":"b"})")); }),
              HasSubstr("Target S3 baseKey is not specified"));
  LocalDeepStorage local(folder_.path() / "segments");
  EXPECT_THAT(failure([&] { storage_->copy_to_archive(local.push(files(), segment())); }),
              HasSubstr("Unknown loader type[local].  Known types are [s3_zip]"));
}

// --- objects longer than a part

class S3PartsTest : public S3DeepStorageTest {
 protected:
  S3Client client() const {
    return S3Client({.endpoint = url(),
                     .region = S3Server::kRegion,
                     .path_style = true,
                     .access_key = S3Server::kAccessKey,
                     .secret_key = S3Server::kSecretKey,
                     .part_bytes = 100'000});
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  std::string told(const std::string& path) const { return http_exchange({.url = url() + path}).body; }
  fs::path file() const { return files() / "00000.smoosh"; }  // 300,003 bytes
  static std::string read(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
};

TEST_F(S3PartsTest, AreSentOneByOneAndJoined) {
  client().put("druid", "a/b c", file(), {{"x-amz-acl", "bucket-owner-full-control"}});
  client().get("druid", "a/b c", folder_.path() / "back");
  EXPECT_EQ(read(folder_.path() / "back"), read(file()));
  EXPECT_EQ(told("/-/parts"), "4");
  EXPECT_EQ(told("/-/uploads"), "0");
  client().put("druid", "small", files() / "meta.smoosh");
  EXPECT_EQ(told("/-/parts"), "4") << "what is no longer than a part is one request";
  EXPECT_EQ(told("/-/no-requests"), "0") << "nothing is sent behind the end of a part";
}

TEST_F(S3PartsTest, AreTriedAgain) {
  start({"--fail", "3"});
  client().put("druid", "a", file());
  client().get("druid", "a", folder_.path() / "back");
  EXPECT_EQ(read(folder_.path() / "back"), read(file()));
}

TEST_F(S3PartsTest, AreGivenUpWhereOneIsRefused) {
  start({"--bad-part", "3"});
  EXPECT_THAT(failure([&] { client().put("druid", "a", file()); }), HasSubstr("BadDigest"));
  EXPECT_EQ(told("/-/parts"), "2");
  EXPECT_EQ(told("/-/uploads"), "0") << "aborted";
  EXPECT_THAT(failure([&] { client().get("druid", "a", folder_.path() / "back"); }), HasSubstr("NoSuchKey"));
}

TEST_F(S3PartsTest, AreGivenUpWhereTheyCannotBeJoined) {
  start({"--bad-end", "1"});
  EXPECT_THAT(failure([&] { client().put("druid", "a", file()); }), HasSubstr("not joined (InternalError"));
  EXPECT_EQ(told("/-/uploads"), "0");
}

TEST_F(S3DeepStorageTest, EachSegmentIsFetchedFromWhereItsLoadSpecSays) {
  const storage::SegmentDescriptor in_s3 = storage_->push(files(), segment());
  S3Config reading = config({});
  reading.bucket.clear();
  LocalBesideS3 both(folder_.path() / "segments", false, reading, folder_.path() / "transfers");
  const storage::SegmentDescriptor on_disk = both.push(files(), segment());
  EXPECT_THAT(on_disk.load_spec.dump(), HasSubstr(R"({"type":"local")"));
  for (const storage::SegmentDescriptor& each : {in_s3, on_disk}) {
    const fs::path target = folder_.path() / "pulled-here";
    fs::create_directories(target);
    both.pull(each, target);
    EXPECT_EQ(file_bytes(target), file_bytes(files()));
    fs::remove_all(target);
    storage_->pull(each, fs::create_directories(target) ? target : target);  // and the other way round
    fs::remove_all(target);
  }
  both.remove(in_s3);
  EXPECT_THAT(failure([&] { pulled(in_s3); }), HasSubstr("NoSuchKey"));
  EXPECT_EQ(pulled(on_disk), file_bytes(files()));
}

void take_small_objects_and_those_in_parts(const S3Connection& connection) {
  make_bucket(connection, "sarsen-test");
  const TemporaryFolder folder;
  const fs::path large = folder.path() / "large", small = folder.path() / "small", back = folder.path() / "back";
  std::string bytes;
  while (bytes.size() < (12 << 20)) bytes += std::to_string(bytes.size());
  std::ofstream(large) << bytes;
  std::ofstream(small) << "few";
  const auto read = [&back] {
    std::ifstream stream(back, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(stream), {}};
  };
  const S3Client client(connection);
  client.put("sarsen-test", "a b/é/large", large);
  client.put("sarsen-test", "a b/é/small", small);
  client.get("sarsen-test", "a b/é/large", back);
  EXPECT_TRUE(read() == bytes);
  client.get("sarsen-test", "a b/é/small", back);
  EXPECT_EQ(read(), "few");
  EXPECT_EQ(client.list("sarsen-test", "a b/é/"), (std::vector<std::string>{"a b/é/large", "a b/é/small"}));
  client.copy("sarsen-test", "a b/é/large", "sarsen-test", "c d/é");
  client.get("sarsen-test", "c d/é", back);
  EXPECT_TRUE(read() == bytes);
  client.remove("sarsen-test", "c d/é");
  client.remove("sarsen-test", "a b/é/large");
  client.remove("sarsen-test", "a b/é/small");
  EXPECT_TRUE(client.list("sarsen-test", "a b/").empty());
  EXPECT_THROW(client.get("sarsen-test", "a b/é/small", back), Error);
}

/// Another program's S3, where SARSEN_TEST_S3=ACCESS_KEY:SECRET_KEY@http://HOST:PORT names one; the bucket is made.
TEST(ForeignS3Test, TakesSmallObjectsAndThoseInParts) {
  const char* given = std::getenv("SARSEN_TEST_S3");
  if (given == nullptr) GTEST_SKIP() << "SARSEN_TEST_S3 names no server";
  const std::string text = given;
  const std::size_t colon = text.find(':'), at = text.find('@');
  ASSERT_TRUE(colon < at && at != std::string::npos) << text;
  take_small_objects_and_those_in_parts({.endpoint = text.substr(at + 1),
                                         .path_style = true,
                                         .access_key = text.substr(0, colon),
                                         .secret_key = text.substr(colon + 1, at - colon - 1),
                                         .part_bytes = 5 << 20});
}

TEST(MinioTest, TakesSmallObjectsAndThoseInParts) {
  if (MinioServer::program().empty()) GTEST_SKIP() << "there is no minio on the PATH";
  const MinioServer minio;
  S3Connection connection = minio.connection();
  connection.part_bytes = 5 << 20;
  take_small_objects_and_those_in_parts(connection);
}

TEST_F(S3DeepStorageTest, IsTheSameInMinio) {
  if (MinioServer::program().empty()) GTEST_SKIP() << "there is no minio on the PATH";
  const MinioServer minio;
  for (const char* bucket : {"druid", "old"}) make_bucket(minio.connection(), bucket);
  S3Config minio_config = config({});
  minio_config.connection = minio.connection();
  storage_ = std::make_unique<S3DeepStorage>(minio_config, folder_.path() / "transfers", folder_.path() / "segments");
  const storage::SegmentDescriptor pushed = storage_->push(files(), segment());
  EXPECT_EQ(pulled(pushed), file_bytes(files()));
  const auto archived = storage_->copy_to_archive(pushed);
  ASSERT_TRUE(archived);
  storage_->remove(pushed);
  EXPECT_THAT(failure([&] { pulled(pushed); }), HasSubstr("NoSuchKey"));
  EXPECT_EQ(pulled(*archived), file_bytes(files()));
  EXPECT_EQ(pulled(*storage_->copy_from_archive(*archived)), file_bytes(files()));
}

TEST_F(S3DeepStorageTest, SaysWhatTheServerSaysOfWrongKeys) {
  const auto wrong = storage("another key");
  EXPECT_THAT(failure([&] { wrong->push(files(), segment()); }),
              testing::AllOf(HasSubstr("s3://druid/prod/segments"), HasSubstr("SignatureDoesNotMatch: no & never"),
                             testing::Not(HasSubstr("another key"))));
}

TEST_F(S3DeepStorageTest, PullsSegmentsOfTheLocalDiskToo) {
  LocalDeepStorage local(folder_.path() / "segments");
  const storage::SegmentDescriptor pushed = local.push(files(), segment());
  EXPECT_EQ(pulled(pushed), file_bytes(files()));
  storage_->remove(pushed);
  EXPECT_THROW(pulled(pushed), Error);
}

TEST_F(S3DeepStorageTest, RefusesLoadSpecsThatAreNone) {
  storage::SegmentDescriptor descriptor = segment();
  for (const char* text : {R"({"type":"s3_zip"})", R"({"type":"s3_zip","bucket":"a@evil.example/","key":"x"})",
                           R"({"type":"s3_zip","bucket":7,"key":"x"})"}) {
    descriptor.load_spec = Json::parse(text);
    EXPECT_THROW(pulled(descriptor), Error) << text;
  }
}

}  // namespace
}  // namespace sarsen::ingest
