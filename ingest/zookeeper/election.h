#pragma once
// Who leads in one of Druid's elections (Curator's LeaderLatch) in which this process stands: it gives way where
// another one leads. Where ZooKeeper has not answered yet, or is away, all is as it was; where there are rivals and it
// is away for longer than a session lasts, one of them may lead, so this process does not. Thread safety: other() from
// any thread.

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "ingest/zookeeper/zookeeper.h"

namespace sarsen::ingest {

class Election {
 public:
  /// `own`: the base URL that this process stands with.
  Election(std::string folder, std::string own, std::chrono::milliseconds session_timeout)
      : folder_(std::move(folder)), own_(std::move(own)), session_timeout_(session_timeout) {}

  /// The base URL of another process that leads, empty where it is not known which; nullopt where this one does.
  std::optional<std::string> other() const;

  /// False where ZooKeeper did not answer.
  bool look(ZooKeeper& zookeeper);

 private:
  using Clock = std::chrono::steady_clock;

  void set_other(std::optional<std::string> other);

  const std::string folder_;
  const std::string own_;
  const std::chrono::milliseconds session_timeout_;
  bool has_rivals_ = false;
  Clock::time_point answered_ = Clock::now();
  mutable std::mutex mutex_;
  std::optional<std::string> other_;
};

}  // namespace sarsen::ingest
