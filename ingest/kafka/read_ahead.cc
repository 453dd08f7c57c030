#include "ingest/kafka/read_ahead.h"

#include <algorithm>
#include <cstdlib>

namespace sarsen::ingest {
namespace {

constexpr const char* kMessages = "queued.min.messages";
constexpr const char* kKilobytes = "queued.max.messages.kbytes";
constexpr const char* kMessagesDefault = "20000";
constexpr std::size_t kKilobytesDefault = 65'536;  // librdkafka's

std::size_t number_of(const ReadAhead::Properties& properties, const char* name, std::size_t otherwise) {
  const auto found = properties.find(name);
  return found == properties.end() ? otherwise : std::strtoull(found->second.c_str(), nullptr, 10);
}

}  // namespace

void ReadAhead::add_default(Properties& properties) { properties.emplace(kMessages, kMessagesDefault); }

ReadAhead::ReadAhead(const Properties& properties)
    : messages_max_(number_of(properties, kMessages, std::strtoull(kMessagesDefault, nullptr, 10))),
      bytes_max_(number_of(properties, kKilobytes, kKilobytesDefault) * 1024) {}

/// How many messages fill the queue is estimated from the size of those that were taken.
bool ReadAhead::note_taken(std::size_t messages, std::size_t bytes, std::size_t left) noexcept {
  const std::size_t mean_bytes = std::max<std::size_t>(bytes / std::max<std::size_t>(messages, 1), 1);
  const std::size_t full = std::min(messages_max_, bytes_max_ / mean_bytes);
  was_full_ = was_full_ || messages + left >= full - full / 10;
  if (!was_full_ || left > full / 2) return false;
  was_full_ = false;
  return true;
}

}  // namespace sarsen::ingest
