#include "engine/sketch/kll.h"

#include <array>
#include <iterator>

namespace sarsen::engine::sketch {
namespace {

constexpr std::uint32_t kLeastCapacity = 8;  // of a level; "m"
constexpr std::size_t kDepthMax = 30;

/// value * (2/3)^depth, rounded half up.
std::uint64_t shrunk(std::uint64_t value, std::size_t depth) noexcept {
  std::uint64_t thirds = 1;
  for (std::size_t i = 0; i < depth; ++i) thirds *= 3;
  return (((value * 2) << depth) / thirds + 1) / 2;
}

}  // namespace

template <class T>
std::uint32_t Kll<T>::level_capacity(std::uint32_t k, std::size_t levels, std::size_t level) noexcept {
  const std::size_t depth = levels - level - 1;
  const std::size_t first = depth <= kDepthMax ? depth : depth / 2;
  const std::uint64_t capacity = shrunk(shrunk(k, first), depth - first);
  return std::max(kLeastCapacity, static_cast<std::uint32_t>(capacity));
}

template <class T>
std::size_t Kll<T>::capacity(std::uint32_t k, std::size_t levels) noexcept {
  std::size_t sum = 0;
  for (std::size_t level = 0; level < levels; ++level) sum += level_capacity(k, levels, level);
  return sum;
}

template <class T>
std::size_t Kll<T>::retained() const noexcept {
  std::size_t count = 0;
  for (const Level& level : levels_) count += level.size();
  return count;
}

/// As good as a coin, and the same for the same history.
template <class T>
bool Kll<T>::toss() noexcept {
  std::uint64_t mixed = (++tosses_ + n_) * 0x9E3779B97F4A7C15;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  return ((mixed ^ (mixed >> 31)) & 1) != 0;
}

template <class T>
void Kll<T>::widen(T least, T greatest) noexcept {
  min_ = min_ < least ? min_ : least;  // also where it was NaN
  max_ = max_ > greatest ? max_ : greatest;
}

template <class T>
void Kll<T>::update(T value) {
  if (value != value) return;
  widen(value, value);
  add(value);
  ++n_;
}

template <class T>
void Kll<T>::add(T value) {
  if (room_ == 0) make_room();
  levels_[0].push_back(value);
  --room_;
}

template <class T>
void Kll<T>::measure_room() noexcept {
  const std::size_t slots = capacity(k_, levels_.size());
  room_ = slots - std::min(slots, retained());
}

template <class T>
void Kll<T>::make_room() {
  std::size_t level = 0;
  while (levels_[level].size() < level_capacity(k_, levels_.size(), level)) ++level;
  if (level + 1 == levels_.size()) levels_.emplace_back();
  compact(level);
  measure_room();
}

/// Moves every second value of `level` one up. One value stays where their number is odd: the newest of the lowest
/// level, the least of others.
template <class T>
void Kll<T>::compact(std::size_t level) {
  Level values = std::move(levels_[level]);
  levels_[level] = {};
  if (values.size() % 2 != 0) {
    const auto stays = level == 0 ? values.end() - 1 : values.begin();
    levels_[level].push_back(*stays);
    values.erase(stays);
  }
  if (level == 0) std::sort(values.begin(), values.end());
  Level& above = levels_[level + 1];
  const bool second = toss();
  const std::size_t first = above.empty() != second ? 1 : 0;
  Level moved;
  for (std::size_t i = first; i < values.size(); i += 2) moved.push_back(values[i]);
  Level merged;
  merged.reserve(moved.size() + above.size());
  std::merge(moved.begin(), moved.end(), above.begin(), above.end(), std::back_inserter(merged));
  above = std::move(merged);
}

template <class T>
void Kll<T>::merge(const Kll& other) {
  if (other.empty()) return;
  for (auto value = other.levels_[0].rbegin(); value != other.levels_[0].rend(); ++value) add(*value);
  if (other.levels_.size() > levels_.size()) levels_.resize(other.levels_.size());
  for (std::size_t level = 1; level < other.levels_.size(); ++level) {
    Level merged;
    std::merge(levels_[level].begin(), levels_[level].end(), other.levels_[level].begin(), other.levels_[level].end(),
               std::back_inserter(merged));
    levels_[level] = std::move(merged);
  }
  n_ += other.n_;
  widen(other.min_, other.max_);
  if (other.levels_.size() > 1) {
    least_k_ = std::min(least_k_, other.least_k_);
    compress();
  }
  measure_room();
}

/// From below, levels that are full move half of their values up until the sketch is no longer too full.
template <class T>
void Kll<T>::compress() {
  std::size_t held = retained();
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    if (held < capacity(k_, levels_.size())) return;
    if (levels_[level].size() < level_capacity(k_, levels_.size(), level)) continue;
    if (level + 1 == levels_.size()) levels_.emplace_back();
    held -= levels_[level].size() / 2;
    compact(level);
  }
}

template <class T>
SortedView<T> Kll<T>::sorted() const {
  typename SortedView<T>::Weighted values;
  values.reserve(retained());
  for (std::size_t level = 0; level < levels_.size(); ++level)
    for (const T value : levels_[level]) values.emplace_back(value, std::uint64_t{1} << level);
  return SortedView<T>(std::move(values));
}

template class Kll<float>;
template class Kll<double>;

}  // namespace sarsen::engine::sketch
