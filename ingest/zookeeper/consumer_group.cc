#include "ingest/zookeeper/consumer_group.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <random>
#include <utility>

#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kStreamsMax = 10'000;  // of one consumer

std::string now_text() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

/// How many streams of the topic a consumer reads; 0 where it reads others, or its node cannot be read.
std::int64_t streams_of(const std::string& data, const std::string& topic) {
  try {
    const Json json = Json::parse(data);
    return std::clamp<std::int64_t>(JsonField(json)["subscription"][topic].integer_or(0), 0, kStreamsMax);
  } catch (const Error&) {
    return 0;
  }
}

}  // namespace

std::set<std::int32_t> range_share(const std::vector<std::int32_t>& partitions,
                                   const std::vector<std::string>& consumers, const std::string& ours) {
  const auto found = std::find(consumers.begin(), consumers.end(), ours);
  if (found == consumers.end()) return {};
  const auto place = static_cast<std::size_t>(found - consumers.begin());
  const std::size_t each = partitions.size() / consumers.size();
  const std::size_t more = partitions.size() % consumers.size();  // that get one more
  const std::size_t first = each * place + std::min(place, more);
  const std::size_t count = each + (place < more ? 1 : 0);
  std::set<std::int32_t> share;
  for (std::size_t at = first; at < first + count; ++at) share.insert(partitions[at]);
  return share;
}

ConsumerGroup::ConsumerGroup(KeptNodes& nodes, std::string group, std::string topic, std::string consumer_id)
    : nodes_(nodes),
      folder_("/consumers/" + std::move(group)),
      topic_(std::move(topic)),
      consumer_id_(std::move(consumer_id)) {}

void ConsumerGroup::join() {
  nodes_.put(folder_ + "/ids/" + consumer_id_,
             Json(Json::Object{{"version", std::int64_t{1}},
                               {"subscription", Json::Object{{topic_, std::int64_t{1}}}},
                               {"pattern", "static"},
                               {"timestamp", now_text()}})
                 .dump());
}

std::string ConsumerGroup::owner_path(std::int32_t partition) const {
  return folder_ + "/owners/" + topic_ + "/" + std::to_string(partition);
}

/// One for each stream, in order.
std::optional<std::vector<std::string>> ConsumerGroup::consumers() {
  std::vector<std::string> ids;
  const ZooKeeperAnswer listed = nodes_.zookeeper().children(folder_ + "/ids", ids);
  if (listed != ZooKeeperAnswer::kDone) return std::nullopt;
  std::vector<std::string> threads;
  for (const std::string& id : ids) {
    ZooKeeperNode node;
    const ZooKeeperAnswer got = nodes_.zookeeper().get(folder_ + "/ids/" + id, node, false);
    if (got == ZooKeeperAnswer::kMissing) continue;
    if (got != ZooKeeperAnswer::kDone) return std::nullopt;
    for (std::int64_t i = 0; i < streams_of(node.data, topic_); ++i) threads.push_back(id + "-" + std::to_string(i));
  }
  std::sort(threads.begin(), threads.end());
  return threads;
}

std::optional<std::set<std::int32_t>> ConsumerGroup::share(const std::vector<std::int32_t>& partitions) {
  const auto threads = consumers();
  if (!threads || !std::binary_search(threads->begin(), threads->end(), thread_id())) return std::nullopt;
  return range_share(partitions, *threads, thread_id());
}

ConsumerGroup::Claim ConsumerGroup::claim(std::int32_t partition) {
  const std::string path = owner_path(partition);
  ZooKeeper& zookeeper = nodes_.zookeeper();
  ZooKeeperAnswer answer = zookeeper.create(path, thread_id(), NodeKind::kEphemeral, nullptr);
  if (answer == ZooKeeperAnswer::kMissing && create_parents(zookeeper, path) == ZooKeeperAnswer::kDone)
    answer = zookeeper.create(path, thread_id(), NodeKind::kEphemeral, nullptr);
  if (answer == ZooKeeperAnswer::kDone) return Claim::kOwn;
  ZooKeeperNode node;
  if (answer != ZooKeeperAnswer::kExists || zookeeper.get(path, node, false) != ZooKeeperAnswer::kDone)
    return Claim::kUnknown;
  return node.own ? Claim::kOwn : Claim::kOthers;
}

bool ConsumerGroup::release(std::int32_t partition) {
  const ZooKeeperAnswer answer = nodes_.zookeeper().remove(owner_path(partition));
  return answer == ZooKeeperAnswer::kDone || answer == ZooKeeperAnswer::kMissing;
}

std::string new_consumer_id(const std::string& group, const std::string& id) {
  if (!id.empty()) return group + "_" + id;
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host = {'h', 'o', 's', 't'};
  std::array<char, 16> random{};
  std::snprintf(random.data(), random.size(), "%08x", std::random_device{}());
  return group + "_" + host.data() + "-" + now_text() + "-" + random.data();
}

}  // namespace sarsen::ingest
