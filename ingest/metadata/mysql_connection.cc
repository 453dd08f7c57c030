// The only door to MariaDB's client library, which speaks to MariaDB and MySQL.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "ingest/metadata/server_database.h"
#include "ingest/metadata/sql_connection.h"

#ifdef SARSEN_HAS_MYSQL
#include <mysql.h>
#endif

namespace sarsen::ingest {
namespace {

/// Names that differ in case only are different names, so the columns of keys compare bytes.
constexpr SqlDialect kDialect{
    .payload_type = "LONGBLOB",
    .serial_type = "BIGINT(20) AUTO_INCREMENT PRIMARY KEY",
    .table_options = " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    .if_no_index = "",
    .row_order = "id",
    .find_table = "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
    .find_index =
        "SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND "
        "index_name = ?",
    .find_column =
        "SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? AND "
        "column_name = ?"};

/// Parameters of Java's driver for what is always so here.
constexpr std::string_view kNeedless[] = {"characterEncoding",
                                          "useUnicode",
                                          "autoReconnect",
                                          "serverTimezone",
                                          "rewriteBatchedStatements",
                                          "allowPublicKeyRetrieval",
                                          "useServerPrepStmts",
                                          "cachePrepStmts",
                                          "connectionCollation",
                                          "maxReconnects",
                                          "useLocalSessionState",
                                          "permitMysqlScheme"};

bool is_needless(std::string_view name) noexcept {
  return std::find(std::begin(kNeedless), std::end(kNeedless), name) != std::end(kNeedless);
}

[[noreturn]] void refuse_parameter(const std::string& parameter) {
  throw Error(ErrorCategory::kInvalidInput, "a parameter that MySQL's connections do not take here: " + parameter);
}

}  // namespace

const SqlDialect& mysql_dialect() noexcept { return kDialect; }

std::map<std::string, std::string> mysql_parameters(const std::map<std::string, std::string>& jdbc) {
  std::map<std::string, std::string> parameters;
  for (const auto& [name, value] : jdbc) {
    if (is_needless(name)) continue;
    if (name == "useSSL" || name == "useSsl" || name == "requireSSL") {
      if (value == "true") parameters.emplace("ssl", "required");
    } else if (name == "sslMode" || name == "sslmode") {
      if (value == "REQUIRED" || value == "trust")
        parameters["ssl"] = "required";
      else if (value == "VERIFY_CA" || value == "VERIFY_IDENTITY" || value == "verify-ca" || value == "verify-full")
        parameters["ssl"] = "verified";
      else if (value != "DISABLED" && value != "PREFERRED" && value != "disable")
        refuse_parameter(name + "=" + value);
    } else {
      refuse_parameter(name);
    }
  }
  return parameters;
}

#ifndef SARSEN_HAS_MYSQL

std::unique_ptr<SqlConnection> connect_mysql(const DatabaseLocation& location) {
  throw Error(
      ErrorCategory::kUnsupported,
      "This program was built without MariaDB's client library (libmariadb-dev), so druid.metadata.storage.type "
      "must be sqlite or postgresql; the database cannot be reached: " +
          location.text());
}

#else

namespace {

constexpr unsigned kConnectSeconds = 10;
constexpr unsigned kAnswerSeconds = 60;

struct Close {
  void operator()(MYSQL* connection) const noexcept { mysql_close(connection); }
  void operator()(MYSQL_STMT* statement) const noexcept { mysql_stmt_close(statement); }
  void operator()(MYSQL_RES* result) const noexcept { mysql_free_result(result); }
};
using Statement = std::unique_ptr<MYSQL_STMT, Close>;

/// Of the library: the server is away. Of the server: it is ending, or has ended this connection.
bool is_lost(unsigned code) noexcept {
  return (code >= 2000 && code < 3000) || code == 1040 || code == 1053 || code == 1927 ||
         (code >= 1158 && code <= 1161);
}

/// Deadlock, changed meanwhile, a key, an index or a table that somebody else has just made.
bool is_conflict(unsigned code) noexcept {
  return code == 1213 || code == 1020 || code == 1062 || code == 1061 || code == 1050;
}

class MysqlConnection final : public SqlConnection {
 public:
  explicit MysqlConnection(const DatabaseLocation& location) : where_(location.text()) {
    connection_.reset(mysql_init(nullptr));
    if (!connection_) throw std::bad_alloc();
    set_options(location);
    if (mysql_real_connect(connection_.get(), location.host.c_str(), location.user.c_str(), location.password.c_str(),
                           location.database.c_str(), location.port, nullptr, CLIENT_FOUND_ROWS) == nullptr)
      fail(mysql_errno(connection_.get()), mysql_error(connection_.get()),
           "Cannot connect to the metadata store (druid.metadata.storage.connector.connectURI)");
    execute("SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'");
    execute("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    execute("SET SESSION innodb_lock_wait_timeout = 10, lock_wait_timeout = 10");
  }

  SqlResult execute(std::string_view text, const std::vector<SqlValue>& values = {}) override {
    if (values.empty()) return execute_plain(text);
    const Statement statement(mysql_stmt_init(connection_.get()));
    if (!statement) throw std::bad_alloc();
    const auto check = [&](bool failed) {
      if (failed) fail(mysql_stmt_errno(statement.get()), mysql_stmt_error(statement.get()), unusable(text));
    };
    check(mysql_stmt_prepare(statement.get(), text.data(), text.size()) != 0);
    if (mysql_stmt_param_count(statement.get()) != values.size())
      throw Error(ErrorCategory::kDefensive, "values do not fit the statement: " + std::string(text));
    std::vector<MYSQL_BIND> inputs = inputs_of(values);
    if (!inputs.empty()) check(mysql_stmt_bind_param(statement.get(), inputs.data()) != 0);
    check(mysql_stmt_execute(statement.get()) != 0);
    SqlResult result;
    const std::unique_ptr<MYSQL_RES, Close> columns(mysql_stmt_result_metadata(statement.get()));
    if (!columns) {
      result.changed = mysql_stmt_affected_rows(statement.get());
      return result;
    }
    check(mysql_stmt_store_result(statement.get()) != 0);
    result.rows = rows_of(*statement, mysql_num_fields(columns.get()), check);
    return result;
  }

 private:
  static std::string unusable(std::string_view text) {
    return "The metadata store cannot be used (" + std::string(text) + ")";
  }

  /// Not all statements without values, such as BEGIN, can be prepared.
  SqlResult execute_plain(std::string_view text) {
    MYSQL* connection = connection_.get();
    const auto fail_here = [&] { fail(mysql_errno(connection), mysql_error(connection), unusable(text)); };
    if (mysql_real_query(connection, text.data(), text.size()) != 0) fail_here();
    SqlResult result;
    const std::unique_ptr<MYSQL_RES, Close> rows(mysql_store_result(connection));
    if (!rows) {
      if (mysql_field_count(connection) != 0) fail_here();
      result.changed = mysql_affected_rows(connection);
      return result;
    }
    while (const MYSQL_ROW row = mysql_fetch_row(rows.get())) {
      const unsigned long* sizes = mysql_fetch_lengths(rows.get());
      SqlRow& values = result.rows.emplace_back();
      for (unsigned i = 0; i < mysql_num_fields(rows.get()); ++i)
        values.emplace_back(row[i] == nullptr ? "" : row[i], row[i] == nullptr ? 0 : sizes[i]);
    }
    return result;
  }

  [[noreturn]] void fail(unsigned code, const char* reason, const std::string& what) const {
    const std::string message = what + ": " + reason + ": " + where_;
    if (is_lost(code)) throw ConnectionLost(message);
    if (is_conflict(code)) throw TransactionConflict(message);
    throw Error(ErrorCategory::kRuntimeFailure, message);
  }

  void set_options(const DatabaseLocation& location) {
    MYSQL* connection = connection_.get();
    const unsigned tcp = MYSQL_PROTOCOL_TCP;  // as Java's driver; the library would take a socket for "localhost"
    mysql_options(connection, MYSQL_OPT_PROTOCOL, &tcp);
    mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &kConnectSeconds);
    mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &kAnswerSeconds);
    mysql_options(connection, MYSQL_OPT_WRITE_TIMEOUT, &kAnswerSeconds);
    mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    const auto ssl = location.parameters.find("ssl");
    if (ssl == location.parameters.end()) return;
    const my_bool yes = 1;
    mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &yes);
    if (ssl->second == "verified") mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
  }

  static std::vector<MYSQL_BIND> inputs_of(const std::vector<SqlValue>& values) {
    std::vector<MYSQL_BIND> inputs(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::memset(&inputs[i], 0, sizeof inputs[i]);
      inputs[i].buffer_type = values[i].blob ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
      inputs[i].buffer = const_cast<char*>(values[i].text.data());
      inputs[i].buffer_length = values[i].text.size();
    }
    return inputs;
  }

  /// Each row is fetched for the lengths of its columns, and then column by column.
  template <typename Check>
  static std::vector<SqlRow> rows_of(MYSQL_STMT& statement, unsigned count, const Check& check) {
    std::vector<MYSQL_BIND> outputs(count);
    std::vector<unsigned long> sizes(count);
    std::vector<my_bool> nulls(count);
    std::memset(outputs.data(), 0, sizeof(MYSQL_BIND) * count);
    for (unsigned i = 0; i < count; ++i) {
      outputs[i].buffer_type = MYSQL_TYPE_STRING;
      outputs[i].length = &sizes[i];
      outputs[i].is_null = &nulls[i];
    }
    check(mysql_stmt_bind_result(&statement, outputs.data()) != 0);
    std::vector<SqlRow> rows;
    for (int code = mysql_stmt_fetch(&statement); code != MYSQL_NO_DATA; code = mysql_stmt_fetch(&statement)) {
      check(code == 1);
      SqlRow& row = rows.emplace_back();
      for (unsigned i = 0; i < count; ++i) {
        std::string& value = row.emplace_back(nulls[i] != 0 ? 0 : sizes[i], '\0');
        if (value.empty()) continue;
        MYSQL_BIND output;
        std::memset(&output, 0, sizeof output);
        output.buffer_type = MYSQL_TYPE_STRING;
        output.buffer = value.data();
        output.buffer_length = value.size();
        check(mysql_stmt_fetch_column(&statement, &output, i, 0) != 0);
      }
    }
    return rows;
  }

  const std::string where_;
  std::unique_ptr<MYSQL, Close> connection_;
};

}  // namespace

std::unique_ptr<SqlConnection> connect_mysql(const DatabaseLocation& location) {
  return std::make_unique<MysqlConnection>(location);
}

#endif

}  // namespace sarsen::ingest
