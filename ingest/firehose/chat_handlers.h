#pragma once
// The receivers of this process by the names under which events are pushed to them. Thread-safe.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "storage/base/error.h"

namespace sarsen::ingest {

class EventReceiver;

class ChatHandlers {
 public:
  /// Under its name, and under what follows the last colon of it, as in druid:firehose:clicks. Throws kInvalidInput
  /// where a name is taken.
  void add(const std::string& name, const std::shared_ptr<EventReceiver>& receiver) {
    const std::lock_guard lock(mutex_);
    for (const std::string& each : {name, short_name(name)})
      if (const auto found = receivers_.find(each); found != receivers_.end() && found->second != receiver)
        throw Error(ErrorCategory::kInvalidInput, "Another firehose has this serviceName: " + each);
    receivers_[name] = receiver;
    receivers_[short_name(name)] = receiver;
  }

  void remove(const EventReceiver* receiver) {
    const std::lock_guard lock(mutex_);
    std::erase_if(receivers_, [receiver](const auto& entry) { return entry.second.get() == receiver; });
  }

  /// Null where there is none.
  std::shared_ptr<EventReceiver> find(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto found = receivers_.find(name);
    return found == receivers_.end() ? nullptr : found->second;
  }

 private:
  static std::string short_name(const std::string& name) {
    const std::size_t colon = name.rfind(':');
    return colon == std::string::npos || colon == 0 ? name : name.substr(colon + 1);
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<EventReceiver>, std::less<>> receivers_;
};

}  // namespace sarsen::ingest
