#pragma once
// Which of several processes over one metadata store is the overlord, where no ZooKeeper says so. Who is writes a row
// of druid_config, "sarsen.overlord", anew with each look; who is not takes the row over when it has stayed the same
// for some looks. Looks are counted and not clocks compared: clocks differ, and while the database is away nobody
// looks.
//
// A process that dies and starts again with the same name has the row at once. Two may take themselves for the overlord
// for a moment, when one cannot reach the database: a task is published by one of them, as that ends it.
//
// Thread safety: all methods from any thread. other() does not wait for the database.

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "ingest/metadata/metadata_database.h"

namespace sarsen::ingest {

class OverlordLease {
 public:
  static constexpr int kLooksMax = 8;  // of a row that stays the same, until its owner is taken for dead

  /// `holder`: the name of this process, which no other one has; `url`: where the others send their clients.
  OverlordLease(const MetadataConfig& config, std::string holder, std::string url);

  /// Takes the row or keeps it, where it can. Throws kRuntimeFailure where the database is away.
  void look();
  /// The next one to look has it.
  void leave();

  /// The URL of the process that is the overlord, empty before the first look; nullopt where this one is.
  std::optional<std::string> other() const;

 private:
  void set_other(std::optional<std::string> other);

  const std::string holder_;
  const std::string url_;
  std::mutex mutex_;  // guards what follows; held while the database is asked
  MetadataDatabase database_;
  std::int64_t beat_ = 0;
  std::string seen_;  // the row of another, and how many looks found it so
  int looks_ = 0;
  mutable std::mutex other_mutex_;  // guards the rest
  std::optional<std::string> other_ = std::string();
};

}  // namespace sarsen::ingest
