#pragma once
// Which rows are too late (or too early) for a realtime node, and how far its time has come, which is what hand-off
// waits for. Not thread-safe: it belongs to one fire department.

#include <cstdint>
#include <memory>

#include "ingest/realtime/clock.h"

namespace sarsen::ingest {

enum class RejectionPolicyType : std::uint8_t {
  kNone,         // takes every row; nothing is ever ready for hand-off
  kServerTime,   // within the window around now, both ends included
  kMessageTime,  // at most the window behind the latest row seen, itself included; no bound ahead
};

class RejectionPolicy {
 public:
  virtual ~RejectionPolicy() = default;
  /// Asked once for each row, in order: the answer may depend on the rows before.
  virtual bool accept(std::int64_t time_ms) = 0;
  virtual std::int64_t current_max_time_ms() const = 0;
};

std::unique_ptr<RejectionPolicy> make_rejection_policy(RejectionPolicyType type, std::int64_t window_ms, Clock clock);

}  // namespace sarsen::ingest
