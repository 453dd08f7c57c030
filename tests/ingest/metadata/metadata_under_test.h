#pragma once
// A metadata store for one test, in each of the databases in turn. One server serves all tests of the process; each
// test has tables of its own.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "tests/ingest/support/database_server.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {

/// Null where its program is not installed.
inline DatabaseServer* shared_server(DatabaseKind kind) {
  static std::map<DatabaseKind, std::unique_ptr<DatabaseServer>> servers;
  if (DatabaseServer::program(kind).empty()) return nullptr;
  auto& server = servers[kind];
  if (!server) server = std::make_unique<DatabaseServer>(kind);
  return server.get();
}

class MetadataTest : public testing::TestWithParam<DatabaseKind> {
 protected:
  /// Of a store that is empty before the test. REQUIRES: available().
  MetadataConfig config() const {
    if (GetParam() == DatabaseKind::kSqlite) return folder_.path() / "metadata.sqlite";
    MetadataConfig config(GetParam(), server_->location());
    config.tables.base = "Test" + std::to_string(number_);
    return config;
  }
  bool available() const { return GetParam() == DatabaseKind::kSqlite || server_ != nullptr; }
  std::string table(const std::string& name) const { return config().tables.name(name); }

  void SetUp() override {
    if (!available()) GTEST_SKIP() << "the database server is not installed";
    open();
  }
  virtual void open() = 0;

  TemporaryFolder folder_;
  DatabaseServer* server_ = GetParam() == DatabaseKind::kSqlite ? nullptr : shared_server(GetParam());

 private:
  static inline int numbers_ = 0;
  const int number_ = ++numbers_;
};

inline std::string database_name(const testing::TestParamInfo<DatabaseKind>& kind) {
  switch (kind.param) {
    case DatabaseKind::kPostgresql:
      return "PostgreSQL";
    case DatabaseKind::kMysql:
      return "MariaDB";
    case DatabaseKind::kSqlite:
      break;
  }
  return "SQLite";
}

/// Those on servers are run by one process (tests/CMakeLists.txt): each process starts its own.
#define SARSEN_METADATA_SUITE(Suite)                                                                         \
  INSTANTIATE_TEST_SUITE_P(File, Suite, testing::Values(DatabaseKind::kSqlite), database_name);              \
  INSTANTIATE_TEST_SUITE_P(Servers, Suite, testing::Values(DatabaseKind::kPostgresql, DatabaseKind::kMysql), \
                           database_name)

}  // namespace sarsen::ingest
