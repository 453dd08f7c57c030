#pragma once
// A set of dictionary ids as bit words: what a filter on a string column becomes when it is bound.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace sarsen::engine {

class IdSet {
 public:
  explicit IdSet(std::uint32_t dictionary_size) { grow_to(dictionary_size); }

  /// Makes room for the ids below `dictionary_size`.
  void grow_to(std::uint32_t dictionary_size) { words_.resize((std::size_t{dictionary_size} + 63) / 64); }

  void add(std::uint32_t id) { words_[id / 64] |= std::uint64_t{1} << (id % 64); }
  void remove(std::uint32_t id) { words_[id / 64] &= ~(std::uint64_t{1} << (id % 64)); }
  void add_range(std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t id = begin; id < end; ++id) add(id);
  }
  bool contains(std::uint32_t id) const noexcept {
    return id / 64 < words_.size() && ((words_[id / 64] >> (id % 64)) & 1) != 0;
  }
  const std::uint64_t* words() const noexcept { return words_.data(); }
  bool empty() const noexcept {
    return std::all_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word == 0; });
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1)
        visit(static_cast<std::uint32_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(word))));
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace sarsen::engine
