#pragma once
// Asks the coordinator that leads: GET /druid/coordinator/v1/datasources/NAME/handoffComplete?interval=…&
// partitionNumber=…&version=…

#include <functional>
#include <optional>
#include <string>

#include "ingest/hand_off/served_elsewhere.h"

namespace sarsen::ingest {

class CoordinatorHandOff final : public ServedElsewhere {
 public:
  /// "http://host:port" of the coordinator that leads; nullopt where it is not known, empty where there is none.
  using FindLeader = std::function<std::optional<std::string>()>;

  explicit CoordinatorHandOff(FindLeader find_leader) : find_leader_(std::move(find_leader)) {}

  std::set<storage::SegmentId> served(const std::vector<storage::SegmentId>& segments) override;

 private:
  const FindLeader find_leader_;
};

}  // namespace sarsen::ingest
