#pragma once
// S3 for tests, on loopback ports, gone with the objects: a small one of the tests' own (s3_server), which holds every
// signature against the key and breaks where it is told to, and MinIO, where its program is on the PATH.

#include <sys/types.h>

#include <string>
#include <vector>

#include "ingest/s3/s3_client.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {

class S3Server {
 public:
  static constexpr const char* kAccessKey = "AKIA";
  static constexpr const char* kSecretKey = "s3cr/et+key";
  static constexpr const char* kRegion = "eu-central-1";

  explicit S3Server(const std::vector<std::string>& options);
  ~S3Server();
  S3Server(const S3Server&) = delete;
  S3Server& operator=(const S3Server&) = delete;

  /// 0 where there is no Python.
  int port() const noexcept { return port_; }
  S3Connection connection() const;

 private:
  pid_t process_ = 0;
  int input_ = -1;  // it ends with that
  int port_ = 0;
};

class MinioServer {
 public:
  /// "" where there is none.
  static std::string program();

  /// Waits until it answers. REQUIRES: there is a program.
  MinioServer();
  ~MinioServer();
  MinioServer(const MinioServer&) = delete;
  MinioServer& operator=(const MinioServer&) = delete;

  const S3Connection& connection() const noexcept { return connection_; }

 private:
  TemporaryFolder folder_;
  S3Connection connection_;
  pid_t process_ = 0;
};

/// Makes a bucket, which is there already with the small one.
void make_bucket(const S3Connection& connection, const std::string& name);

}  // namespace sarsen::ingest
