#include "storage/base/thread_priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace sarsen {
namespace {

/// Some milliseconds by default. A thread that wakes up goes before those whose turns are longer. Kernels before 6.12
/// take no notice.
constexpr std::uint64_t kShortTurnNs = 100'000;

/// The kernel's sched_attr in its first version: its header cannot be included beside the C library's.
struct Attributes {
  std::uint32_t size = 48;
  std::uint32_t policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0;
  std::uint64_t deadline_ns = 0;
  std::uint64_t period_ns = 0;
};

/// Of the calling thread.
bool get(Attributes& attributes) noexcept {
  return ::syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) == 0;
}

bool set(const Attributes& attributes) noexcept { return ::syscall(SYS_sched_setattr, 0, &attributes, 0) == 0; }

}  // namespace

/// Never below what the process was started with. Linux takes 0 for the calling thread, where POSIX has the process.
void set_thread_priority(ThreadPriority priority) noexcept {
  const int level = static_cast<int>(priority);
  Attributes attributes;
  if (get(attributes)) {
    attributes.nice = std::max(attributes.nice, level);
    attributes.runtime_ns = priority == ThreadPriority::kQueries ? kShortTurnNs : 0;
    if (set(attributes)) return;
  }
  if (::getpriority(PRIO_PROCESS, 0) < level) static_cast<void>(::setpriority(PRIO_PROCESS, 0, level));
}

std::uint64_t thread_turn_ns() noexcept {
  Attributes attributes;
  return get(attributes) ? attributes.runtime_ns : 0;
}

}  // namespace sarsen
