#pragma once
// How much of the processors a thread gets when there are too few: those that answer queries go before those that read
// streams, and these before those that write and merge segments. A hint: where the system knows no such thing nothing
// changes. Thread safety: of the calling thread only.

namespace sarsen {

/// In nice levels.
enum class ThreadPriority { kQueries = 0, kReading = 5, kWriting = 10 };

/// Of the calling thread, and of those that it starts from now on, which cannot go back to a higher one.
void set_thread_priority(ThreadPriority priority) noexcept;

}  // namespace sarsen
