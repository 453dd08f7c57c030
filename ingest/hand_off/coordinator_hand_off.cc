#include "ingest/hand_off/coordinator_hand_off.h"

#include "ingest/http/http_exchange.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"
#include "storage/base/percent_encoding.h"

namespace sarsen::ingest {
namespace {

std::string url_of(const std::string& leader, const storage::SegmentId& id) {
  return leader + "/druid/coordinator/v1/datasources/" + percent_encoded(id.data_source) +
         "/handoffComplete?interval=" + percent_encoded(format_iso(id.interval)) +
         "&partitionNumber=" + std::to_string(id.partition) + "&version=" + percent_encoded(id.version);
}

bool is_complete(const std::string& leader, const storage::SegmentId& id) {
  const HttpAnswer answer = http_exchange({.url = url_of(leader, id)});
  if (!answer.good()) throw Error(ErrorCategory::kRuntimeFailure, "The coordinator does not answer: " + answer.problem);
  return answer.body.starts_with("true");
}

}  // namespace

std::set<storage::SegmentId> CoordinatorHandOff::served(const std::vector<storage::SegmentId>& segments) {
  const auto leader = find_leader_();
  if (!leader) throw Error(ErrorCategory::kRuntimeFailure, "ZooKeeper does not say which coordinator leads");
  if (leader->empty()) throw Error(ErrorCategory::kRuntimeFailure, "No coordinator leads");
  std::set<storage::SegmentId> complete;
  for (const storage::SegmentId& id : segments)
    if (is_complete(*leader, id)) complete.insert(id);
  return complete;
}

}  // namespace sarsen::ingest
