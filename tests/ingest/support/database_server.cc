#include "tests/ingest/support/database_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

constexpr int kPatience = 1200;  // looks a tenth of a second apart: a guard against hanging
constexpr std::chrono::milliseconds kPause{100};
constexpr const char* kPassword = "a'b\\c d";

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

fs::path first_of(const std::vector<fs::path>& candidates) {
  for (const fs::path& candidate : candidates)
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  return {};
}

/// The newest of those that Debian keeps side by side.
fs::path postgresql_program(const char* name) {
  fs::path found;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none))
    if (const fs::path path = version.path() / "bin" / name; ::access(path.c_str(), X_OK) == 0 && path > found)
      found = path;
  return found;
}

constexpr const char* kMariadbTables = "/usr/share/mysql/mysql_system_tables.sql";

}  // namespace

fs::path DatabaseServer::program(DatabaseKind kind) {
  if (kind == DatabaseKind::kPostgresql)
    return postgresql_program("initdb").empty() ? "" : postgresql_program("postgres");
  return fs::exists(kMariadbTables) ? first_of({"/usr/sbin/mariadbd"}) : "";
}

DatabaseServer::DatabaseServer(DatabaseKind kind) : kind_(kind) {
  location_ = {.host = "127.0.0.1", .port = free_port(), .database = "druid", .user = "druid", .password = kPassword};
  create();
  start();
}

DatabaseServer::~DatabaseServer() { kill(); }

/// Output goes to a file in the folder.
pid_t DatabaseServer::spawn(const std::vector<std::string>& command, const fs::path& input) const {
  const passwd* nobody = ::geteuid() == 0 ? ::getpwnam("nobody") : nullptr;
  if (nobody != nullptr && ::chown(folder_.path().c_str(), nobody->pw_uid, nobody->pw_gid) != 0)
    throw std::runtime_error("the folder of the database cannot be given away");
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::setsid();
  ::dup2(::open(input.c_str(), O_RDONLY), STDIN_FILENO);
  const int file = ::open((folder_.path() / "output").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  if (nobody != nullptr && (::setgid(nobody->pw_gid) != 0 || ::setuid(nobody->pw_uid) != 0)) ::_exit(126);
  if (::chdir(folder_.path().c_str()) != 0) ::_exit(126);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execv(words.front(), words.data());
  ::_exit(127);
}

void DatabaseServer::run(const std::vector<std::string>& command, const fs::path& input) const {
  int status = 0;
  ::waitpid(spawn(command, input), &status, 0);
  if (status != 0) throw std::runtime_error("failed: " + command.front());
}

void DatabaseServer::create() {
  const fs::path data = folder_.path() / "data";
  if (kind_ == DatabaseKind::kPostgresql) {
    std::ofstream(folder_.path() / "password") << kPassword;
    // An order of texts that is not that of their bytes.
    run({postgresql_program("initdb"), "-D", data, "-U", "druid", "--auth=scram-sha-256",
         "--pwfile=" + (folder_.path() / "password").string(), "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
         "--locale-provider=icu", "--icu-locale=en-US"});
    return;
  }
  std::ofstream(folder_.path() / "init.sql")
      << "CREATE DATABASE IF NOT EXISTS druid CHARACTER SET utf8mb4;\n"
         "CREATE USER IF NOT EXISTS druid@'%' IDENTIFIED BY 'a''b\\\\c d';\nGRANT ALL ON *.* TO druid@'%';\n";
  // What mariadb-install-db does, which needs more than the server's own package.
  const fs::path tables = folder_.path() / "tables.sql";
  std::ofstream(tables) << "CREATE DATABASE mysql;\nUSE mysql;\n" << std::ifstream(kMariadbTables).rdbuf();
  fs::create_directories(data);
  fs::permissions(data, fs::perms::all);
  run({program(kind_), "--no-defaults", "--bootstrap", "--datadir=" + data.string()}, tables);
}

bool DatabaseServer::answers() const {
  try {
    DatabaseLocation location = location_;
    if (kind_ == DatabaseKind::kMysql) {
      connect_mysql(location);
    } else {
      location.database = "postgres";
      connect_postgresql(location);
    }
    return true;
  } catch (const ConnectionLost&) {
    return false;
  }
}

void DatabaseServer::start() {
  const std::string port = std::to_string(location_.port), data = (folder_.path() / "data").string();
  if (kind_ == DatabaseKind::kPostgresql)
    process_ = spawn({program(kind_), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c",
                      "unix_socket_directories=", "-c", "fsync=off"});
  else
    process_ =
        spawn({program(kind_), "--no-defaults", "--datadir=" + data, "--port=" + port, "--bind-address=127.0.0.1",
               "--socket=" + (folder_.path() / "s").string(), "--pid-file=" + (folder_.path() / "p").string(),
               "--innodb-flush-log-at-trx-commit=1", "--init-file=" + (folder_.path() / "init.sql").string()});
  for (int i = 0; !answers(); ++i) {
    if (i == kPatience) throw std::runtime_error("the database does not start");
    std::this_thread::sleep_for(kPause);
  }
  if (kind_ != DatabaseKind::kPostgresql) return;
  DatabaseLocation location = location_;
  location.database = "postgres";
  const auto connection = connect_postgresql(location);
  if (connection->execute("SELECT 1 FROM pg_database WHERE datname = 'druid'").rows.empty())
    connection->execute("CREATE DATABASE druid");
}

void DatabaseServer::stop() {
  if (process_ <= 0) return;
  ::kill(process_, kind_ == DatabaseKind::kPostgresql ? SIGINT : SIGTERM);  // without waiting for those connected
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

void DatabaseServer::kill() {
  if (process_ <= 0) return;
  ::kill(-process_, SIGKILL);  // PostgreSQL's children are of its group, or end with it
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

}  // namespace sarsen::ingest
