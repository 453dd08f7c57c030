#pragma once
// Tuple sketches of doubles, as DataSketches' ArrayOfDoublesSketch: a theta sketch whose hashes each carry so many
// numbers; those of equal hashes are added. The table of hashes is probed, grown and thinned out as Java does, because
// the order of a table is the order of its bytes and of what is computed from it. Not thread-safe.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sketch/murmur3.h"

namespace sarsen::engine::sketch {

/// What sketches are asked for and what images hold: hashes in the order of a table, all below theta, `width` numbers
/// for each.
struct CompactTuple {
  static constexpr std::uint64_t kThetaMax = 0x7fffffffffffffff;

  std::uint64_t theta = kThetaMax;
  bool empty = true;
  std::size_t width = 1;
  std::vector<std::uint64_t> hashes;
  std::vector<double> numbers;

  double estimate() const noexcept;
  double lower_bound(int deviations) const noexcept;
  double upper_bound(int deviations) const noexcept;
  std::span<const double> numbers_of(std::size_t entry) const noexcept {
    return std::span(numbers).subspan(entry * width, width);
  }

  /// Hashes in both, numbers added; hashes that are not in `other`. Throw kInvalidInput where widths differ.
  CompactTuple intersected(const CompactTuple& other) const;
  CompactTuple without(const CompactTuple& other) const;

  std::string bytes() const;
  /// What Java prints as the summary of such a sketch.
  std::string summary() const;
  /// Reads compact images, and tables of updatable sketches. Throws kRuntimeFailure.
  static CompactTuple parse(std::span<const std::byte> bytes);
};

class TupleSketch {
 public:
  static constexpr std::uint32_t kEntriesMax = 1u << 26;
  static constexpr std::size_t kWidthMax = 127;

  /// REQUIRES: `entries` is a power of two from 16 to kEntriesMax, width <= kWidthMax.
  TupleSketch(std::uint32_t entries, std::size_t width);

  /// REQUIRES: a hash with kDataSketchesSeed, `width` numbers.
  void update(const Hash128& hash, std::span<const double> numbers);
  /// The union; its result is cut to the nominal entries. Throws kInvalidInput where widths differ.
  void merge(const CompactTuple& other);
  void merge(const TupleSketch& other);
  /// The union with nothing.
  void merge_alone();

  CompactTuple result() const;

  /// All that it holds (sketch_fields.h).
  template <class Fields>
  void fields(Fields& each) {
    each(entries_, width_, theta_, empty_, merged_, count_, keys_, numbers_);
  }
  template <class Fields>
  void fields(Fields& each) const {
    each(entries_, width_, theta_, empty_, merged_, count_, keys_, numbers_);
  }

 private:
  std::size_t slots() const noexcept { return keys_.size(); }
  bool at_full_size() const noexcept { return slots() > entries_; }
  std::size_t slot_of(std::uint64_t key) const noexcept;
  void insert(std::uint64_t key, std::span<const double> numbers);
  void rebuild(std::size_t slots);
  std::uint64_t next_theta() const;

  std::uint32_t entries_;
  std::size_t width_;
  std::uint64_t theta_ = CompactTuple::kThetaMax;
  bool empty_ = true;
  bool merged_ = false;  // a union: what is beyond the nominal entries is cut off
  std::uint32_t count_ = 0;
  std::vector<std::uint64_t> keys_;  // a power of two of slots; 0 is a free one
  std::vector<double> numbers_;      // width_ for each slot
};

}  // namespace sarsen::engine::sketch
