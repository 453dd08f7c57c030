#include "ingest/zookeeper/election.h"

#include <algorithm>

#include "ingest/zookeeper/druid_nodes.h"
#include "storage/base/log.h"

namespace sarsen::ingest {

std::optional<std::string> Election::other() const {
  const std::lock_guard lock(mutex_);
  return other_;
}

void Election::set_other(std::optional<std::string> other) {
  const std::lock_guard lock(mutex_);
  if (other == other_) return;
  other_ = std::move(other);
  if (!other_)
    log_info("This server leads at {}", folder_);
  else if (other_->empty())
    log_warn("Who leads at {} is not known, and this server does not", folder_);
  else
    log_info("{} leads at {}: this server gives way", *other_, folder_);
}

bool Election::look(ZooKeeper& zookeeper) {
  const auto candidates = find_candidates(zookeeper, folder_);
  if (!candidates) {
    if (has_rivals_ && Clock::now() - answered_ > session_timeout_) set_other("");
    return false;
  }
  answered_ = Clock::now();
  has_rivals_ = std::any_of(candidates->begin(), candidates->end(),
                            [this](const std::string& candidate) { return candidate != own_; });
  const bool leads = candidates->empty() || candidates->front() == own_;
  set_other(leads ? std::nullopt : std::optional(candidates->front()));
  return true;
}

}  // namespace sarsen::ingest
