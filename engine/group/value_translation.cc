#include "engine/group/value_translation.h"

namespace sarsen::engine {
namespace {

/// Texts of fewer entries are looked up as fast.
constexpr std::uint32_t kEntriesMin = 1 << 10;
/// Arrays of more entries would leave little of the cache to others.
constexpr std::uint32_t kEntriesMax = 1 << 22;
constexpr std::uint32_t kEntriesPerGroup = 4;

}  // namespace

bool ValueTranslation::is_worth_an_array(const storage::StoredDictionary* dictionary, std::uint32_t groups) noexcept {
  return dictionary != nullptr && dictionary->size() >= kEntriesMin && dictionary->size() <= kEntriesMax &&
         groups >= dictionary->size() / kEntriesPerGroup;
}

ValueTranslation::ValueTranslation(ValueNumbers& values, const storage::StoredDictionary* dictionary,
                                   std::uint32_t groups)
    : values_(&values) {
  if (values.shared() != nullptr && is_worth_an_array(dictionary, groups))
    array_ = values.shared()->numbers_of(*dictionary);
}

void ValueTranslation::apply_array(const std::uint32_t* theirs, std::size_t step, std::uint32_t count,
                                   std::uint32_t* ours) {
  const auto* const numbers = reinterpret_cast<const std::uint32_t*>(array_->bytes.get());
  for (std::uint32_t i = 0; i < count; ++i) ours[i] = numbers[theirs[i * step]];
  for (std::uint32_t i = 0; i < count; ++i) values_->note_shared(ours[i]);
}

void ValueTranslation::note_given() {
  for (const std::uint32_t number : answers_) {
    if (number >= given_.size()) given_.resize(std::max<std::size_t>(number + 1, given_.size() * 2));
    is_injective_ = is_injective_ && !given_[number];
    given_[number] = true;
  }
}

}  // namespace sarsen::engine
