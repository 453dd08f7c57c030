#include "engine/result/java_hash_order.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace sarsen::engine {
namespace {

std::uint32_t spread(std::uint32_t hash, KeyOrder order) {
  if (order == KeyOrder::kJava8) return hash ^ (hash >> 16);
  hash ^= (hash >> 20) ^ (hash >> 12);
  return hash ^ (hash >> 7) ^ (hash >> 4);
}

}  // namespace

std::uint32_t java_hash_code(const std::string& utf8) {
  std::uint32_t hash = 0;
  const auto add = [&](std::uint32_t unit) { hash = hash * 31 + unit; };
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k)
      point = point << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
    if (point >= 0x10000) {
      add(0xD800 + ((point - 0x10000) >> 10));
      add(0xDC00 + ((point - 0x10000) & 0x3FF));
    } else {
      add(point);
    }
    i += length;
  }
  return hash;
}

JavaHashOrder::JavaHashOrder(std::size_t table_size, KeyOrder order)
    : order_(order), table_(std::bit_ceil(std::max<std::size_t>(table_size, 1))) {}

/// Java 8 appends to the bucket; Java 7 put new entries in front.
void JavaHashOrder::insert(std::vector<std::vector<Entry>>& table, const Entry& entry) const {
  std::vector<Entry>& bucket = table[entry.hash & (table.size() - 1)];
  bucket.insert(order_ == KeyOrder::kJava8 ? bucket.end() : bucket.begin(), entry);
}

void JavaHashOrder::put(const std::string& key, std::uint32_t hash) {
  if (std::find(keys_.begin(), keys_.end(), key) != keys_.end()) return;
  insert(table_, {spread(hash, order_), keys_.size()});
  keys_.push_back(key);
  if (keys_.size() * 4 > table_.size() * 3) grow();
}

void JavaHashOrder::grow() {
  std::vector<std::vector<Entry>> table(table_.size() * 2);
  for (const auto& bucket : table_)
    for (const Entry& entry : bucket) insert(table, entry);
  table_ = std::move(table);
}

std::vector<std::size_t> JavaHashOrder::order() const {
  std::vector<std::size_t> indexes;
  for (const auto& bucket : table_)
    for (const Entry& entry : bucket) indexes.push_back(entry.index);
  return indexes;
}

std::size_t JavaHashOrder::copied_table_size(std::size_t entries) {
  return entries == 0 ? 16 : std::bit_ceil(entries * 4 / 3 + 1);
}

std::size_t JavaHashOrder::sized_table_size(std::size_t entries) {
  return entries < 3 ? std::bit_ceil(entries + 1) : std::bit_ceil((entries * 4 + 2) / 3);
}

}  // namespace sarsen::engine
