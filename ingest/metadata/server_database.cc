#include "ingest/metadata/server_database.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto kAwayMax = std::chrono::seconds(15);  // as long as a server takes to start again
constexpr milliseconds kFirstPause{10};              // doubled with each try
constexpr milliseconds kPauseMax{500};
constexpr int kConflictsMax = 20;

bool only_reads(std::string_view statement) { return statement.starts_with("SELECT"); }

}  // namespace

ServerDatabase::ServerDatabase(const SqlDialect& dialect, Connect connect)
    : dialect_(dialect), connect_(std::move(connect)), connection_(connect_()) {}

/// Until it goes well, or there is no more hope for it.
void ServerDatabase::persistently(const std::function<void()>& body) {
  const auto give_up = SteadyClock::now() + kAwayMax;
  int conflicts = 0;
  for (milliseconds pause = kFirstPause;; pause = std::min(pause * 2, kPauseMax)) {
    try {
      if (!connection_) connection_ = connect_();
      return body();
    } catch (const ConnectionLost& lost) {
      if (connection_) log_warn("{}; connecting again", lost.what());
      connection_.reset();
      if (SteadyClock::now() >= give_up) throw;
    } catch (const TransactionConflict&) {
      if (++conflicts == kConflictsMax) throw;
    }
    std::this_thread::sleep_for(pause);
  }
}

std::vector<SqlRow> ServerDatabase::execute(std::string_view statement, const std::vector<SqlValue>& values) {
  SqlResult result = connection_->execute(statement, values);
  changed_ = result.changed;
  return std::move(result.rows);
}

std::vector<SqlRow> ServerDatabase::run(std::string_view statement, const std::vector<SqlValue>& values) {
  if (in_transaction_) return execute(statement, values);
  std::vector<SqlRow> rows;
  const auto once = [&] { rows = execute(statement, values); };
  if (only_reads(statement))
    persistently(once);
  else
    transaction(once);
  return rows;
}

/// Where the connection is lost, the server rolls back by itself.
void ServerDatabase::roll_back() noexcept {
  try {
    connection_->execute("ROLLBACK");
  } catch (...) {
    connection_.reset();
  }
}

void ServerDatabase::commit() {
  try {
    connection_->execute("COMMIT");
  } catch (const ConnectionLost& lost) {
    connection_.reset();
    throw Error(ErrorCategory::kRuntimeFailure,
                std::string("Whether the metadata store has committed is not known: ") + lost.what());
  }
}

void ServerDatabase::attempt(const std::function<void()>& body) {
  connection_->execute("BEGIN");
  in_transaction_ = true;
  try {
    body();
    const std::size_t changed = changed_;
    commit();
    changed_ = changed;
    in_transaction_ = false;
  } catch (...) {
    in_transaction_ = false;
    if (connection_) roll_back();
    throw;
  }
}

void ServerDatabase::transaction(const std::function<void()>& body) {
  persistently([&] { attempt(body); });
}

}  // namespace sarsen::ingest
