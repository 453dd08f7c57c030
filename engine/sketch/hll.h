#pragma once
// HLL sketches, as DataSketches' HllSketch and Union: a handful of coupons in a list, then a hash set of coupons, then
// 2^lg_k registers. Within one stream of updates the estimate comes from the history of updates (HIP), after two
// sketches with registers were merged from the registers alone. The registers are kept as one byte each; the stored
// type (four, six or eight bits) matters for the bytes only. Not thread-safe.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sketch/murmur3.h"

namespace sarsen::engine::sketch {

enum class HllType : std::uint8_t { kHll4, kHll6, kHll8 };

class Hll {
 private:
  static constexpr std::uint32_t kAddressBits = 26;

 public:
  // DataSketches allows 4 to 21, and checks that only where sketches are merged: Druid answers with others.
  static constexpr int kLgKMin = 2;
  static constexpr int kLgKMax = 26;

  /// REQUIRES: kLgKMin <= lg_k <= kLgKMax.
  explicit Hll(int lg_k);

  /// Reads compact and updatable images. Throws kRuntimeFailure.
  static Hll parse(std::span<const std::byte> bytes);

  /// What a sketch keeps of a hash: 26 bits of address, above them 6 bits of value, never 0.
  /// REQUIRES: a hash with kDataSketchesSeed.
  static std::uint32_t coupon_of(const Hash128& hash) noexcept {
    return coupon_of(hash.low, static_cast<std::uint32_t>(std::countl_zero(hash.high)));
  }
  /// Of a hash's low half, and the zeros that its high half begins with.
  static std::uint32_t coupon_of(std::uint64_t low, std::uint32_t zeros) noexcept {
    const auto address = static_cast<std::uint32_t>(low) & ((1U << kAddressBits) - 1);
    return (std::min(zeros, 62U) + 1) << kAddressBits | address;
  }

  void update(std::uint32_t coupon);
  /// One after the other.
  void update_all(std::span<const std::uint32_t> coupons);
  /// REQUIRES: a hash with kDataSketchesSeed.
  void update(const Hash128& hash) { update(coupon_of(hash)); }
  static std::uint32_t coupon_of(std::int64_t value) noexcept { return coupon_of(murmur3(value, kDataSketchesSeed)); }
  static std::uint32_t coupon_of(double value) noexcept { return coupon_of(canonical_bits(value)); }
  void update(std::int64_t value) { update(coupon_of(value)); }
  void update(double value) { update(coupon_of(value)); }
  /// Text in the encoding to be hashed; empty counts as no value.
  void update(std::span<const std::byte> text);

  /// Tells coupons that would change nothing, if not all of them. Valid until the sketch is changed.
  class Known {
   public:
    bool operator()(std::uint32_t coupon) const noexcept {
      return coupon >> kAddressBits <= registers_[coupon & slot_mask_];
    }

   private:
    friend class Hll;
    Known(const std::uint8_t* registers, std::uint32_t slot_mask) : registers_(registers), slot_mask_(slot_mask) {}

    const std::uint8_t* registers_;
    std::uint32_t slot_mask_;
  };
  Known known() const noexcept;

  /// The union: the result has the smaller lg_k of the two as soon as it has registers that `other` filled.
  void merge(const Hll& other);

  /// Puts the coupons of a set in again, slot by slot, as reading a compact image and merging in place do: which are
  /// found first, and so their order, may change.
  void put_in_anew();

  int lg_k() const noexcept { return lg_k_; }
  bool empty() const noexcept { return mode_ != Mode::kRegisters && coupon_count_ == 0; }
  double estimate() const;
  /// What the true number passes with the probability of so many standard deviations. REQUIRES: 1 to 3.
  double lower_bound(int deviations) const;
  double upper_bound(int deviations) const;

  /// What Java prints as the summary of a sketch with these bytes. Throws kRuntimeFailure.
  static std::string summary_of(std::span<const std::byte> bytes);

  std::string compact_bytes(HllType type) const;
  /// The form that DataSketches updates in place: tables with their free slots.
  std::string updatable_bytes(HllType type) const;

  /// All that it holds (sketch_fields.h).
  template <class Fields>
  void fields(Fields& each) {
    each(lg_k_, mode_, out_of_order_, merged_, coupon_count_, coupons_, registers_, zeros_, hip_, sum_low_, sum_high_);
  }
  template <class Fields>
  void fields(Fields& each) const {
    each(lg_k_, mode_, out_of_order_, merged_, coupon_count_, coupons_, registers_, zeros_, hip_, sum_low_, sum_high_);
  }

 private:
  friend class HllImage;  // hll_image.cc

  enum class Mode : std::uint8_t { kList = 0, kSet = 1, kRegisters = 2 };  // as images number them

  void update_list(std::uint32_t coupon);
  void update_set(std::uint32_t coupon);
  std::size_t fill_set(std::span<const std::uint32_t> coupons);
  void update_register(std::uint32_t slot, std::uint8_t value) noexcept;
  bool insert(std::vector<std::uint32_t>& table, std::uint32_t coupon) const noexcept;
  void grow_set();
  void to_set();
  void to_registers();
  void clear_registers(int lg_k);
  void replay_coupons_of(const Hll& other);
  void replay_registers_of(const Hll& other);
  void take_registers(const Hll& other, int lg_k_max);
  void merge_registers(const Hll& other);
  void recount() noexcept;
  double coupon_estimate() const;
  std::uint32_t slots() const noexcept { return std::uint32_t{1} << lg_k_; }

  int lg_k_;
  Mode mode_ = Mode::kList;
  bool out_of_order_ = false;  // HIP does not hold
  bool merged_ = false;        // registers were merged: images of eight bits then state the true minimum
  std::uint32_t coupon_count_ = 0;
  std::vector<std::uint32_t> coupons_;  // list: in order, 0 is free; set: open addressing, 0 is free
  std::vector<std::uint8_t> registers_;
  std::uint32_t zeros_ = 0;  // registers that are 0
  double hip_ = 0;
  double sum_low_ = 0;   // sum of 2^-value over registers below 32, and
  double sum_high_ = 0;  // from 32; both are exact
};

}  // namespace sarsen::engine::sketch
