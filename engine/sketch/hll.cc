#include "engine/sketch/hll.h"

#include <algorithm>
#include <array>
#include <bit>

#include "engine/sketch/hll_estimate.h"
#include "storage/base/check.h"

namespace sarsen::engine::sketch {
namespace {

constexpr std::uint32_t kAddressMask = (1U << 26) - 1;
constexpr std::size_t kListSlots = 8;
constexpr std::size_t kFirstSetSlots = 32;
constexpr int kLgKWithoutSet = 7;  // up to here a full list becomes registers at once

constexpr double kHighValue = 32;

/// 2^-exponent.
constexpr auto kPowers = [] {
  std::array<double, 256> powers{};
  double power = 1;
  for (double& each : powers) {
    each = power;
    power /= 2;
  }
  return powers;
}();

double power(std::uint8_t exponent) noexcept { return kPowers[exponent]; }

}  // namespace

Hll::Hll(int lg_k) : lg_k_(lg_k) { DCHECK(lg_k >= kLgKMin && lg_k <= kLgKMax); }

void Hll::update(std::span<const std::byte> text) {
  if (!text.empty()) update(murmur3(text, kDataSketchesSeed));
}

Hll::Known Hll::known() const noexcept {
  static constexpr std::uint8_t kEmpty = 0;
  return mode_ == Mode::kRegisters ? Known(registers_.data(), slots() - 1) : Known(&kEmpty, 0);
}

void Hll::update(std::uint32_t coupon) {
  switch (mode_) {
    case Mode::kList:
      return update_list(coupon);
    case Mode::kSet:
      return update_set(coupon);
    case Mode::kRegisters:
      return update_register(coupon & (slots() - 1), static_cast<std::uint8_t>(coupon >> kAddressBits));
  }
}

void Hll::update_all(std::span<const std::uint32_t> coupons) {
  while (!coupons.empty() && mode_ != Mode::kRegisters) {
    std::size_t taken = 1;
    if (mode_ == Mode::kSet) {
      taken = fill_set(coupons);
    } else {
      update_list(coupons.front());
    }
    coupons = coupons.subspan(taken);
  }
  const std::uint32_t mask = slots() - 1;
  for (const std::uint32_t coupon : coupons)
    update_register(coupon & mask, static_cast<std::uint8_t>(coupon >> kAddressBits));
}

/// Until the set has to grow, or all are in; gives how many.
std::size_t Hll::fill_set(std::span<const std::uint32_t> coupons) {
  const auto mask = static_cast<std::uint32_t>(coupons_.size() - 1);
  std::uint32_t* const table = coupons_.data();
  const auto room = static_cast<std::uint32_t>(coupons_.size() * 3 / 4);
  std::size_t taken = 0;
  while (taken < coupons.size() && coupon_count_ < room) {
    const std::uint32_t coupon = coupons[taken++];
    std::uint32_t& first = table[coupon & mask];
    if (first == 0) {
      first = coupon;
      ++coupon_count_;
    } else if (first != coupon && insert(coupons_, coupon)) {
      ++coupon_count_;
    }
  }
  if (taken < coupons.size()) update_set(coupons[taken++]);
  return taken;
}

void Hll::update_list(std::uint32_t coupon) {
  if (coupons_.empty()) coupons_.resize(kListSlots);
  const auto end = coupons_.begin() + coupon_count_;
  if (std::find(coupons_.begin(), end, coupon) != end) return;
  *end = coupon;
  if (++coupon_count_ < kListSlots) return;
  if (lg_k_ <= kLgKWithoutSet) {
    to_registers();
  } else {
    to_set();
  }
}

void Hll::to_set() {
  std::vector<std::uint32_t> table(kFirstSetSlots);
  for (const std::uint32_t coupon : coupons_) insert(table, coupon);
  coupons_.swap(table);
  mode_ = Mode::kSet;
}

/// False where it was there already. Probes as DataSketches does, so that images list coupons in the same order.
bool Hll::insert(std::vector<std::uint32_t>& table, std::uint32_t coupon) const noexcept {
  const auto mask = static_cast<std::uint32_t>(table.size() - 1);
  const std::uint32_t stride = ((coupon & kAddressMask) >> std::countr_zero(table.size())) | 1;
  std::uint32_t slot = coupon & mask;
  for (; table[slot] != 0; slot = (slot + stride) & mask)
    if (table[slot] == coupon) return false;
  table[slot] = coupon;
  return true;
}

void Hll::update_set(std::uint32_t coupon) {
  if (!insert(coupons_, coupon)) return;
  ++coupon_count_;
  if (coupon_count_ * 4ULL <= coupons_.size() * 3ULL) return;
  if (coupons_.size() == std::size_t{1} << (lg_k_ - 3)) {
    to_registers();
  } else {
    grow_set();
  }
}

void Hll::grow_set() {
  std::vector<std::uint32_t> larger(coupons_.size() * 2);
  const auto mask = static_cast<std::uint32_t>(larger.size() - 1);
  for (const std::uint32_t coupon : coupons_) {
    if (coupon == 0) continue;
    if (larger[coupon & mask] == 0)
      larger[coupon & mask] = coupon;
    else
      insert(larger, coupon);
  }
  coupons_.swap(larger);
}

void Hll::clear_registers(int lg_k) {
  lg_k_ = lg_k;
  mode_ = Mode::kRegisters;
  registers_.assign(slots(), 0);
  zeros_ = slots();
  hip_ = 0;
  sum_low_ = static_cast<double>(slots());
  sum_high_ = 0;
  out_of_order_ = false;
  merged_ = false;
}

void Hll::to_registers() {
  const double estimate_of_coupons = coupon_estimate();
  const std::vector<std::uint32_t> coupons = std::move(coupons_);
  coupons_ = {};
  coupon_count_ = 0;
  clear_registers(lg_k_);
  for (const std::uint32_t coupon : coupons)
    if (coupon != 0) update(coupon);
  hip_ = estimate_of_coupons;
}

void Hll::update_register(std::uint32_t slot, std::uint8_t value) noexcept {
  const std::uint8_t old = registers_[slot];
  if (value <= old) return;
  hip_ += static_cast<double>(slots()) / (sum_low_ + sum_high_);
  (old < kHighValue ? sum_low_ : sum_high_) -= power(old);
  (value < kHighValue ? sum_low_ : sum_high_) += power(value);
  registers_[slot] = value;
  if (old == 0) --zeros_;
}

void Hll::replay_coupons_of(const Hll& other) {
  for (const std::uint32_t coupon : other.coupons_)
    if (coupon != 0) update(coupon);
}

void Hll::replay_registers_of(const Hll& other) {
  for (std::uint32_t slot = 0; slot < other.slots(); ++slot)
    if (other.registers_[slot] != 0) update_register(slot & (slots() - 1), other.registers_[slot]);
}

/// Becomes `other`, which has registers, with at most 2^lg_k_max of them.
void Hll::take_registers(const Hll& other, int lg_k_max) {
  if (other.lg_k_ <= lg_k_max) {
    *this = other;
    return;
  }
  clear_registers(lg_k_max);
  coupons_ = {};
  coupon_count_ = 0;
  replay_registers_of(other);
  hip_ = other.out_of_order_ ? 0 : other.hip_;
  out_of_order_ = other.out_of_order_;
}

void Hll::merge_registers(const Hll& other) {
  if (other.lg_k_ < lg_k_) {
    Hll smaller(lg_k_);
    smaller.take_registers(*this, other.lg_k_);
    *this = std::move(smaller);
  }
  for (std::uint32_t slot = 0; slot < other.slots(); ++slot) {
    std::uint8_t& mine = registers_[slot & (slots() - 1)];
    mine = std::max(mine, other.registers_[slot]);
  }
  recount();
  hip_ = 0;
  out_of_order_ = true;
  merged_ = true;
}

void Hll::recount() noexcept {
  sum_low_ = 0;
  sum_high_ = 0;
  zeros_ = 0;
  for (const std::uint8_t value : registers_) {
    (value < kHighValue ? sum_low_ : sum_high_) += power(value);
    zeros_ += value == 0;
  }
}

void Hll::merge(const Hll& other) {
  if (other.empty()) return;
  if (other.mode_ == Mode::kSet && empty() && other.lg_k_ == lg_k_) {
    // As it is, with its free slots: the order of coupons decides how the history goes on.
    *this = other;
    return;
  }
  if (other.mode_ != Mode::kRegisters) return replay_coupons_of(other);
  if (mode_ == Mode::kRegisters) return merge_registers(other);
  Hll merged(lg_k_);
  merged.take_registers(other, lg_k_);
  merged.replay_coupons_of(*this);
  *this = std::move(merged);
}

void Hll::put_in_anew() {
  if (mode_ != Mode::kSet) return;
  Hll anew(lg_k_);
  anew.mode_ = Mode::kSet;
  anew.coupons_.resize(kFirstSetSlots);
  anew.replay_coupons_of(*this);
  *this = std::move(anew);
}

double Hll::coupon_estimate() const { return estimate_coupons(coupon_count_); }

double Hll::estimate() const {
  if (mode_ != Mode::kRegisters) return coupon_estimate();
  if (!out_of_order_) return hip_;
  return estimate_registers(lg_k_, sum_low_ + sum_high_, zeros_);
}

}  // namespace sarsen::engine::sketch
