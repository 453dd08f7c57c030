// The only door to libpq.
#include "ingest/metadata/server_database.h"
#include "ingest/metadata/sql_connection.h"

#ifdef SARSEN_HAS_POSTGRESQL
#include <libpq-fe.h>
#endif

namespace sarsen::ingest {
namespace {

constexpr SqlDialect kDialect{
    .payload_type = "BYTEA",
    .serial_type = "BIGSERIAL PRIMARY KEY",
    .table_options = "",
    .if_no_index = "IF NOT EXISTS ",
    .row_order = "id",
    .find_table = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = lower(?)",
    .find_index =
        "SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND tablename = lower(?) AND "
        "indexname = lower(?)",
    .find_column =
        "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = "
        "lower(?) AND column_name = lower(?)"};

}  // namespace

const SqlDialect& postgresql_dialect() noexcept { return kDialect; }

std::map<std::string, std::string> postgresql_parameters(const std::map<std::string, std::string>& jdbc) {
  static const std::map<std::string, std::string> words = {
      {"sslmode", "sslmode"},           {"sslrootcert", "sslrootcert"},
      {"sslcert", "sslcert"},           {"sslkey", "sslkey"},
      {"sslpassword", "sslpassword"},   {"connectTimeout", "connect_timeout"},
      {"currentSchema", "search_path"}, {"ApplicationName", "application_name"}};
  std::map<std::string, std::string> parameters;
  for (const auto& [name, value] : jdbc) {
    if (name == "ssl") {
      if (value == "true" || value.empty()) parameters.emplace("sslmode", "verify-full");
      continue;
    }
    const auto word = words.find(name);
    if (word == words.end())
      throw Error(ErrorCategory::kInvalidInput, "a parameter that PostgreSQL's connections do not take here: " + name);
    parameters[word->second] = value;
  }
  return parameters;
}

#ifndef SARSEN_HAS_POSTGRESQL

std::unique_ptr<SqlConnection> connect_postgresql(const DatabaseLocation& location) {
  throw Error(ErrorCategory::kUnsupported,
              "This program was built without libpq (libpq-dev), so druid.metadata.storage.type must be sqlite or "
              "mysql; the database cannot be reached: " +
                  location.text());
}

#else

namespace {

constexpr unsigned kBool = 16;  // numbers of types, from PostgreSQL's catalogue
constexpr unsigned kBytea = 17;

struct Close {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  void operator()(PGresult* result) const noexcept { PQclear(result); }
  void operator()(unsigned char* bytes) const noexcept { PQfreemem(bytes); }
  void operator()(char* text) const noexcept { PQfreemem(text); }
};

std::string without_line_end(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// "?" becomes "$1" and so on.
std::string numbered(std::string_view statement) {
  std::string text;
  int count = 0;
  for (const char c : statement) {
    if (c == '?')
      text += "$" + std::to_string(++count);
    else
      text += c;
  }
  return text;
}

class PostgresqlConnection final : public SqlConnection {
 public:
  explicit PostgresqlConnection(const DatabaseLocation& location) : where_(location.text()) {
    std::map<std::string, std::string> words = location.parameters;
    words.emplace("connect_timeout", "10");
    words.emplace("application_name", "sarsen");
    words.emplace("tcp_user_timeout", "30000");
    const std::string schema = words["search_path"];
    words.erase("search_path");
    words["host"] = location.host;
    words["port"] = std::to_string(location.port);
    words["dbname"] = location.database;
    words["user"] = location.user;
    words["password"] = location.password;
    words["client_encoding"] = "UTF8";
    connect(words);
    PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
    execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    execute("SET lock_timeout = '10s'");
    execute("SET bytea_output = 'hex'");
    if (!schema.empty()) execute("SET search_path TO " + identifier(schema));
  }

  SqlResult execute(std::string_view statement, const std::vector<SqlValue>& values = {}) override {
    std::vector<const char*> texts;
    std::vector<int> sizes, formats;
    for (const SqlValue& value : values) {
      if (!value.blob && value.text.find('\0') != std::string::npos)
        throw Error(ErrorCategory::kRuntimeFailure, "PostgreSQL keeps no text with a null character: " + where_);
      texts.push_back(value.text.c_str());
      sizes.push_back(static_cast<int>(value.text.size()));
      formats.push_back(value.blob ? 1 : 0);
    }
    const std::unique_ptr<PGresult, Close> result(PQexecParams(connection_.get(), numbered(statement).c_str(),
                                                               static_cast<int>(values.size()), nullptr, texts.data(),
                                                               sizes.data(), formats.data(), 0));
    check(result.get(), statement);
    return read(*result);
  }

 private:
  void connect(const std::map<std::string, std::string>& words) {
    std::vector<const char*> names, values;
    for (const auto& [name, value] : words) {
      names.push_back(name.c_str());
      values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    // One that takes connections has refused this one, for good; unless it has begun to only just now.
    for (int tries = 1;; ++tries) {
      connection_.reset(PQconnectdbParams(names.data(), values.data(), 0));
      if (!connection_) throw std::bad_alloc();
      if (PQstatus(connection_.get()) == CONNECTION_OK) return;
      const std::string message =
          "Cannot connect to the metadata store (druid.metadata.storage.connector.connectURI): " +
          without_line_end(PQerrorMessage(connection_.get())) + ": " + where_;
      if (PQpingParams(names.data(), values.data(), 0) != PQPING_OK) throw ConnectionLost(message);
      if (tries == 2) throw Error(ErrorCategory::kRuntimeFailure, message);
    }
  }

  std::string identifier(const std::string& name) const {
    const std::unique_ptr<char, Close> quoted(PQescapeIdentifier(connection_.get(), name.data(), name.size()));
    if (!quoted) throw Error(ErrorCategory::kInvalidInput, "No name of a schema: " + name);
    return quoted.get();
  }

  void check(const PGresult* result, std::string_view statement) const {
    const ExecStatusType status = PQresultStatus(result);
    const bool rolled_back =
        statement == "COMMIT" && std::string_view(PQcmdStatus(const_cast<PGresult*>(result))) == "ROLLBACK";
    if ((status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) && !rolled_back) return;
    const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string_view state = field == nullptr ? "" : field;
    const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const std::string message =
        "The metadata store cannot be used (" + std::string(statement) +
        "): " + without_line_end(primary != nullptr ? primary : PQerrorMessage(connection_.get())) + ": " + where_;
    if (PQstatus(connection_.get()) == CONNECTION_BAD || state.starts_with("08") || state.starts_with("57P"))
      throw ConnectionLost(message);
    if (state == "40001" || state == "40P01" || state == "23505" || rolled_back) throw TransactionConflict(message);
    throw Error(ErrorCategory::kRuntimeFailure, message);
  }

  static std::string value_of(const PGresult& result, int row, int column) {
    if (PQgetisnull(&result, row, column) != 0) return "";
    const char* bytes = PQgetvalue(&result, row, column);
    const unsigned type = PQftype(&result, column);
    if (type == kBool) return *bytes == 't' ? "1" : "0";
    if (type != kBytea) return {bytes, static_cast<std::size_t>(PQgetlength(&result, row, column))};
    std::size_t size = 0;
    const std::unique_ptr<unsigned char, Close> decoded(
        PQunescapeBytea(reinterpret_cast<const unsigned char*>(bytes), &size));
    if (!decoded) throw std::bad_alloc();
    return {reinterpret_cast<const char*>(decoded.get()), size};
  }

  static SqlResult read(PGresult& result) {
    SqlResult read;
    for (int row = 0; row < PQntuples(&result); ++row) {
      SqlRow& values = read.rows.emplace_back();
      for (int column = 0; column < PQnfields(&result); ++column) values.push_back(value_of(result, row, column));
    }
    const std::string changed = PQcmdTuples(&result);
    if (!changed.empty()) read.changed = std::stoull(changed);
    return read;
  }

  const std::string where_;
  std::unique_ptr<PGconn, Close> connection_;
};

}  // namespace

std::unique_ptr<SqlConnection> connect_postgresql(const DatabaseLocation& location) {
  return std::make_unique<PostgresqlConnection>(location);
}

#endif

}  // namespace sarsen::ingest
