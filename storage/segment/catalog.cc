#include "storage/segment/catalog.h"

#include <utility>

namespace sarsen::storage {

std::shared_ptr<const Catalog::Timelines> Catalog::snapshot() const {
  const std::lock_guard lock(mutex_);
  return timelines_;
}

void Catalog::update(const std::string& data_source, const std::function<void(Timeline&)>& change) {
  const std::lock_guard writer(writers_mutex_);
  auto timelines = std::make_shared<Timelines>(*snapshot());
  const auto found = timelines->find(data_source);
  auto timeline = found == timelines->end() ? std::make_shared<Timeline>() : std::make_shared<Timeline>(*found->second);
  change(*timeline);
  if (timeline->empty()) {
    timelines->erase(data_source);
  } else {
    timelines->insert_or_assign(data_source, std::move(timeline));
  }
  std::shared_ptr<const Timelines> published = std::move(timelines);
  const std::lock_guard lock(mutex_);
  timelines_.swap(published);  // the old one is let go after the lock
}

}  // namespace sarsen::storage
