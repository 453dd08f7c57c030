#pragma once
// Which node of ZooKeeper holds which served segments: Druid's batches, where a node is an array of segments with
// limits of number and bytes, or its older form, a node for each segment. Here it is decided what the nodes hold; to
// bring them there is KeptNodes' part. Not thread-safe.

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace sarsen::ingest {

/// Where a segment stands, for the log.
struct SegmentPlace {
  std::string path;
  bool existing = false;  // the node was there before, with other segments
};

struct SegmentNodesOptions {
  std::string folder;  // that of this server
  bool batches = true;
  std::size_t segments_max = 50;          // of a batch
  std::size_t bytes_max = 512 * 1024;     // of a batch
  std::function<std::string()> new_name;  // of a batch; each another one
};

class SegmentNodes {
 public:
  using Changed = std::function<void(const std::string& path, const std::string& data)>;
  using Gone = std::function<void(const std::string& path)>;

  SegmentNodes(SegmentNodesOptions options, Changed changed, Gone gone);

  /// Takes a segment in, or a new text of one that is there. Throws kInvalidInput where it alone is too large.
  SegmentPlace put(const std::string& id, const std::string& json);
  /// The path where it was; empty where it was not.
  std::string remove(const std::string& id);

 private:
  struct Batch {
    std::map<std::string, std::string> segments;  // id -> JSON
    std::size_t bytes = 2;                        // of the array
  };
  using Batches = std::map<std::string, Batch>;

  Batches::iterator batch_for(std::size_t bytes);
  void take_out(const std::string& id, Batches::iterator batch);

  const SegmentNodesOptions options_;
  const Changed changed_;
  const Gone gone_;
  Batches batches_;                           // by path
  std::map<std::string, std::string> paths_;  // of the segments, by id
};

}  // namespace sarsen::ingest
