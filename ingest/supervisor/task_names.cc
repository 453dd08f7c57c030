#include "ingest/supervisor/task_names.h"

#include <cstdlib>
#include <random>

#include "ingest/metadata/sha1_text.h"
#include "storage/base/ascii_case.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kHashDigits = 15;
constexpr std::size_t kSuffixLetters = 8;

/// Java's String.hashCode; a topic's name is ASCII.
std::uint32_t java_hash(const std::string& text) noexcept {
  std::uint32_t hash = 0;
  for (const char c : text) hash = 31 * hash + static_cast<unsigned char>(c);
  return hash;
}

}  // namespace

std::uint32_t task_group_of(const StreamPartition& partition, std::uint32_t task_count) noexcept {
  const auto number = static_cast<std::uint32_t>(partition.number);
  if (partition.topic.empty()) return number % task_count;
  const auto mixed = static_cast<std::int32_t>(31 * java_hash(partition.topic) + number);
  return static_cast<std::uint32_t>(std::abs(static_cast<std::int64_t>(mixed)) % task_count);
}

std::string base_sequence_name(const SupervisorSpec& spec, const Position& start, const RowWindow& window) {
  const JsonField json(spec.json);
  const std::string hashed = json["dataSchema"].json().dump() + json["tuningConfig"].json().dump() +
                             start.to_json().dump() + std::to_string(window.min_ms) + std::to_string(window.max_ms);
  const std::string digits = storage::lower_ascii(sha1_text(hashed).substr(0, kHashDigits));
  return "index_kafka_" + spec.id + "_" + digits;
}

std::string new_task_id(const std::string& base_sequence_name) {
  static thread_local std::mt19937_64 random{std::random_device{}()};
  std::uint64_t bits = random();
  std::string id = base_sequence_name + "_";
  for (std::size_t i = 0; i < kSuffixLetters; ++i, bits >>= 4) id += static_cast<char>('a' + bits % 16);
  return id;
}

}  // namespace sarsen::ingest
