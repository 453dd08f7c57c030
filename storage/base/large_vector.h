#pragma once
// A vector of plain elements that may become large: it lies in huge pages then (large_array.h), so that growing costs
// little more than copying. Not thread-safe.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include "storage/base/large_array.h"

namespace sarsen {

template <class T>
class LargeVector {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  LargeVector() = default;
  LargeVector(std::size_t size, T value) { resize(size, value); }
  LargeVector(LargeVector&& other) noexcept
      : elements_(std::move(other.elements_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  LargeVector& operator=(LargeVector&& other) noexcept {
    elements_ = std::move(other.elements_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  std::size_t bytes() const noexcept { return capacity_ * sizeof(T); }
  T* data() noexcept { return elements_.get(); }
  const T* data() const noexcept { return elements_.get(); }
  T& operator[](std::size_t i) noexcept { return elements_[i]; }
  const T& operator[](std::size_t i) const noexcept { return elements_[i]; }

  void push_back(T value) {
    if (size_ == capacity_) [[unlikely]]
      grow(std::max(kFirst, capacity_ * 2));
    elements_[size_++] = value;
  }

  /// Room for `count` more elements, at their place, which the caller fills.
  T* extend(std::size_t count) {
    if (size_ + count > capacity_) grow(std::max(size_ + count, capacity_ * 2));
    size_ += count;
    return elements_.get() + size_ - count;
  }

  /// REQUIRES: no larger than before.
  void truncate(std::size_t size) noexcept { size_ = size; }

  /// New elements are `value`. REQUIRES: no smaller than before.
  void resize(std::size_t size, T value) {
    if (size > capacity_) grow(size);
    std::fill(elements_.get() + size_, elements_.get() + size, value);
    size_ = size;
  }

 private:
  static constexpr std::size_t kFirst = 16;

  void grow(std::size_t capacity) {
    LargeArray<T> elements = make_large_array<T>(capacity);
    if (size_ > 0) std::memcpy(elements.get(), elements_.get(), size_ * sizeof(T));
    elements_ = std::move(elements);
    capacity_ = capacity;
  }

  LargeArray<T> elements_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace sarsen
