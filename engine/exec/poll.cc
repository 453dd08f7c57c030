#include "engine/exec/poll.h"

#include <utility>

#include "engine/query/query_engine.h"

namespace sarsen::engine {
namespace {

thread_local const QueryControl* current = nullptr;

}  // namespace

void poll_now() {
  if (current != nullptr) current->check();
}

PollScope::PollScope(const QueryControl& control) noexcept : outer_(std::exchange(current, &control)) {}

PollScope::~PollScope() { current = outer_; }

}  // namespace sarsen::engine
