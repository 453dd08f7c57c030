#include "ingest/zookeeper/segment_nodes.h"

#include <algorithm>
#include <utility>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

std::string array_of(const std::map<std::string, std::string>& segments) {
  std::string text = "[";
  for (const auto& [id, json] : segments) {
    if (text.size() > 1) text += ',';
    text += json;
  }
  return text + "]";
}

}  // namespace

SegmentNodes::SegmentNodes(SegmentNodesOptions options, Changed changed, Gone gone)
    : options_(std::move(options)), changed_(std::move(changed)), gone_(std::move(gone)) {}

/// One that has room, else a new one.
SegmentNodes::Batches::iterator SegmentNodes::batch_for(std::size_t bytes) {
  const auto has_room = [&](const auto& entry) {
    return entry.second.segments.size() < options_.segments_max && entry.second.bytes + bytes + 1 <= options_.bytes_max;
  };
  const auto found = std::find_if(batches_.begin(), batches_.end(), has_room);
  return found != batches_.end() ? found : batches_.emplace(options_.folder + "/" + options_.new_name(), Batch()).first;
}

void SegmentNodes::take_out(const std::string& id, Batches::iterator batch) {
  const auto segment = batch->second.segments.find(id);
  batch->second.bytes -= segment->second.size() + 1;
  batch->second.segments.erase(segment);
}

SegmentPlace SegmentNodes::put(const std::string& id, const std::string& json) {
  if (json.size() + 3 > options_.bytes_max)
    throw Error(ErrorCategory::kInvalidInput, "What describes the segment is larger than a node may be (" +
                                                  std::to_string(options_.bytes_max) + " bytes): " + id);
  if (!options_.batches) {
    const std::string path = options_.folder + "/" + id;
    changed_(path, json);
    paths_[id] = path;
    return {path};
  }
  const auto known = paths_.find(id);
  auto batch = known == paths_.end() ? batch_for(json.size()) : batches_.find(known->second);
  if (known != paths_.end()) {
    const std::size_t before = batch->second.segments.at(id).size();
    if (batch->second.bytes - before + json.size() > options_.bytes_max) {
      remove(id);
      batch = batch_for(json.size());
    } else {
      take_out(id, batch);
    }
  }
  const bool existing = !batch->second.segments.empty();
  batch->second.segments[id] = json;
  batch->second.bytes += json.size() + 1;
  paths_[id] = batch->first;
  changed_(batch->first, array_of(batch->second.segments));
  return {batch->first, existing};
}

std::string SegmentNodes::remove(const std::string& id) {
  const auto known = paths_.find(id);
  if (known == paths_.end()) return "";
  std::string path = std::move(known->second);
  paths_.erase(known);
  const auto batch = batches_.find(path);
  if (batch == batches_.end()) {
    gone_(path);
    return path;
  }
  take_out(id, batch);
  if (!batch->second.segments.empty()) {
    changed_(path, array_of(batch->second.segments));
  } else {
    batches_.erase(batch);
    gone_(path);
  }
  return path;
}

}  // namespace sarsen::ingest
