#include "ingest/firehose/event_receiver.h"

#include <algorithm>
#include <chrono>

#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kProducersMax = 10'000;                     // as Druid
constexpr std::size_t kWaitingBytesMax = std::size_t{256} << 20;  // of pushes that wait for room
constexpr std::int64_t kNoSequence = INT64_MIN;

void call(const std::vector<std::function<void()>>& callbacks) {
  for (const auto& callback : callbacks) callback();
}

}  // namespace

class EventReceiver::Push {
 public:
  Push(JsonObjects pushed, std::optional<Producer> from) : events(std::move(pushed)), producer(std::move(from)) {}

  // All of it guarded by the receiver's mutex.
  JsonObjects events;
  std::optional<Producer> producer;
  std::int64_t sequence_before = kNoSequence;
  std::size_t next = 0;  // the first event that is not in the buffer yet
  State state = State::kWaiting;
  std::function<void()> done;
};

EventReceiver::EventReceiver(std::shared_ptr<const DataSchema> schema, EventReceiverOptions options)
    : options_(std::move(options)), checkers_(std::move(schema)), idle_since_ms_(options_.clock()) {}

bool EventReceiver::is_repetition(const Producer& producer) {
  const std::lock_guard lock(mutex_);
  const auto last = sequences_.find(producer.id);
  if (last == sequences_.end() && sequences_.size() + 1 >= kProducersMax)
    throw Error(ErrorCategory::kForbidden,
                "Too many individual producer IDs for this firehose.  Max is " + std::to_string(kProducersMax));
  return last != sequences_.end() && producer.sequence <= last->second;
}

std::shared_ptr<EventReceiver::Push> EventReceiver::push(JsonObjects events, const std::optional<Producer>& producer) {
  auto push = std::make_shared<Push>(std::move(events), producer);
  const std::lock_guard lock(mutex_);
  const std::size_t bytes = push->events.text->size();
  if (closed_) {
    push->state = State::kClosed;
    return push;
  }
  if (!waiting_.empty() && waiting_bytes_ + bytes > kWaitingBytesMax) {
    push->state = State::kRefused;
    return push;
  }
  if (producer) {
    std::int64_t& last = sequences_.try_emplace(producer->id, kNoSequence).first->second;
    if (producer->sequence <= last) {
      push->state = State::kSkipped;
      return push;
    }
    push->sequence_before = std::exchange(last, producer->sequence);
  }
  waiting_.push_back(push);
  waiting_bytes_ += bytes;
  Callbacks callbacks;  // stays empty: where others wait there is no room, and nobody waits for this one yet
  refill(callbacks);
  changed_.notify_all();
  return push;
}

EventReceiver::State EventReceiver::state(const Push& push) const {
  const std::lock_guard lock(mutex_);
  return push.state;
}

void EventReceiver::when_done(const std::shared_ptr<Push>& push, std::function<void()> done) {
  {
    const std::lock_guard lock(mutex_);
    if (push->state == State::kWaiting) {
      push->done = std::move(done);
      return;
    }
  }
  done();
}

/// A push that has begun is taken, whoever still waits for it.
void EventReceiver::cancel(const std::shared_ptr<Push>& push) {
  Callbacks callbacks;
  {
    const std::lock_guard lock(mutex_);
    if (push->state != State::kWaiting) return;
    const bool begun = push->next > 0;
    if (!begun) std::erase(waiting_, push);
    settle(*push, begun ? State::kTaken : State::kCanceled, callbacks);
  }
  call(callbacks);
}

/// Ends what the sender waits for. A push that was not taken is as if it had never been sent.
void EventReceiver::settle(Push& push, State state, Callbacks& callbacks) {
  if (push.state != State::kWaiting) return;
  push.state = state;
  if (state != State::kTaken && push.producer) {
    const auto last = sequences_.find(push.producer->id);
    if (last != sequences_.end() && last->second == push.producer->sequence) last->second = push.sequence_before;
  }
  if (state != State::kTaken) waiting_bytes_ -= push.events.text->size();
  if (push.done) callbacks.push_back(std::move(push.done));
  push.done = nullptr;
}

/// Events of those who wait longest go into the buffer.
void EventReceiver::refill(Callbacks& callbacks, bool without_bound) {
  while (!waiting_.empty()) {
    Push& push = *waiting_.front();
    const std::size_t left = push.events.objects.size() - push.next;
    const std::size_t room = options_.buffer_events - std::min(options_.buffer_events, buffer_.size());
    const std::size_t count = without_bound ? left : std::min(left, room);
    for (std::size_t i = 0; i < count; ++i) buffer_.push_back({push.events.objects[push.next++], push.events.text});
    if (count < left) return;
    waiting_bytes_ -= push.events.text->size();
    settle(push, State::kTaken, callbacks);
    waiting_.pop_front();
  }
}

void EventReceiver::touch() {
  const std::lock_guard lock(mutex_);
  idle_since_ms_ = options_.clock();
}

void EventReceiver::shut_off_at(std::int64_t time_ms) {
  const std::lock_guard lock(mutex_);
  shutoff_ms_ = time_ms;
  changed_.notify_all();
}

void EventReceiver::close_when_due() {
  Callbacks callbacks;
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t now_ms = options_.clock();
    const bool idle = options_.idle_ms_max != INT64_MAX && now_ms - idle_since_ms_ >= options_.idle_ms_max;
    if (closed_ || (!idle && now_ms < shutoff_ms_)) return;
    log_info("Firehose[{}] is closed: {}", options_.service_name,
             idle ? "nothing was pushed for its maxIdleTime" : "its shutdown was asked for");
    close_locked(callbacks);
  }
  call(callbacks);
}

void EventReceiver::close() {
  Callbacks callbacks;
  {
    const std::lock_guard lock(mutex_);
    close_locked(callbacks);
  }
  call(callbacks);
}

void EventReceiver::close_locked(Callbacks& callbacks) {
  if (std::exchange(closed_, true)) return;
  while (!waiting_.empty() && waiting_.back()->next == 0) {
    const std::shared_ptr<Push> push = waiting_.back();
    waiting_.pop_back();
    settle(*push, State::kClosed, callbacks);
  }
  refill(callbacks, true);
  changed_.notify_all();
}

Batch EventReceiver::take(std::size_t events_max, int timeout_ms, std::int64_t first_offset) {
  close_when_due();
  Batch batch;
  Callbacks callbacks;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                      [this] { return closed_ || !buffer_.empty() || options_.clock() >= shutoff_ms_; });
    auto owners = std::make_shared<std::vector<std::shared_ptr<const std::string>>>();
    while (!buffer_.empty() && batch.messages.size() < events_max) {
      Event event = std::move(buffer_.front());
      buffer_.pop_front();
      batch.messages.push_back({.bytes = event.text, .partition = 0, .offset = first_offset++});
      if (owners->empty() || owners->back() != event.owner) owners->push_back(std::move(event.owner));
    }
    batch.owner = std::move(owners);
    refill(callbacks);
    batch.exhausted = closed_ && buffer_.empty();
  }
  call(callbacks);
  return batch;
}

}  // namespace sarsen::ingest
