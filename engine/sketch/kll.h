#pragma once
// KLL sketches of floats or doubles, as DataSketches' KllFloatsSketch and KllDoublesSketch: levels of values, each of
// which stands for twice as many as those a level below. A full sketch sorts its lowest full level and moves every
// second value up. Exact until the first time that this happens (n <= k). Bytes are those of Java in both directions.
//
// Java tosses a coin for which half moves up; here the toss follows from the sketch's history, so that the same input
// gives the same bytes. Not thread-safe.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "engine/sketch/sorted_view.h"

namespace sarsen::engine::sketch {

template <class T>
class Kll {
 public:
  static constexpr std::uint32_t kKMin = 8;
  static constexpr std::uint32_t kKMax = 65535;
  static constexpr std::uint32_t kKDefault = 200;

  /// REQUIRES: kKMin <= k <= kKMax.
  explicit Kll(std::uint32_t k) : k_(k), least_k_(k), room_(k), levels_(1) {}

  /// Reads compact and updatable images. Throws kRuntimeFailure.
  static Kll parse(std::span<const std::byte> bytes);

  /// NaN counts as no value.
  void update(T value);
  void merge(const Kll& other);

  std::uint64_t n() const noexcept { return n_; }
  bool empty() const noexcept { return n_ == 0; }
  T min() const noexcept { return min_; }  // NaN while empty
  T max() const noexcept { return max_; }
  SortedView<T> sorted() const;

  /// Compact, as Druid stores it.
  std::string bytes() const;
  /// What Java prints as the summary of such a sketch.
  std::string summary() const;

  /// All that it holds (sketch_fields.h).
  template <class Fields>
  void fields(Fields& each) {
    each(k_, least_k_, room_, n_, tosses_, min_, max_, levels_);
  }
  template <class Fields>
  void fields(Fields& each) const {
    each(k_, least_k_, room_, n_, tosses_, min_, max_, levels_);
  }

 private:
  template <class>
  friend class KllImage;  // kll_image.cc
  using Level = std::vector<T>;

  static std::uint32_t level_capacity(std::uint32_t k, std::size_t levels, std::size_t level) noexcept;
  static std::size_t capacity(std::uint32_t k, std::size_t levels) noexcept;
  std::size_t retained() const noexcept;
  void measure_room() noexcept;
  bool toss() noexcept;
  void widen(T least, T greatest) noexcept;
  void add(T value);
  void make_room();
  void compact(std::size_t level);
  void compress();

  std::uint32_t k_;
  std::uint32_t least_k_;  // of all sketches merged that were beyond their exact size
  std::size_t room_;       // values that may come before something must move up
  std::uint64_t n_ = 0;
  std::uint64_t tosses_ = 0;
  T min_ = std::numeric_limits<T>::quiet_NaN();
  T max_ = std::numeric_limits<T>::quiet_NaN();
  std::vector<Level> levels_;  // the lowest as the values came, the others ascending
};

extern template class Kll<float>;
extern template class Kll<double>;

}  // namespace sarsen::engine::sketch
