#include "storage/base/thread_priority.h"

#include <sys/resource.h>

namespace sarsen {

/// Linux takes 0 for the calling thread, where POSIX has the process. Never below what the process was started with.
void set_thread_priority(ThreadPriority priority) noexcept {
  const int level = static_cast<int>(priority);
  if (::getpriority(PRIO_PROCESS, 0) < level) static_cast<void>(::setpriority(PRIO_PROCESS, 0, level));
}

}  // namespace sarsen
