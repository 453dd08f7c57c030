#pragma once
// Theta sketches, as Druid makes them: always a union of values and of other sketches. It keeps the smallest hashes
// below a threshold theta; what it holds depends only on the set of values that went in, never on their order or on how
// they were split. Bytes: the compact image of DataSketches, serial version 3. Not thread-safe.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sketch/murmur3.h"

namespace sarsen::engine::sketch {

/// Hashes in ascending order, all below theta: what unions are asked for and what images hold.
struct CompactTheta {
  static constexpr std::uint64_t kThetaMax = 0x7fffffffffffffff;

  std::uint64_t theta = kThetaMax;
  bool empty = true;  // no value went in; not the same as no hash kept
  std::vector<std::uint64_t> hashes;

  double estimate() const noexcept;
  /// What the true number passes with the probability of so many standard deviations. REQUIRES: 1 to 3.
  double lower_bound(int deviations) const noexcept;
  double upper_bound(int deviations) const noexcept;
  /// Values in both; values in this one that are not in `other`.
  CompactTheta intersected(const CompactTheta& other) const;
  CompactTheta without(const CompactTheta& other) const;

  /// What Java prints as the summary of such a sketch.
  std::string summary() const;
  /// Ordered and compact, as Druid stores it.
  std::string bytes() const;

  /// Reads compact images of serial versions 1 to 3, and hash tables of updatable sketches. Throws kRuntimeFailure, or
  /// kUnsupported for version 4 (compressed, which Druid does not write).
  static CompactTheta parse(std::span<const std::byte> bytes);
};

class ThetaUnion {
 public:
  /// Keeps up to `size` hashes. REQUIRES: a power of two, 16 to 2^26.
  explicit ThetaUnion(std::uint32_t size) noexcept : size_(size) {}

  // Empty text counts as no value.
  void update(std::string_view utf8);
  static std::uint64_t hash_of(std::int64_t value) noexcept { return hash_of(murmur3(value, kDataSketchesSeed)); }
  static std::uint64_t hash_of(double value) noexcept { return hash_of(canonical_bits(value)); }
  void update(std::int64_t value) { add(hash_of(value)); }
  void update(double value) { add(hash_of(value)); }

  /// What a sketch keeps of a hash: 63 bits. REQUIRES: a hash with kDataSketchesSeed.
  static std::uint64_t hash_of(const Hash128& hash) noexcept { return hash_of_low(hash.low); }
  static std::uint64_t hash_of_low(std::uint64_t low) noexcept { return low >> 1; }
  void add(std::uint64_t hash) {
    empty_ = false;
    insert(hash);
  }

  /// Tells hashes that would change nothing, if not all of them. Valid until the union is changed.
  class Known {
   public:
    bool operator()(std::uint64_t hash) const noexcept { return hash >= theta_ || table_[hash & slot_mask_] == hash; }

   private:
    friend class ThetaUnion;
    Known(std::uint64_t theta, const std::uint64_t* table, std::uint64_t slot_mask)
        : theta_(theta), table_(table), slot_mask_(slot_mask) {}

    std::uint64_t theta_;
    const std::uint64_t* table_;
    std::uint64_t slot_mask_;
  };
  /// REQUIRES: something was added.
  Known known() const noexcept;

  void merge(const CompactTheta& other);
  void merge(const ThetaUnion& other);

  CompactTheta result() const;
  /// result().estimate(), for less.
  double estimate() const;

  /// All that it holds (sketch_fields.h).
  template <class Fields>
  void fields(Fields& each) {
    each(size_, count_, theta_, empty_, table_);
  }
  template <class Fields>
  void fields(Fields& each) const {
    each(size_, count_, theta_, empty_, table_);
  }

 private:
  void insert(std::uint64_t hash);
  CompactTheta smallest() const;
  void grow();
  void shrink();
  static void place(std::vector<std::uint64_t>& table, std::uint64_t hash) noexcept;
  template <class Hashes>
  void merge(bool empty, std::uint64_t theta, const Hashes& hashes);

  std::uint32_t size_;
  std::uint32_t count_ = 0;
  std::uint64_t theta_ = CompactTheta::kThetaMax;
  bool empty_ = true;
  std::vector<std::uint64_t> table_;  // open addressing; a power of two of slots, 0 is a free one
};

}  // namespace sarsen::engine::sketch
