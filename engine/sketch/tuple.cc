#include "engine/sketch/tuple.h"

#include <algorithm>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/sketch/binomial_bounds.h"
#include "storage/base/error.h"

namespace sarsen::engine::sketch {
namespace {

constexpr int kLeastSlotsLog = 5;
constexpr int kGrowthLog = 3;  // tables grow to eight times their size

void check_width(std::size_t mine, std::size_t other) {
  if (mine == other) return;
  throw Error(ErrorCategory::kInvalidInput, "Incompatible sketches: number of values mismatch " + std::to_string(mine) +
                                                " and " + std::to_string(other));
}

/// So that growing arrives at twice the nominal entries.
std::size_t first_slots(std::uint32_t entries) noexcept {
  const int target = std::countr_zero(entries) + 1;
  if (target <= kLeastSlotsLog) return std::size_t{1} << kLeastSlotsLog;
  return std::size_t{1} << ((target - kLeastSlotsLog) % kGrowthLog + kLeastSlotsLog);
}

using Places = boost::unordered_flat_map<std::uint64_t, std::size_t>;

Places places_of(const CompactTuple& sketch) {
  Places places;
  for (std::size_t i = 0; i < sketch.hashes.size(); ++i) places.emplace(sketch.hashes[i], i);
  return places;
}

void append(CompactTuple& into, std::uint64_t hash, std::span<const double> numbers) {
  into.hashes.push_back(hash);
  into.numbers.insert(into.numbers.end(), numbers.begin(), numbers.end());
}

}  // namespace

double CompactTuple::estimate() const noexcept {
  return static_cast<double>(hashes.size()) / (static_cast<double>(theta) / static_cast<double>(kThetaMax));
}

double CompactTuple::lower_bound(int deviations) const noexcept {
  if (theta == kThetaMax) return static_cast<double>(hashes.size());
  return binomial_lower_bound(hashes.size(), static_cast<double>(theta) / static_cast<double>(kThetaMax), deviations);
}

double CompactTuple::upper_bound(int deviations) const noexcept {
  if (theta == kThetaMax) return static_cast<double>(hashes.size());
  return binomial_upper_bound(hashes.size(), static_cast<double>(theta) / static_cast<double>(kThetaMax), deviations);
}

CompactTuple CompactTuple::intersected(const CompactTuple& other) const {
  check_width(width, other.width);
  if (empty || other.empty) return {.width = width, .hashes = {}, .numbers = {}};
  CompactTuple both{.theta = std::min(theta, other.theta), .empty = false, .width = width, .hashes = {}, .numbers = {}};
  const Places mine = places_of(*this);
  for (std::size_t i = 0; i < other.hashes.size(); ++i) {
    const auto place = mine.find(other.hashes[i]);
    if (other.hashes[i] >= both.theta || place == mine.end()) continue;
    append(both, other.hashes[i], numbers_of(place->second));
    double* sums = both.numbers.data() + both.numbers.size() - width;
    for (const double number : other.numbers_of(i)) *sums++ += number;
  }
  return both;
}

CompactTuple CompactTuple::without(const CompactTuple& other) const {
  check_width(width, other.width);
  if (empty || other.empty) return *this;
  CompactTuple rest{.theta = std::min(theta, other.theta), .empty = false, .width = width, .hashes = {}, .numbers = {}};
  const Places theirs = places_of(other);
  for (std::size_t i = 0; i < hashes.size(); ++i)
    if (hashes[i] < rest.theta && !theirs.contains(hashes[i])) append(rest, hashes[i], numbers_of(i));
  rest.empty = rest.hashes.empty() && rest.theta == kThetaMax;
  return rest;
}

TupleSketch::TupleSketch(std::uint32_t entries, std::size_t width)
    : entries_(entries), width_(width), keys_(first_slots(entries)), numbers_(keys_.size() * width) {}

/// Where the key is, or the free slot for it.
std::size_t TupleSketch::slot_of(std::uint64_t key) const noexcept {
  const std::size_t mask = slots() - 1;
  const std::size_t stride = 2 * ((key >> std::countr_zero(slots())) & 127) + 1;
  std::size_t slot = key & mask;
  while (keys_[slot] != 0 && keys_[slot] != key) slot = (slot + stride) & mask;
  return slot;
}

void TupleSketch::update(const Hash128& hash, std::span<const double> numbers) {
  empty_ = false;
  insert(hash.low >> 1, numbers);
}

void TupleSketch::insert(std::uint64_t key, std::span<const double> numbers) {
  if (key == 0 || key >= theta_) return;
  const std::size_t slot = slot_of(key);
  double* held = numbers_.data() + slot * width_;
  if (keys_[slot] == key) {
    for (const double number : numbers) *held++ += number;
    return;
  }
  keys_[slot] = key;
  std::copy(numbers.begin(), numbers.end(), held);
  ++count_;
  const std::size_t most = at_full_size() ? slots() * 15 / 16 : slots() / 2;
  if (count_ <= most) return;
  if (at_full_size()) {
    theta_ = next_theta();
    rebuild(slots());
  } else {
    rebuild(slots() << kGrowthLog);
  }
}

/// The smallest hash beyond the nominal entries. REQUIRES: count_ > entries_.
std::uint64_t TupleSketch::next_theta() const {
  std::vector<std::uint64_t> keys;
  keys.reserve(count_);
  for (const std::uint64_t key : keys_)
    if (key != 0) keys.push_back(key);
  const auto next = keys.begin() + static_cast<std::ptrdiff_t>(entries_);
  std::nth_element(keys.begin(), next, keys.end());
  return *next;
}

void TupleSketch::rebuild(std::size_t slots) {
  const std::vector<std::uint64_t> keys = std::exchange(keys_, std::vector<std::uint64_t>(slots));
  const std::vector<double> numbers = std::exchange(numbers_, std::vector<double>(slots * width_));
  count_ = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == 0 || keys[i] >= theta_) continue;
    const std::size_t slot = slot_of(keys[i]);
    keys_[slot] = keys[i];
    std::copy_n(numbers.begin() + static_cast<std::ptrdiff_t>(i * width_), width_,
                numbers_.begin() + static_cast<std::ptrdiff_t>(slot * width_));
    ++count_;
  }
}

void TupleSketch::merge(const CompactTuple& other) {
  merged_ = true;
  if (other.width != width_) check_width(width_, other.width);
  if (other.empty) return;
  empty_ = false;
  if (other.theta < theta_) {
    theta_ = other.theta;
    rebuild(slots());
  }
  for (std::size_t i = 0; i < other.hashes.size(); ++i) insert(other.hashes[i], other.numbers_of(i));
}

void TupleSketch::merge(const TupleSketch& other) {
  if (empty_ && !other.merged_ && entries_ == other.entries_ && width_ == other.width_) {
    *this = other;
  } else {
    merge_alone();
    merge(other.result());
  }
}

void TupleSketch::merge_alone() {
  if (empty_ || merged_) return;
  const CompactTuple mine = result();
  *this = TupleSketch(entries_, width_);
  merge(mine);
}

CompactTuple TupleSketch::result() const {
  CompactTuple result{.theta = theta_, .empty = empty_, .width = width_, .hashes = {}, .numbers = {}};
  if (merged_ && count_ > entries_) result.theta = next_theta();
  for (std::size_t slot = 0; slot < slots(); ++slot)
    if (keys_[slot] != 0 && keys_[slot] < result.theta)
      append(result, keys_[slot], std::span(numbers_).subspan(slot * width_, width_));
  return result;
}

}  // namespace sarsen::engine::sketch
