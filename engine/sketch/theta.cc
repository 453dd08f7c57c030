#include "engine/sketch/theta.h"

#include <algorithm>

namespace sarsen::engine::sketch {
namespace {

constexpr std::size_t kFirstSlots = 16;

double estimate_of(std::size_t hashes, std::uint64_t theta) noexcept {
  // In this order: the other one differs in the last bit.
  return static_cast<double>(hashes) * (static_cast<double>(CompactTheta::kThetaMax) / static_cast<double>(theta));
}

}  // namespace

double CompactTheta::estimate() const noexcept { return estimate_of(hashes.size(), theta); }

void ThetaUnion::update(std::string_view utf8) {
  if (!utf8.empty()) add(hash_of(murmur3(utf8, kDataSketchesSeed)));
}

ThetaUnion::Known ThetaUnion::known() const noexcept {
  static constexpr std::uint64_t kFree = 0;
  return table_.empty() ? Known(theta_, &kFree, 0) : Known(theta_, table_.data(), table_.size() - 1);
}

void ThetaUnion::insert(std::uint64_t hash) {
  if (hash == 0 || hash >= theta_) return;
  if (table_.empty()) table_.resize(kFirstSlots);
  const std::size_t mask = table_.size() - 1;
  std::size_t slot = hash & mask;
  for (; table_[slot] != 0; slot = (slot + 1) & mask)
    if (table_[slot] == hash) return;
  table_[slot] = hash;
  ++count_;
  if (count_ * 4ULL <= table_.size() * 3ULL) return;
  if (count_ > size_ * 2ULL) {
    shrink();
  } else {
    grow();
  }
}

void ThetaUnion::place(std::vector<std::uint64_t>& table, std::uint64_t hash) noexcept {
  const std::size_t mask = table.size() - 1;
  std::size_t slot = hash & mask;
  while (table[slot] != 0) slot = (slot + 1) & mask;
  table[slot] = hash;
}

void ThetaUnion::grow() {
  std::vector<std::uint64_t> larger(table_.size() * 2);
  for (const std::uint64_t hash : table_)
    if (hash != 0) place(larger, hash);
  table_.swap(larger);
}

/// Keeps the `size_` smallest hashes; theta becomes the next one.
void ThetaUnion::shrink() {
  const CompactTheta kept = smallest();
  std::fill(table_.begin(), table_.end(), 0);
  for (const std::uint64_t hash : kept.hashes) place(table_, hash);
  count_ = static_cast<std::uint32_t>(kept.hashes.size());
  theta_ = kept.theta;
}

template <class Hashes>
void ThetaUnion::merge(bool empty, std::uint64_t theta, const Hashes& hashes) {
  if (empty) return;
  empty_ = false;
  if (theta < theta_) {
    theta_ = theta;
    const std::vector<std::uint64_t> old = std::move(table_);
    table_.clear();
    count_ = 0;
    for (const std::uint64_t hash : old) insert(hash);
  }
  for (const std::uint64_t hash : hashes) insert(hash);
}

void ThetaUnion::merge(const CompactTheta& other) { merge(other.empty, other.theta, other.hashes); }

void ThetaUnion::merge(const ThetaUnion& other) {
  // What another union would answer, not all that it still holds.
  if (other.count_ > other.size_) return merge(other.smallest());
  merge(other.empty_, other.theta_, other.table_);
}

/// As result(), in no order.
CompactTheta ThetaUnion::smallest() const {
  CompactTheta compact{.theta = theta_, .empty = empty_, .hashes = {}};
  compact.hashes.reserve(count_);
  for (const std::uint64_t hash : table_)
    if (hash != 0) compact.hashes.push_back(hash);
  if (count_ > size_) {
    const auto next = compact.hashes.begin() + static_cast<std::ptrdiff_t>(size_);
    std::nth_element(compact.hashes.begin(), next, compact.hashes.end());
    compact.theta = *next;
    compact.hashes.resize(size_);
  }
  return compact;
}

CompactTheta ThetaUnion::result() const {
  CompactTheta compact = smallest();
  std::sort(compact.hashes.begin(), compact.hashes.end());
  return compact;
}

double ThetaUnion::estimate() const { return count_ > size_ ? smallest().estimate() : estimate_of(count_, theta_); }

}  // namespace sarsen::engine::sketch
