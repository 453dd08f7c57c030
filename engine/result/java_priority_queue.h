#pragma once
// A java.util.PriorityQueue: what Druid merges by. Equal elements leave it in an order that is a matter of how it sifts
// them, and so part of Druid's answers. Belongs to one thread.

#include <cstddef>
#include <utility>
#include <vector>

namespace sarsen::engine {

/// `before(a, b)`: a leaves strictly before b.
template <class T, class Before>
class JavaPriorityQueue {
 public:
  explicit JavaPriorityQueue(Before before) : before_(std::move(before)) {}

  bool empty() const noexcept { return elements_.empty(); }

  void push(T element) {
    std::size_t at = elements_.size();
    elements_.emplace_back();
    for (; at > 0 && before_(element, elements_[(at - 1) / 2]); at = (at - 1) / 2)
      elements_[at] = std::move(elements_[(at - 1) / 2]);
    elements_[at] = std::move(element);
  }

  /// REQUIRES: not empty.
  T pop() {
    T first = std::move(elements_.front());
    T last = std::move(elements_.back());
    elements_.pop_back();
    if (!elements_.empty()) sift_down(std::move(last));
    return first;
  }

 private:
  void sift_down(T element) {
    std::size_t at = 0;
    for (std::size_t child = 1; child < elements_.size(); child = 2 * at + 1) {
      if (child + 1 < elements_.size() && before_(elements_[child + 1], elements_[child])) ++child;
      if (!before_(elements_[child], element)) break;
      elements_[at] = std::move(elements_[child]);
      at = child;
    }
    elements_[at] = std::move(element);
  }

  Before before_;
  std::vector<T> elements_;
};

}  // namespace sarsen::engine
