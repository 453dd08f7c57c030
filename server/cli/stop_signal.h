#pragma once
// Waits for SIGTERM or SIGINT. To be made before any other thread: they inherit that these signals are blocked.

#include <csignal>

namespace sarsen::server {

class StopSignal {
 public:
  StopSignal() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  /// Returns the signal's number. From then on the next one ends the process at once.
  int wait() {
    int received = 0;
    sigwait(&signals_, &received);
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGINT, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
    return received;
  }

 private:
  sigset_t signals_{};
};

}  // namespace sarsen::server
