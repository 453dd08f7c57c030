#include "engine/text/candidate_entries.h"

#include <algorithm>
#include <bit>

#include "engine/exec/poll.h"

namespace sarsen::engine {

std::optional<CandidateEntries> CandidateEntries::of(const storage::Dictionary& dictionary,
                                                     const kernels::BytePair& pair) {
  const auto* const stored = dynamic_cast<const storage::StoredDictionary*>(&dictionary);
  if (stored == nullptr || !stored->sorted() || stored->ordered_texts().empty()) return std::nullopt;
  return CandidateEntries(*stored, stored->ordered_texts(), pair);
}

std::optional<std::uint32_t> CandidateEntries::next() {
  const std::size_t place = next_place();
  if (place == texts_.size()) return std::nullopt;
  const std::uint32_t id = entry_at(place);
  if (id == dictionary_->size()) return std::nullopt;
  entry_ = id + 1;
  place_ = std::max(end_of(id), place + 1);
  return id;
}

/// The first place of a pair from place_ on; the end of the texts where there is none.
std::size_t CandidateEntries::next_place() {
  while (place_ < texts_.size()) {
    if (place_ >= block_end_) find_block();
    for (std::size_t word = (place_ - block_begin_) / 64; word < (block_end_ - block_begin_ + 63) / 64; ++word) {
      const std::size_t begin = block_begin_ + word * 64;
      const std::uint64_t from = begin < place_ ? ~std::uint64_t{0} << (place_ - begin) : ~std::uint64_t{0};
      if (const std::uint64_t bits = block_[word] & from; bits != 0)
        return begin + static_cast<std::size_t>(std::countr_zero(bits));
    }
    place_ = block_end_;
  }
  return texts_.size();
}

/// That begins at place_.
void CandidateEntries::find_block() {
  poll();
  block_begin_ = place_;
  block_end_ = std::min(place_ + kBlockBytes, texts_.size());
  kernels::find_byte_pairs(texts_.data() + block_begin_, block_end_ - block_begin_, texts_.size() - block_begin_, pair_,
                           block_.data());
}

/// The first entry from entry_ on that ends behind the place; size() where there is none. Most are near.
std::uint32_t CandidateEntries::entry_at(std::size_t place) const {
  const std::uint32_t size = dictionary_->size();
  std::uint32_t begin = entry_;
  std::uint32_t step = 1;
  while (begin + step <= size && end_of(begin + step - 1) <= place) {
    begin += step;
    step *= 2;
  }
  std::uint32_t end = std::min(begin + step - 1, size);  // entries before `begin` end before, that of `end` does not
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (end_of(middle) <= place)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin;
}

/// In the texts. Null, which comes first, has no bytes of its own.
std::size_t CandidateEntries::end_of(std::uint32_t id) const {
  const std::optional<std::string_view> text = dictionary_->value(id);
  return text ? static_cast<std::size_t>(text->data() - texts_.data()) + text->size() : 0;
}

}  // namespace sarsen::engine
