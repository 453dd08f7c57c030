#pragma once
// Events pushed into this process on their way to a fire department: a bounded buffer, and before it the pushes that
// wait for room, in their turn. A push costs no thread while it waits. One whose events have begun to go into the
// buffer goes in whole, also where its sender leaves or the receiver closes; so a push is taken in all or not at all.
//
// Taken is in memory, and no more: what close() finds is handed out to the last event, a crash loses it.
// Thread-safe. Callbacks are called by whichever thread makes room, and must not wait.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "ingest/firehose/event_checker.h"
#include "ingest/realtime/clock.h"
#include "ingest/row/json_objects.h"
#include "ingest/source.h"

namespace sarsen::ingest {

struct EventReceiverOptions {
  std::string service_name;
  std::size_t buffer_events = 100'000;
  std::int64_t idle_ms_max = INT64_MAX;  // closes when nothing was pushed for so long
  Clock clock = system_clock_ms;
};

/// Who pushes, and the number of the push: one that is not greater than that producer's last is a repetition.
struct Producer {
  std::string id;
  std::int64_t sequence = 0;
};

class EventReceiver {
 public:
  enum class State : std::uint8_t {
    kWaiting,
    kTaken,
    kSkipped,  // a repetition: its events are not taken again
    kClosed,   // the receiver was closed before any of its events were taken
    kCanceled,
    kRefused,  // too much is waiting already
  };
  class Push;

  EventReceiver(std::shared_ptr<const DataSchema> schema, EventReceiverOptions options);

  // --- the senders'
  /// The events can be read, and have a time. Throws kInvalidInput that says what is wrong.
  void check(const JsonObjects& events) { checkers_.check(events); }
  /// Whether the push would be skipped. Throws kForbidden where there are too many producers.
  bool is_repetition(const Producer& producer);
  /// REQUIRES: the events were checked.
  std::shared_ptr<Push> push(JsonObjects events, const std::optional<Producer>& producer);
  State state(const Push& push) const;
  /// Calls `done` once the push waits no more; at once where it does not.
  void when_done(const std::shared_ptr<Push>& push, std::function<void()> done);
  /// Nobody waits for the push any more: it is forgotten, if none of its events were taken yet.
  void cancel(const std::shared_ptr<Push>& push);
  /// Something was asked of it: it is not idle.
  void touch();
  /// Closes at this time of day.
  void shut_off_at(std::int64_t time_ms);

  // --- the reader's
  /// Up to `events_max` events, the first with number `first_offset`; waits for one. `exhausted` once it is closed and
  /// empty.
  Batch take(std::size_t events_max, int timeout_ms, std::int64_t first_offset);
  /// Takes no more pushes; what was taken is handed out.
  void close();

 private:
  struct Event {
    std::string_view text;
    std::shared_ptr<const std::string> owner;
  };
  using Callbacks = std::vector<std::function<void()>>;

  void close_when_due();
  void close_locked(Callbacks& callbacks);
  void refill(Callbacks& callbacks, bool without_bound = false);
  void settle(Push& push, State state, Callbacks& callbacks);
  bool claim(const Producer& producer);

  const EventReceiverOptions options_;
  EventCheckers checkers_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> buffer_;
  std::deque<std::shared_ptr<Push>> waiting_;  // only the first one may have begun
  std::size_t waiting_bytes_ = 0;
  std::map<std::string, std::int64_t, std::less<>> sequences_;  // by producer: the last one
  std::int64_t idle_since_ms_;
  std::int64_t shutoff_ms_ = INT64_MAX;
  bool closed_ = false;
};

}  // namespace sarsen::ingest
