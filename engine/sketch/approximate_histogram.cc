#include "engine/sketch/approximate_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "storage/base/error.h"

namespace sarsen::engine::sketch {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Float.compare: -0.0 below 0.0, NaN above everything.
bool below(float left, float right) noexcept {
  if (left < right) return true;
  if (left > right) return false;
  const auto order = [](float value) { return value != value ? 0x7fc00000 : std::bit_cast<std::int32_t>(value); };
  return order(left) < order(right);
}

bool same(float left, float right) noexcept { return !below(left, right) && !below(right, left); }

/// A break at or below (rounding is floor), or at or above (ceil).
float break_near(float value, float width, float offset, double (*rounding)(double)) noexcept {
  return static_cast<float>(rounding(static_cast<double>((value - offset) / width))) * width + offset;
}

double rounded_down(double value) { return std::floor(value); }
double rounded_up(double value) { return std::ceil(value); }

}  // namespace

/// The first bin that is not below `value`.
std::size_t ApproximateHistogram::place_of(float value) const noexcept {
  const auto place = std::lower_bound(bins_.begin(), bins_.end(), value,
                                      [](const Bin& bin, float wanted) { return below(bin.position, wanted); });
  return static_cast<std::size_t>(place - bins_.begin());
}

void ApproximateHistogram::offer(float value) {
  if (value < min_) min_ = value;
  if (value > max_) max_ = value;
  ++count_;
  const std::size_t place = place_of(value);
  if (place < bins_.size() && same(bins_[place].position, value)) {
    ++bins_[place].marked;
  } else if (bins_.size() < size_) {
    bins_.insert(bins_.begin() + static_cast<std::ptrdiff_t>(place), Bin{value, 1});
  } else {
    merge_in(place, value);
  }
}

std::ptrdiff_t ApproximateHistogram::closest_pair() const noexcept {
  float closest = kInfinity;
  std::ptrdiff_t found = -1;
  for (std::size_t i = 0; i + 1 < bins_.size(); ++i) {
    const float distance = bins_[i + 1].position - bins_[i].position;
    if (!(distance < closest)) continue;
    closest = distance;
    found = static_cast<std::ptrdiff_t>(i);
  }
  return found;
}

/// All bins are taken, and `value` belongs before bins_[place]: it joins a neighbour, or gets the bin that the two
/// nearest others leave free.
void ApproximateHistogram::merge_in(std::size_t place, float value) {
  std::ptrdiff_t at = closest_pair();
  float distance = at >= 0
                       ? bins_[static_cast<std::size_t>(at) + 1].position - bins_[static_cast<std::size_t>(at)].position
                       : kInfinity;
  const float right = place < bins_.size() ? bins_[place].position - value : kInfinity;
  const float left = place > 0 ? value - bins_[place - 1].position : kInfinity;
  bool joins = false;
  if (right < distance) {
    distance = right;
    at = static_cast<std::ptrdiff_t>(place);
    joins = true;
  }
  if (left < distance) {
    at = static_cast<std::ptrdiff_t>(place) - 1;
    joins = true;
  }
  if (at < 0) return;  // bins at infinity or NaN, which are no neighbours of anything
  Bin& bin = bins_[static_cast<std::size_t>(at)];
  if (joins) {
    const std::uint64_t held = bin.count();
    bin.position = (bin.position * static_cast<float>(held) + value) / static_cast<float>(held + 1);
    bin.marked = (held + 1) | kApproximate;
    return;
  }
  const Bin next = bins_[static_cast<std::size_t>(at) + 1];
  const std::uint64_t sum = bin.count() + next.count();
  bin.position = static_cast<float>((static_cast<double>(bin.position) * static_cast<double>(bin.count()) +
                                     static_cast<double>(next.position) * static_cast<double>(next.count())) /
                                    static_cast<double>(sum));
  bin.marked = sum | kApproximate;
  bins_.erase(bins_.begin() + at + 1);
  const std::size_t after = static_cast<std::ptrdiff_t>(place) > at ? place - 1 : place;
  bins_.insert(bins_.begin() + static_cast<std::ptrdiff_t>(after), Bin{value, 1});
}

void ApproximateHistogram::fold(const ApproximateHistogram& other) {
  if (other.bins_.empty()) return;
  min_ = min_ < other.min_ ? min_ : other.min_;
  max_ = max_ > other.max_ ? max_ : other.max_;
  const bool fits = bins_.size() + other.bins_.size() <= size_;
  bins_ = fits ? combined(bins_, other.bins_) : combined_by_rule(bins_, other.bins_);
  count_ += other.count_;
}

/// Bins at the same position become one. Two approximate ones lose their mark, as in Druid: the marks add up to
/// nothing.
ApproximateHistogram::Bins ApproximateHistogram::combined(const Bins& left, const Bins& right) {
  Bins all;
  all.reserve(left.size() + right.size());
  auto l = left.begin();
  auto r = right.begin();
  while (l != left.end() || r != right.end()) {
    if (l != left.end() && (r == right.end() || l->position < r->position)) {
      all.push_back(*l++);
    } else if (r != right.end() && (l == left.end() || l->position > r->position)) {
      all.push_back(*r++);
    } else {
      all.push_back({l->position, l->marked + r->marked});
      ++l;
      ++r;
    }
  }
  return all;
}

/// Bins nearer than this become one when histograms are folded that have too many.
float ApproximateHistogram::cutoff() const noexcept {
  const auto parts = [this](int fewer) { return static_cast<float>(static_cast<int>(size_) - fewer); };
  const bool above = limits_.upper != kInfinity;
  const bool under = limits_.lower != -kInfinity;
  if (above && under) return (limits_.upper - limits_.lower) / parts(3);
  if (above) return (limits_.upper - min_) / parts(2);
  if (under) return (max_ - limits_.lower) / parts(2);
  return (max_ - min_) / parts(1);
}

void ApproximateHistogram::absorb(Bin& bin, float position, std::uint64_t count) noexcept {
  const float distance = position - bin.position;
  const std::uint64_t sum = bin.count() + count;
  const float weight = static_cast<float>(bin.count()) / static_cast<float>(sum);
  bin.position = -distance * weight + position;
  bin.marked = sum | kApproximate;
}

ApproximateHistogram::Bins ApproximateHistogram::combined_by_rule(const Bins& left, const Bins& right) const {
  const float near = cutoff();
  Bin under;
  Bin over;
  auto l = left.begin();
  auto r = right.begin();
  for (; l != left.end() && l->position < limits_.lower; ++l) absorb(under, l->position, l->count());
  for (; r != right.end() && r->position < limits_.lower; ++r) absorb(under, r->position, r->count());
  Bins all;
  if (under.count() > 0) all.push_back(under);
  const auto next = [&] {
    const bool takes_left = l != left.end() && (r == right.end() || l->position < r->position);
    return takes_left ? *l++ : *r++;
  };
  // The first bin within the limits is taken as it is; there is one even where no bin is left.
  all.push_back(l != left.end() || r != right.end() ? next() : Bin());
  while (l != left.end() || r != right.end()) {
    const Bin bin = next();
    if (bin.position > limits_.upper) {
      absorb(over, bin.position, bin.count());
    } else if (bin.position - all.back().position <= near) {
      absorb(all.back(), bin.position, bin.count());
    } else {
      all.push_back({bin.position, bin.count()});
    }
  }
  if (over.count() > 0) all.push_back(over);
  return all;
}

double ApproximateHistogram::sum(float limit) const noexcept {
  if (limit < min_) return 0;
  if (limit >= max_) return static_cast<double>(count_);
  auto index = static_cast<std::ptrdiff_t>(place_of(limit));
  const auto bins = static_cast<std::ptrdiff_t>(bins_.size());
  if (index == bins || !same(bins_[static_cast<std::size_t>(index)].position, limit)) --index;
  const Bin* at = index < 0 ? nullptr : &bins_[static_cast<std::size_t>(index)];
  const Bin* after = index >= bins - 1 ? nullptr : &bins_[static_cast<std::size_t>(index + 1)];
  const double from = at == nullptr ? min_ : at->position;
  const double to = after == nullptr ? max_ : after->position;
  const double part = to == from ? 0 : (static_cast<double>(limit) - from) / (to - from);
  // Only approximate bins spread over their surroundings.
  const auto spread = [](const Bin* bin) {
    return bin == nullptr || bin->exact() ? 0.0 : static_cast<double>(bin->count());
  };
  const double height = spread(at) + (spread(after) - spread(at)) * part;
  double sum = 0.5 * (spread(at) + height) * part;
  for (std::ptrdiff_t i = 0; i < index; ++i) sum += static_cast<double>(bins_[static_cast<std::size_t>(i)].count());
  if (at == nullptr) return sum;
  return sum + (at->exact() ? 1.0 : 0.5) * static_cast<double>(at->count());
}

std::vector<double> ApproximateHistogram::counts_between(const std::vector<float>& breaks) const {
  std::vector<double> counts;
  double before = sum(breaks[0]);
  for (std::size_t i = 1; i < breaks.size(); ++i) {
    const double upto = sum(breaks[i]);
    counts.push_back(static_cast<double>(static_cast<float>(upto - before)));
    before = upto;
  }
  return counts;
}

std::vector<float> ApproximateHistogram::equal_breaks(std::uint32_t count) const {
  const float width = (max_ - min_) / static_cast<float>(count - 1);
  std::vector<float> breaks = {min_ - width};
  for (std::uint32_t i = 1; i < count; ++i) breaks.push_back(breaks.back() + width);
  breaks.push_back(max_);
  return breaks;
}

std::vector<float> ApproximateHistogram::breaks_of_width(float width, float offset) const {
  constexpr double kFilled = 0.1F;  // buckets with less count as empty
  const float lowest = break_near(min_, width, offset, rounded_down);
  const float first = std::max(lowest, break_near(limits_.lower, width, offset, rounded_down));
  const float highest = break_near(max_, width, offset, rounded_up);
  const float last = std::min(highest, break_near(limits_.upper, width, offset, rounded_up));
  if ((last - first) / width > static_cast<float>(kBreaksMax) || first + width == first)
    throw Error(ErrorCategory::kResourceLimit,
                "The histogram would have too many buckets; at most " + std::to_string(kBreaksMax) + " are made");
  std::vector<float> breaks;
  // The least value may be a break itself, which does not belong to the bucket above it.
  const float bottom = lowest - width;
  if (bottom != first && sum(first) - sum(bottom) > kFilled) breaks.push_back(bottom);
  bool open = false;
  for (float left = first; left + width <= last + width / 10; left += width) {
    const float right = left + width;
    const bool filled = sum(right) - sum(left) > kFilled;
    if (filled && !open) breaks.push_back(left);
    if (filled) breaks.push_back(right);
    open = filled;
  }
  if (breaks.empty()) throw Error(ErrorCategory::kInvalidInput, "A histogram without values has no buckets");
  if (breaks.back() != highest && sum(highest) - sum(breaks.back()) > kFilled) breaks.push_back(highest);
  return breaks;
}

float ApproximateHistogram::quantile(float probability) const {
  if (count_ == 0) return std::numeric_limits<float>::quiet_NaN();
  const double wanted = static_cast<double>(probability * static_cast<float>(count_));
  std::uint64_t before = 0;
  std::size_t i = 0;
  while (i < bins_.size() && !(static_cast<double>(before + bins_[i].count()) > wanted)) before += bins_[i++].count();
  if (i == 0 || i == bins_.size()) return min_;
  // Where the area under the line between the two bins reaches the rest: a quadratic equation.
  const double rest = wanted - static_cast<double>(before);
  const double c = -2 * rest;
  const auto left = static_cast<double>(bins_[i - 1].count());
  const double a = static_cast<double>(bins_[i].count()) - left;
  const double b = 2 * left;
  const double part = a == 0 ? -c / b : (-b + std::sqrt(b * b - 4 * a * c)) / (2 * a);
  const float width = bins_[i].position - bins_[i - 1].position;
  const auto value = static_cast<float>(static_cast<double>(bins_[i - 1].position) + static_cast<double>(width) * part);
  return value < max_ ? value : max_;
}

std::uint64_t ApproximateHistogram::exact_count() const noexcept {
  std::uint64_t count = 0;
  for (const Bin& bin : bins_) count += bin.exact() ? bin.count() : 0;
  return count;
}

}  // namespace sarsen::engine::sketch
