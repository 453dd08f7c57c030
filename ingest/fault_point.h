#pragma once
// Named places between the steps that make rows durable. A test sets a hook that kills the process or throws at one of
// them; otherwise a fault point is one load of a pointer. Never on the way of a row. Thread-safe.

#include <atomic>
#include <string_view>

namespace sarsen::ingest {

using FaultHook = void (*)(std::string_view point);

inline std::atomic<FaultHook> fault_hook{nullptr};

inline void fault_point(std::string_view point) {
  if (const FaultHook hook = fault_hook.load(std::memory_order_acquire)) hook(point);
}

}  // namespace sarsen::ingest
