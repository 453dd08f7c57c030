#include "ingest/load_orders/load_orders.h"

#include <algorithm>

#include "ingest/deep_storage/leaving_segment.h"
#include "ingest/load_orders/ordered_segment.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {

using std::chrono::steady_clock;
using storage::SegmentDescriptor;
using storage::SegmentId;
using State = LoadOrderStatus::State;

LoadOrder LoadOrder::parse(const Json& json) {
  const JsonField field = JsonField(json)["action"];
  const std::string action = field.string();
  if (action != "load" && action != "drop") field.fail("load or drop is wanted, not " + action);
  return {.action = action == "load" ? Action::kLoad : Action::kDrop, .segment = SegmentDescriptor::parse(json)};
}

LoadOrders::LoadOrders(LoadOrdersOptions options, SegmentCache& cache, storage::Catalog& catalog)
    : options_(std::move(options)), files_(options_.info_directory), cache_(cache), catalog_(catalog) {}

LoadOrders::~LoadOrders() { stop(); }

std::size_t LoadOrders::restore() {
  std::size_t count = 0;
  for (const SegmentDescriptor& segment : files_.all()) {
    try {
      serve(segment);
      ++count;
    } catch (const std::exception& error) {
      log_error("Segment[{}] was ordered here and cannot be served any more: {}", segment.id.text(), error.what());
    }
  }
  return count;
}

void LoadOrders::start() {
  for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
}

void LoadOrders::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

// --- what is asked

void LoadOrders::note(const LoadOrder& order) {
  const Key key{order.action, order.segment.id};
  if (statuses_.contains(key)) return;
  if (statuses_.size() >= kOrdersMax)  // what nobody asks after goes first
    if (std::erase_if(statuses_, [](const auto& each) { return each.second.state != State::kPending; }) == 0)
      throw Error(ErrorCategory::kCapacityExceeded, "There are too many orders to load and drop segments");
  statuses_.emplace(key, LoadOrderStatus());
  queue_.push_back(order);
}

bool LoadOrders::is_any_finished(const std::vector<LoadOrder>& orders) const {
  return std::any_of(orders.begin(), orders.end(), [this](const LoadOrder& order) {
    const auto found = statuses_.find({order.action, order.segment.id});
    return found != statuses_.end() && found->second.state != State::kPending;
  });
}

std::optional<std::vector<LoadOrderStatus>> LoadOrders::take(const std::vector<LoadOrder>& orders,
                                                             std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  for (const LoadOrder& order : orders) note(order);
  changed_.notify_all();
  changed_.wait_for(lock, timeout, [&] { return stopping_ || is_any_finished(orders); });
  if (!is_any_finished(orders)) return std::nullopt;
  std::vector<LoadOrderStatus> told;
  for (const LoadOrder& order : orders) told.push_back(statuses_[{order.action, order.segment.id}]);
  for (std::size_t i = 0; i < orders.size(); ++i)  // told once
    if (told[i].state != State::kPending) statuses_.erase({orders[i].action, orders[i].segment.id});
  return told;
}

// --- what is done

void LoadOrders::work() {
  set_thread_name("load-drop");
  for (std::unique_lock lock(mutex_); !stopping_;) {
    if (const auto id = next_to_delete(steady_clock::now())) {
      lock.unlock();
      remove(*id);
      lock.lock();
      busy_.erase(*id);
    } else if (const auto order = next_order()) {
      lock.unlock();
      const LoadOrderStatus status = carry_out(*order);
      lock.lock();
      busy_.erase(order->segment.id);
      const auto found = statuses_.find({order->action, order->segment.id});
      if (found != statuses_.end()) found->second = status;
    } else {
      changed_.wait_until(lock, std::min(next_deletion(), steady_clock::now() + std::chrono::hours(1)));
      continue;
    }
    changed_.notify_all();
  }
}

/// The first one whose segment nobody is at work on.
std::optional<LoadOrder> LoadOrders::next_order() {
  const auto next = std::find_if(queue_.begin(), queue_.end(),
                                 [this](const LoadOrder& order) { return !busy_.contains(order.segment.id); });
  if (next == queue_.end()) return std::nullopt;
  LoadOrder order = std::move(*next);
  queue_.erase(next);
  busy_.insert(order.segment.id);
  return order;
}

LoadOrderStatus LoadOrders::carry_out(const LoadOrder& order) {
  try {
    if (order.action == LoadOrder::Action::kLoad)
      load(order.segment);
    else
      leave(order.segment.id);
    return {.state = State::kSuccess, .failure = {}};
  } catch (const std::exception& error) {
    log_error("Segment[{}] cannot be {}: {}", order.segment.id.text(),
              order.action == LoadOrder::Action::kLoad ? "loaded" : "dropped", error.what());
    return {.state = State::kFailed, .failure = error.what()};
  }
}

/// Noted before it is served: what a coordinator has seen announced survives a restart.
void LoadOrders::load(const SegmentDescriptor& segment) {
  {
    const std::lock_guard lock(mutex_);
    leaving_.erase(segment.id);
  }
  files_.put(segment);
  if (serve_again(segment.id)) return;
  try {
    serve(segment);
  } catch (...) {
    files_.remove(segment.id);
    cache_.drop(segment.id);
    throw;
  }
  log_info("Segment[{}] is loaded, as it was ordered", segment.id.text());
}

/// One that is here already, or still: announced again.
bool LoadOrders::serve_again(const SegmentId& id) {
  bool found = false;
  catalog_.update(id.data_source, [&](storage::Timeline& timeline) {
    const auto entry = timeline.entries().find(id);
    if (entry == timeline.entries().end()) return;
    found = true;
    const auto* leaving = dynamic_cast<const LeavingSegment*>(entry->second.segment.get());
    if (leaving == nullptr) return;
    storage::TimelineEntry staying = entry->second;
    staying.segment = leaving->segment();
    timeline.add(std::move(staying));
  });
  return found;
}

void LoadOrders::serve(const SegmentDescriptor& segment) {
  const auto served = std::make_shared<OrderedSegment>(segment, cache_.load(segment));
  catalog_.update(segment.id.data_source, [&](storage::Timeline& timeline) {
    timeline.add({.id = segment.id,
                  .core_partitions = segment.core_partitions,
                  .shard_spec = segment.shard_spec,
                  .segment = served});
  });
}

/// Announced no more, and answering for a while.
void LoadOrders::leave(const SegmentId& id) {
  files_.remove(id);
  bool found = false;
  catalog_.update(id.data_source, [&](storage::Timeline& timeline) {
    const auto entry = timeline.entries().find(id);
    if (entry == timeline.entries().end()) return;
    found = true;
    storage::TimelineEntry leaving = entry->second;
    if (!is_leaving(leaving)) leaving.segment = std::make_shared<LeavingSegment>(leaving.segment);
    timeline.add(std::move(leaving));
  });
  if (!found) return;
  const std::lock_guard lock(mutex_);
  leaving_.try_emplace(id, steady_clock::now() + options_.drop_delay);
  log_info("Segment[{}] is announced no more, as it was ordered", id.text());
}

std::optional<SegmentId> LoadOrders::next_to_delete(Time now) {
  const auto due = std::find_if(leaving_.begin(), leaving_.end(), [&](const auto& leaving) {
    return leaving.second <= now && !busy_.contains(leaving.first);
  });
  if (due == leaving_.end()) return std::nullopt;
  SegmentId id = due->first;
  leaving_.erase(due);
  busy_.insert(id);
  return id;
}

void LoadOrders::remove(const SegmentId& id) {
  catalog_.update(id.data_source, [&](storage::Timeline& timeline) { timeline.remove(id); });
  cache_.drop(id);
}

LoadOrders::Time LoadOrders::next_deletion() const {
  Time next = Time::max();
  for (const auto& [id, time] : leaving_)
    if (!busy_.contains(id)) next = std::min(next, time);
  return next;
}

}  // namespace sarsen::ingest
