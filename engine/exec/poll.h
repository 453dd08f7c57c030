#pragma once
// How long loops outside of the cursors learn that their query is to end: over the entries of a dictionary, over rows in
// memory, in comparators of sorts. Each thread knows the query that it works for. Where it works for none, and in
// ingestion, polling does nothing.

#include <cstdint>

namespace sarsen::engine {

class QueryControl;  // engine/query/query_engine.h

namespace poll_detail {

inline constinit thread_local std::uint32_t calls = 0;

}  // namespace poll_detail

/// Throws kCanceled or kTimeout when the query of this thread is to end.
void poll_now();

/// The same once in so many calls: cheap enough for every entry or row that costs more than an addition.
inline void poll() {
  constexpr std::uint32_t kCallsPerLook = 512;
  if (++poll_detail::calls % kCallsPerLook == 0) poll_now();
}

/// Makes a query the one that this thread works for, for as long as it lives.
class PollScope {
 public:
  explicit PollScope(const QueryControl& control) noexcept;
  ~PollScope();
  PollScope(const PollScope&) = delete;
  PollScope& operator=(const PollScope&) = delete;

 private:
  const QueryControl* outer_;
};

}  // namespace sarsen::engine
