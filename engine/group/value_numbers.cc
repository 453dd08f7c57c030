#include "engine/group/value_numbers.h"

#include <algorithm>
#include <utility>

namespace sarsen::engine {
namespace {

using storage::GrowingTexts;
using storage::KeptText;

/// What an entry costs beside its text, which is of two bytes a character.
constexpr std::uint64_t kEntryBytes = 44;

/// Longs below it are places of an array, as long as there is no other and they lie close together.
constexpr std::uint64_t kSmallLongs = 1 << 30;
constexpr std::uint64_t kPlacesPerLong = 256;
/// Arrays of groups are as long as there are shared texts, whoever uses them.
constexpr std::uint32_t kSharedTextsPerGroup = 64;

std::uint64_t entry_bytes(std::optional<std::string_view> text) noexcept {
  return text ? kEntryBytes + 2 * text->size() : 0;
}

Value value_of_text(std::optional<std::string_view> text) { return text ? Value(std::string(*text)) : Value(); }

}  // namespace

ValueNumbers::ValueNumbers() : longs_(kSmallLongs, kPlacesPerLong), texts_(std::make_unique<GrowingTexts>()) {}

std::uint32_t ValueNumbers::number_of(const Value& value) {
  if (const auto* held = std::get_if<std::int64_t>(&value)) return number_of(*held);
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr && !is_null(value)) return number_of_other(value);
  const KeptText kept = text != nullptr ? KeptText::of(std::string_view(*text)) : KeptText::null();
  std::uint32_t number;
  numbers_of({&kept, 1}, &number);
  return number;
}

std::uint32_t ValueNumbers::number_of(std::int64_t value) {
  std::uint32_t number;
  numbers_of({&value, 1}, &number);
  return number;
}

void ValueNumbers::numbers_of(std::span<const std::int64_t> longs, std::uint32_t* numbers) {
  keys_.assign(longs.begin(), longs.end());
  longs_.find_or_add(keys_.data(), static_cast<std::uint32_t>(keys_.size()), numbers);
  if (entries_.empty()) return;
  for (auto known = static_cast<std::uint32_t>(long_numbers_.size()); known < longs_.size(); ++known)
    long_numbers_.push_back(add({longs_.key(known), Kind::kLong}));
  for (std::size_t i = 0; i < longs.size(); ++i) numbers[i] = long_numbers_[numbers[i]];
}

void ValueNumbers::numbers_of(std::span<const KeptText> texts, std::uint32_t* numbers) {
  if (shared_ != nullptr) {
    shared_->numbers_of(texts, numbers);
    for (std::size_t i = 0; i < texts.size(); ++i) note_shared(numbers[i]);
    return;
  }
  texts_->add(texts, numbers);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (numbers[i] == text_numbers_.size()) {  // it came just now
      text_numbers_.push_back(add({numbers[i], Kind::kText}));
      dictionary_bytes_ += entry_bytes(texts[i].view());
    }
    numbers[i] = text_numbers_[numbers[i]];
  }
}

std::uint32_t ValueNumbers::number_of_other(const Value& value) {
  if (const auto found = other_numbers_.find(&value); found != other_numbers_.end()) return found->second;
  const std::uint32_t number = append(value);
  other_numbers_.emplace(made_.find(number), number);
  return number;
}

void ValueNumbers::numbers_of(const ValueNumbers& other, std::span<const std::uint32_t> theirs,
                              std::uint32_t* numbers) {
  if (shared_ != nullptr && shared_ == other.shared_) {
    std::ranges::copy(theirs, numbers);
    for (const std::uint32_t number : theirs) note_shared(number);
    return;
  }
  if (!other.holds_longs()) {
    for (const std::uint32_t number : theirs) *numbers++ = number_of(other.made(number));
    return;
  }
  std::vector<std::int64_t> longs;
  for (const std::uint32_t number : theirs) longs.push_back(static_cast<std::int64_t>(other.longs_.key(number)));
  numbers_of(longs, numbers);
}

std::uint32_t ValueNumbers::append(Value value) {
  const std::uint32_t number = add({0, Kind::kOther});
  made_.put(number, std::move(value));
  return number;
}

std::uint32_t ValueNumbers::add(Entry entry) {
  if (entries_.empty()) enter_longs();
  entries_.push_back(entry);
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

void ValueNumbers::enter_longs() {
  for (std::uint32_t number = 0; number < longs_.size(); ++number) {
    entries_.push_back({longs_.key(number), Kind::kLong});
    long_numbers_.push_back(number);
  }
}

const Value& ValueNumbers::value(std::uint32_t number) const {
  const Value* const held = made_.find(number);
  return held != nullptr ? *held : made_.put(number, make(number));
}

Value ValueNumbers::made(std::uint32_t number) const {
  const Value* const held = made_.find(number);
  return held != nullptr ? *held : make(number);
}

Value ValueNumbers::make(std::uint32_t number) const {
  if (source_ != nullptr) return source_(number);
  if (shared_ != nullptr) return value_of_text(shared_->text(number));
  if (holds_longs()) return static_cast<std::int64_t>(longs_.key(number));
  const Entry& entry = entries_[number];
  if (entry.kind == Kind::kLong) return static_cast<std::int64_t>(entry.bits);
  return value_of_text(texts_->value(static_cast<std::uint32_t>(entry.bits)));
}

void ValueNumbers::share(SharedTextsPool& pool, const std::string& key, const storage::StoredDictionary& dictionary,
                         std::uint32_t groups) {
  std::shared_ptr<SharedTexts> texts = pool.get(key);
  if (texts == nullptr || texts->size() / kSharedTextsPerGroup > groups) return;
  if (texts->numbers_of(dictionary) != nullptr) shared_ = std::move(texts);
}

void ValueNumbers::note_first(std::uint32_t number) {
  if (number >= noted_.size()) noted_.resize(std::max<std::size_t>(shared_->size(), number + std::size_t{1}));
  noted_[number] = true;
  dictionary_bytes_ += entry_bytes(shared_->text(number));
}

void ValueNumbers::adopt(std::function<Value(std::uint32_t)> source) { source_ = std::move(source); }

}  // namespace sarsen::engine
