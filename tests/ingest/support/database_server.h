#pragma once
// A database server of the test's own: on a loopback port, with its data in a temporary folder, gone with the object.
// Root has it run by the user nobody, as PostgreSQL wants. The machine's own servers are left alone.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "ingest/metadata/metadata_config.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {

class DatabaseServer {
 public:
  /// Starts it, with an empty database "druid" and a user "druid".
  explicit DatabaseServer(DatabaseKind kind);
  ~DatabaseServer();
  DatabaseServer(const DatabaseServer&) = delete;
  DatabaseServer& operator=(const DatabaseServer&) = delete;

  /// The program, or "" where it is not installed.
  static std::filesystem::path program(DatabaseKind kind);

  const DatabaseLocation& location() const noexcept { return location_; }

  void start();
  void stop();
  /// As if the machine had lost its power.
  void kill();

 private:
  void create();
  pid_t spawn(const std::vector<std::string>& command, const std::filesystem::path& input = "/dev/null") const;
  void run(const std::vector<std::string>& command, const std::filesystem::path& input = "/dev/null") const;
  bool answers() const;

  const DatabaseKind kind_;
  TemporaryFolder folder_;
  DatabaseLocation location_;
  pid_t process_ = 0;
};

}  // namespace sarsen::ingest
