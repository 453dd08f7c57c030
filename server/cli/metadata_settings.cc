#include "server/cli/metadata_settings.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "server/cli/setting_table.h"
#include "server/cli/setting_values.h"
#include "server/http/request.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::server {
namespace {

using ingest::DatabaseKind;

constexpr const char* kTypeName = "druid.metadata.storage.type";
constexpr const char* kUriName = "druid.metadata.storage.connector.connectURI";
constexpr std::string_view kUriWanted =
    "jdbc:sqlite:FILE, jdbc:postgresql://HOST:PORT/DATABASE or jdbc:mysql://HOST:PORT/DATABASE";
constexpr std::string_view kTablePrefix = "druid.metadata.storage.tables.";

/// Druid's words for tables, and how their names end.
const std::map<std::string, std::string, std::less<>>& table_names() {
  static const std::map<std::string, std::string, std::less<>> names = {{"dataSource", "dataSource"},
                                                                        {"pendingSegments", "pendingSegments"},
                                                                        {"segments", "segments"},
                                                                        {"upgradeSegments", "upgradeSegments"},
                                                                        {"rules", "rules"},
                                                                        {"config", "config"},
                                                                        {"tasks", "tasks"},
                                                                        {"taskLog", "tasklogs"},
                                                                        {"taskLock", "tasklocks"},
                                                                        {"audit", "audit"},
                                                                        {"supervisors", "supervisors"}};
  return names;
}

void note_derby(const std::string& name) {
  log_info("{} names Derby, which lives in a Java process only: the metadata store is SQLite, in the data folder",
           name);
}

void set_type(MetadataSettings& settings, const std::string& name, const std::string& value) {
  if (value == "derby") return note_derby(name);
  if (value == "sqlserver")
    throw Error(ErrorCategory::kUnsupported,
                name + ": this metadata store is not supported yet (sqlite, postgresql and mysql are): " + value);
  if (value != "sqlite" && value != "postgresql" && value != "mysql")
    refuse(name, "sqlite, postgresql, mysql or derby", value);
  settings.type = value;
}

void set_uri(MetadataSettings& settings, const std::string& name, const std::string& value) {
  if (value.starts_with("jdbc:derby:")) return note_derby(name);
  if (value.starts_with("jdbc:sqlserver:"))
    throw Error(ErrorCategory::kUnsupported, name + ": this metadata store is not supported yet; give " +
                                                 std::string(kUriWanted) + " instead of: " + value);
  settings.uri = value;
}

std::string table_name(const std::string& name, const std::string& value) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  if (value.empty() || value.size() > 64 || !std::all_of(value.begin(), value.end(), plain) ||
      std::isdigit(static_cast<unsigned char>(value.front())) != 0)
    refuse(name, "letters, digits and underscores", value);
  return value;
}

bool set_table(MetadataSettings& settings, const std::string& name, const std::string& value) {
  if (!name.starts_with(kTablePrefix)) return false;
  const auto found = table_names().find(std::string_view(name).substr(kTablePrefix.size()));
  if (found == table_names().end()) return false;
  settings.tables.own[found->second] = table_name(name, value);
  return true;
}

using Setting = SettingOf<MetadataSettings>;

/// A parameter of PostgreSQL's connections.
template <const char* const& kParameter>
void set_postgresql(MetadataSettings& settings, const std::string&, const std::string& value) {
  settings.postgresql[kParameter] = value;
}

constexpr const char* kSslMode = "sslmode";
constexpr const char* kSslRootCert = "sslrootcert";
constexpr const char* kSslCert = "sslcert";
constexpr const char* kSslKey = "sslkey";
constexpr const char* kSslPassword = "sslpassword";
constexpr const char* kSchema = "currentSchema";

constexpr Setting kSettings[] = {
    {kTypeName, "where segments are published: sqlite, postgresql or mysql (sqlite), or derby, which becomes sqlite",
     set_type},
    {kUriName,
     "jdbc:sqlite:FILE, jdbc:postgresql://HOST:PORT/DATABASE or jdbc:mysql://… (metadata.sqlite in the data folder)",
     set_uri},
    {"druid.metadata.storage.connector.user", "who connects to the database",
     [](MetadataSettings& settings, const std::string&, const std::string& value) { settings.user = value; }},
    {"druid.metadata.storage.connector.password", "the user's password",
     [](MetadataSettings& settings, const std::string& name, const std::string& value) {
       settings.password = password(name, value);
     }},
    {"druid.metadata.storage.connector.createTables", "whether tables that are missing are created (true)",
     [](MetadataSettings& settings, const std::string& name, const std::string& value) {
       settings.create_tables = boolean(name, value);
     }},
    {"druid.metadata.storage.tables.base", "what names of tables begin with (druid)",
     [](MetadataSettings& settings, const std::string& name, const std::string& value) {
       settings.tables.base = table_name(name, value);
     }},
    {"druid.metadata.postgres.dbTableSchema", "the schema of the tables (that of the connection)",
     set_postgresql<kSchema>},
    {"druid.metadata.postgres.ssl.useSSL", "whether connections to PostgreSQL must be encrypted (false)",
     [](MetadataSettings& settings, const std::string& name, const std::string& value) {
       if (boolean(name, value)) settings.postgresql.emplace(kSslMode, "verify-full");
     }},
    {"druid.metadata.postgres.ssl.sslMode", "require, verify-ca or verify-full", set_postgresql<kSslMode>},
    {"druid.metadata.postgres.ssl.sslRootCert", "a PEM file of certificates", set_postgresql<kSslRootCert>},
    {"druid.metadata.postgres.ssl.sslCert", "the client's certificate, a PEM file", set_postgresql<kSslCert>},
    {"druid.metadata.postgres.ssl.sslKey", "its key, a PEM file", set_postgresql<kSslKey>},
    {"druid.metadata.postgres.ssl.sslPassword", "the key's password", set_postgresql<kSslPassword>},
    {"druid.metadata.mysql.ssl.useSSL", "whether connections to MySQL must be encrypted (false)",
     [](MetadataSettings& settings, const std::string& name, const std::string& value) {
       if (boolean(name, value)) settings.mysql.emplace("sslMode", "REQUIRED");
     }}};

/// What stands between "jdbc:NAME:" and the end of the URI.
struct ServerUri {
  ingest::DatabaseLocation location;
  std::map<std::string, std::string> parameters;
};

std::string decoded(std::string_view text) {
  std::optional<std::string> plain = percent_decoded(text);
  if (!plain) throw Error(ErrorCategory::kInvalidInput, std::string(kUriName) + " has a broken percent escape");
  return std::move(*plain);
}

std::map<std::string, std::string> parse_parameters(std::string_view text) {
  std::map<std::string, std::string> parameters;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('&'));
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string name = decoded(part.substr(0, equals));
    if (name == "user" || name == "password")
      throw Error(ErrorCategory::kInvalidInput, std::string(kUriName) + " must be without " + name +
                                                    ": it belongs into druid.metadata.storage.connector." + name);
    if (!name.empty()) parameters[name] = decoded(part.substr(std::min(equals + 1, part.size())));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return parameters;
}

/// "//host:5432/druid?name=value".
ServerUri parse_server_uri(std::string_view text, std::uint16_t port) {
  const auto fail = [] {
    throw Error(ErrorCategory::kInvalidInput, std::string(kUriName) + " must be " + std::string(kUriWanted));
  };
  if (!text.starts_with("//")) fail();
  text.remove_prefix(2);
  const std::size_t question = std::min(text.find('?'), text.size());
  ServerUri uri;
  uri.parameters = parse_parameters(text.substr(std::min(question + 1, text.size())));
  text = text.substr(0, question);
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) fail();
  uri.location.database = decoded(text.substr(slash + 1));
  std::string_view host = text.substr(0, slash);
  if (host.find('@') != std::string_view::npos)  // and no message shows it
    throw Error(ErrorCategory::kInvalidInput,
                std::string(kUriName) +
                    " must be without user and password: they belong into "
                    "druid.metadata.storage.connector.user and druid.metadata.storage.connector.password");
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  uri.location.port =
      !has_port ? port : static_cast<std::uint16_t>(number(kUriName, std::string(host.substr(colon + 1)), 1, 65'535));
  if (has_port) host = host.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.find(',') != std::string_view::npos || uri.location.database.find('/') != std::string::npos) fail();
  uri.location.host = host.empty() ? "localhost" : std::string(host);
  return uri;
}

using Translate = std::map<std::string, std::string> (*)(const std::map<std::string, std::string>&);

ingest::DatabaseLocation server_location(const MetadataSettings& settings, std::string_view rest, std::uint16_t port,
                                         const std::map<std::string, std::string>& beside, Translate translate) {
  ServerUri uri = parse_server_uri(rest, port);
  uri.location.user = settings.user;
  uri.location.password = settings.password;
  for (const auto& [name, value] : beside) uri.parameters[name] = value;
  try {
    uri.location.parameters = translate(uri.parameters);
  } catch (const Error& error) {
    throw Error(ErrorCategory::kInvalidInput, std::string(kUriName) + " has " + error.what());
  }
  return uri.location;
}

ingest::MetadataConfig database(const MetadataSettings& settings, const std::filesystem::path& file) {
  const std::string_view uri = settings.uri;
  const auto rest = [&](std::string_view scheme) { return uri.substr(scheme.size()); };
  constexpr std::string_view kSqlite = "jdbc:sqlite:", kPostgresql = "jdbc:postgresql:", kMysql = "jdbc:mysql:",
                             kMariadb = "jdbc:mariadb:";
  const auto wants = [&](std::string_view type) { return settings.type.empty() || settings.type == type; };
  if (uri.empty() && wants("sqlite")) return file;
  if (uri.starts_with(kSqlite) && uri.size() > kSqlite.size() && wants("sqlite"))
    return std::filesystem::path(rest(kSqlite));
  if (uri.starts_with(kPostgresql) && wants("postgresql"))
    return {DatabaseKind::kPostgresql,
            server_location(settings, rest(kPostgresql), 5432, settings.postgresql, ingest::postgresql_parameters)};
  for (const std::string_view scheme : {kMysql, kMariadb})
    if (uri.starts_with(scheme) && wants("mysql"))
      return {DatabaseKind::kMysql,
              server_location(settings, rest(scheme), 3306, settings.mysql, ingest::mysql_parameters)};
  std::string wanted(kUriWanted);
  if (!settings.type.empty()) wanted += " that fits " + std::string(kTypeName) + "=" + settings.type;
  refuse(kUriName, wanted, uri.empty() ? "missing" : settings.uri.substr(0, settings.uri.find("//")));
}

}  // namespace

bool set_metadata(MetadataSettings& settings, const std::string& name, const std::string& value) {
  if (apply_setting(kSettings, settings, name, value)) return true;
  if (name.starts_with("druid.metadata.mysql.ssl.") || name.starts_with("druid.metadata.postgres.ssl."))
    throw Error(ErrorCategory::kUnsupported,
                name + " is not supported: give parameters of the connection in " + kUriName);
  return set_table(settings, name, value);
}

SettingDocs describe_metadata() {
  SettingDocs lines = docs_of(kSettings);
  for (const auto& [name, table] : table_names())
    lines.emplace_back(std::string(kTablePrefix) + name, "the table's name (druid_" + table + ")");
  return lines;
}

ingest::MetadataConfig metadata_config(const MetadataSettings& settings, const std::filesystem::path& file) {
  ingest::MetadataConfig config = database(settings, file);
  config.tables = settings.tables;
  config.create_tables = settings.create_tables;
  return config;
}

}  // namespace sarsen::server
