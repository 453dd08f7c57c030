#include "ingest/zookeeper/druid_nodes.h"

#include <algorithm>
#include <string_view>

#include "ingest/zookeeper/gzipped.h"
#include "storage/base/json.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

/// No children where there is no such folder.
std::optional<std::vector<std::string>> children(ZooKeeper& zookeeper, const std::string& folder) {
  std::vector<std::string> names;
  const ZooKeeperAnswer answer = zookeeper.children(folder, names);
  if (answer == ZooKeeperAnswer::kDone) return names;
  if (answer == ZooKeeperAnswer::kMissing) return std::vector<std::string>();
  return std::nullopt;
}

/// Calls `read` with the data of each node in the folder; false where ZooKeeper did not answer.
template <class Read>
bool for_each_node(ZooKeeper& zookeeper, const std::string& folder, const Read& read) {
  const auto names = children(zookeeper, folder);
  if (!names) return false;
  for (const std::string& name : *names) {
    ZooKeeperNode node;
    const ZooKeeperAnswer answer = zookeeper.get(folder + "/" + name, node, false);
    if (answer == ZooKeeperAnswer::kMissing) continue;  // gone meanwhile
    if (answer != ZooKeeperAnswer::kDone) return false;
    try {
      read(name, gunzipped(node.data));
    } catch (const std::exception& error) {
      log_warn("The node {}/{} cannot be read and is passed over: {}", folder, name, error.what());
    }
  }
  return true;
}

std::string_view number_of(std::string_view name) noexcept {
  constexpr std::size_t kDigits = 10;
  return name.substr(name.size() - std::min(name.size(), kDigits));
}

bool names_one_of(const std::string& text, const std::set<std::string>& data_sources) {
  return std::any_of(data_sources.begin(), data_sources.end(),
                     [&](const std::string& name) { return text.find(Json(name).dump()) != std::string::npos; });
}

AnnouncedSegment parse_segment(const JsonField& json) {
  const JsonField shard = json["shardSpec"];
  AnnouncedSegment segment{.data_source = json["dataSource"].string(),
                           .interval = parse_interval(json["interval"].string()),
                           .version = json["version"].string()};
  if (shard.present()) segment.partition = shard["partitionNum"].integer_or(shard["partitionId"].integer_or(0));
  return segment;
}

void read_segments(const std::string& text, const std::set<std::string>& data_sources,
                   std::vector<AnnouncedSegment>& found) {
  if (!names_one_of(text, data_sources)) return;
  Json json = Json::parse(text);
  if (!json.is_array()) json = Json::Array{json};
  for (const JsonField& element : JsonField(json).elements()) {
    if (!data_sources.contains(element["dataSource"].string())) continue;
    found.push_back(parse_segment(element));
  }
}

}  // namespace

std::optional<std::vector<std::string>> find_candidates(ZooKeeper& zookeeper, const std::string& folder) {
  auto names = children(zookeeper, folder);
  if (!names) return std::nullopt;
  std::sort(names->begin(), names->end(),
            [](const std::string& left, const std::string& right) { return number_of(left) < number_of(right); });
  std::vector<std::string> candidates;
  for (const std::string& name : *names) {
    ZooKeeperNode node;
    const ZooKeeperAnswer answer = zookeeper.get(folder + "/" + name, node, false);
    if (answer == ZooKeeperAnswer::kMissing) continue;
    if (answer != ZooKeeperAnswer::kDone) return std::nullopt;
    const std::string& url = node.data;  // never compressed; Druid before 0.12 leaves the scheme out
    candidates.push_back(url.empty() || url.find("://") != std::string::npos ? url : "http://" + url);
  }
  return candidates;
}

std::optional<std::string> find_leader(ZooKeeper& zookeeper, const std::string& folder) {
  const auto candidates = find_candidates(zookeeper, folder);
  if (!candidates) return std::nullopt;
  return candidates->empty() ? std::string() : candidates->front();
}

std::optional<std::vector<std::string>> find_assignable_servers(ZooKeeper& zookeeper, const std::string& folder) {
  std::vector<std::string> servers;
  const bool answered = for_each_node(zookeeper, folder, [&](const std::string& name, const std::string& text) {
    const Json json = Json::parse(text);
    const std::string type = JsonField(json)["type"].string();
    if (type == "historical" || type == "bridge") servers.push_back(name);
  });
  if (!answered) return std::nullopt;
  return servers;
}

std::optional<std::vector<AnnouncedSegment>> find_segments(ZooKeeper& zookeeper, const std::string& folder,
                                                           const std::set<std::string>& data_sources) {
  std::vector<AnnouncedSegment> found;
  const bool answered = for_each_node(zookeeper, folder, [&](const std::string&, const std::string& text) {
    read_segments(text, data_sources, found);
  });
  if (!answered) return std::nullopt;
  return found;
}

}  // namespace sarsen::ingest
