#pragma once
// Waits for what another thread or process is to do. The patience is a guard against hanging: nothing is timed.

#include <chrono>
#include <thread>

namespace sarsen {

/// False where the condition does not come true.
template <class Condition>
bool wait_until(const Condition& condition) {
  constexpr std::chrono::seconds kPatience{120};
  constexpr std::chrono::milliseconds kPause{5};
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kPause);
  }
  return true;
}

}  // namespace sarsen
