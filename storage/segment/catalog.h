#pragma once
// The timelines of all data sources: readers take a snapshot, writers publish a new one. Thread safety: all methods
// from any thread.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "storage/segment/timeline.h"

namespace sarsen::storage {

class Catalog {
 public:
  using Timelines = std::map<std::string, std::shared_ptr<const Timeline>, std::less<>>;

  /// An immutable picture of now.
  std::shared_ptr<const Timelines> snapshot() const;

  /// Applies `change` to the timeline of `data_source` (created where missing, forgotten where left empty) and
  /// publishes the result at once.
  void update(const std::string& data_source, const std::function<void(Timeline&)>& change);

 private:
  mutable std::mutex mutex_;  // held for the pointer swap only
  std::mutex writers_mutex_;  // one change at a time; readers do not wait for it
  std::shared_ptr<const Timelines> timelines_ = std::make_shared<const Timelines>();
};

}  // namespace sarsen::storage
