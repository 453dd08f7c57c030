#pragma once
// How much of the processors a thread gets when there are too few: those that answer queries go before those that read
// streams, and these before those that write and merge segments; and those that answer queries need not wait for the
// end of another's turn. A hint: where the system knows no such thing nothing changes. Thread safety: of the calling
// thread only.

#include <cstdint>

namespace sarsen {

/// In nice levels.
enum class ThreadPriority { kQueries = 0, kReading = 5, kWriting = 10 };

/// Of the calling thread, and of those that it starts from now on, which cannot go back to a higher one.
void set_thread_priority(ThreadPriority priority) noexcept;

/// How long the calling thread works on when others wait; 0 where the system does not say.
std::uint64_t thread_turn_ns() noexcept;

}  // namespace sarsen
