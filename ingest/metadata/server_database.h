#pragma once
// A database on a server, over one connection that is made again where it was lost. A transaction that the loss has
// undone runs again, for as long as a server may take to start again; one whose COMMIT was never answered does not, as
// nobody knows what became of it. A statement outside a transaction is one.

#include <functional>
#include <memory>

#include "ingest/metadata/sql_connection.h"

namespace sarsen::ingest {

class ServerDatabase final : public SqlDatabase {
 public:
  using Connect = std::function<std::unique_ptr<SqlConnection>()>;

  /// Connects. REQUIRES: `dialect` outlives it.
  ServerDatabase(const SqlDialect& dialect, Connect connect);

  const SqlDialect& dialect() const noexcept override { return dialect_; }
  std::vector<SqlRow> run(std::string_view statement, const std::vector<SqlValue>& values = {}) override;
  std::size_t changed() const noexcept override { return changed_; }
  void transaction(const std::function<void()>& body) override;

 private:
  std::vector<SqlRow> execute(std::string_view statement, const std::vector<SqlValue>& values);
  void attempt(const std::function<void()>& body);
  void commit();
  void roll_back() noexcept;
  void persistently(const std::function<void()>& body);

  const SqlDialect& dialect_;
  const Connect connect_;
  std::unique_ptr<SqlConnection> connection_;  // null: lost
  bool in_transaction_ = false;
  std::size_t changed_ = 0;
};

const SqlDialect& postgresql_dialect() noexcept;
const SqlDialect& mysql_dialect() noexcept;

}  // namespace sarsen::ingest
