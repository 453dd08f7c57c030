#pragma once
// One connection to a database server: the door that a driver implements, and what may go wrong with it. It does not
// mend itself: server_database.h does that. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/metadata/sql_database.h"
#include "storage/base/error.h"

namespace sarsen::ingest {

/// Where a database is, as a JDBC URI and its properties say.
struct DatabaseLocation {
  std::string host;
  std::uint16_t port = 0;
  std::string database;
  std::string user;
  std::string password;
  std::map<std::string, std::string> parameters = {};  // in the words of the driver

  /// "host:5432/druid", for messages.
  std::string text() const { return host + ":" + std::to_string(port) + "/" + database; }
};

/// The server is away, or the way to it: a further connection may be better.
class ConnectionLost : public Error {
 public:
  explicit ConnectionLost(const std::string& message) : Error(ErrorCategory::kRuntimeFailure, message) {}
};

/// Another transaction was in the way: the same again may go well.
class TransactionConflict : public Error {
 public:
  explicit TransactionConflict(const std::string& message) : Error(ErrorCategory::kRuntimeFailure, message) {}
};

struct SqlResult {
  std::vector<SqlRow> rows;
  std::size_t changed = 0;  // rows that the statement found to change
};

class SqlConnection {
 public:
  virtual ~SqlConnection() = default;

  /// Throws ConnectionLost, TransactionConflict, and kRuntimeFailure for all else. Transactions are serializable.
  virtual SqlResult execute(std::string_view statement, const std::vector<SqlValue>& values = {}) = 0;
};

// Each opens a connection: ConnectionLost where the server is not there, kRuntimeFailure where it refuses, and
// kUnsupported where the build is without its library.
std::unique_ptr<SqlConnection> connect_postgresql(const DatabaseLocation& location);
std::unique_ptr<SqlConnection> connect_mysql(const DatabaseLocation& location);

/// The parameters of a JDBC URI that the driver has another word for. Throws kInvalidInput for those it does not know.
std::map<std::string, std::string> postgresql_parameters(const std::map<std::string, std::string>& jdbc);
std::map<std::string, std::string> mysql_parameters(const std::map<std::string, std::string>& jdbc);

}  // namespace sarsen::ingest
