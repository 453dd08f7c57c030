#include "ingest/incremental_index/live_dimension.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "ingest/incremental_index/live_structured_dimension.h"
#include "storage/base/error.h"
#include "storage/base/java_order.h"

namespace sarsen::ingest {
namespace {

using storage::ValueType;

template <class T>
std::uint64_t bits_of(T value) noexcept {
  if constexpr (std::is_floating_point_v<T>)
    if (std::isnan(value)) value = std::numeric_limits<T>::quiet_NaN();  // all NaNs are one value, as in Java
  if constexpr (sizeof(T) == 4)
    return std::bit_cast<std::uint32_t>(value);
  else
    return std::bit_cast<std::uint64_t>(value);
}

template <class T>
T value_of(std::uint64_t bits) noexcept {
  if constexpr (sizeof(T) == 4)
    return std::bit_cast<T>(static_cast<std::uint32_t>(bits));
  else
    return std::bit_cast<T>(bits);
}

std::uint64_t hash_of_ids(const std::vector<std::uint32_t>& ids) noexcept {
  std::uint64_t hash = ids.size();
  for (const std::uint32_t id : ids) hash = (hash ^ id) * 0x9E3779B97F4A7C15 + (hash >> 29);
  return hash;
}

template <class T>
std::string_view type_word() noexcept {
  if constexpr (std::is_same_v<T, std::int64_t>)
    return "long";
  else if constexpr (std::is_same_v<T, float>)
    return "float";
  else
    return "double";
}

/// In Druid's words.
std::string unreadable_number(const RawValue& value, std::string_view type, const std::string& dimension) {
  std::string scratch;
  const std::string text(text_of(value, scratch).value_or("null"));
  const std::string word(type);
  if (value.kind == RawValue::Kind::kList)
    return "Could not ingest value [" + text + "] as " + word + " for dimension [" + dimension + "]. A " + word +
           " column cannot have multiple values in the same row.";
  const std::string problem =
      "Could not convert value [" + text + "] to " + word + " for dimension [" + dimension + "].";
  if (value.kind == RawValue::Kind::kText) return problem;
  return problem + " Invalid type: [class " + std::string(java_class(value)) + "]";
}

}  // namespace

std::unique_ptr<LiveDimension> LiveDimension::make(const DimensionSchema& schema) {
  switch (schema.type) {
    case ValueType::kString:
      return std::make_unique<LiveStringDimension>(schema);
    case ValueType::kLong:
      return std::make_unique<LiveNumericDimension<std::int64_t>>(schema);
    case ValueType::kFloat:
      return std::make_unique<LiveNumericDimension<float>>(schema);
    case ValueType::kDouble:
      return std::make_unique<LiveNumericDimension<double>>(schema);
    case ValueType::kVariant:
      return std::make_unique<LiveStructuredDimension>(schema);
    case ValueType::kComplex:
      break;
  }
  throw Error(ErrorCategory::kDefensive, "A dimension of this type cannot be ingested: " + schema.name);
}

void LiveStringDimension::take(std::uint32_t place, const RawValue& value, std::vector<std::string>&) {
  using Kind = RawValue::Kind;
  if (place == 0) waiting_bytes_used_ = 0;
  if (value.kind == Kind::kText || (value.kind == Kind::kLong && !value.text.empty()))
    return take_text(place, value.text);
  if (value.kind == Kind::kList) return take_code(place, code_of_list(value.list));
  if (value.kind != Kind::kLong) {
    const auto text = text_of(value, scratch_);
    return text ? take_text(place, *text)
                : wait(place, storage::KeptText::null(), storage::GrowingTexts::hash_of(storage::KeptText::null()));
  }
  std::array<char, 20> digits;  // of a negative number of 19 digits
  const char* end = std::to_chars(digits.begin(), digits.end(), value.integer).ptr;
  take_text(place, std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

void LiveStringDimension::take_code(std::uint32_t place, std::uint32_t code) {
  waiting_texts_[place] = {storage::KeptText::null(), 0, true};
  waiting(place) = {.bits = code};
}

void LiveStringDimension::take_text(std::uint32_t place, std::string_view text) {
  if (text.size() > storage::KeptText::kInlineMax) return take_long_text(place, text);
  const storage::KeptText kept = storage::KeptText::of(text);
  wait(place, kept, storage::GrowingTexts::hash_of(kept));
}

void LiveStringDimension::take_long_text(std::uint32_t place, std::string_view text) {
  const auto hash = storage::GrowingTexts::hash_of(storage::KeptText::of(text));
  if (text.size() > kWaitingBytes - waiting_bytes_used_)
    return take_code(place, dictionary_.add(storage::KeptText::of(text), hash));
  if (!waiting_bytes_) waiting_bytes_ = std::make_unique_for_overwrite<char[]>(kWaitingBytes);
  char* copy = waiting_bytes_.get() + waiting_bytes_used_;
  std::memcpy(copy, text.data(), text.size());
  waiting_bytes_used_ += text.size();
  wait(place, storage::KeptText::of(std::string_view(copy, text.size())), hash);
}

/// In three passes: slots of the dictionary, the texts that they name, and what is equal.
void LiveStringDimension::resolve(std::uint32_t count) {
  for (std::uint32_t place = 0; place < count; ++place) dictionary_.prefetch_slot(waiting_texts_[place].hash);
  for (std::uint32_t place = 0; place < count; ++place) dictionary_.prefetch_text(waiting_texts_[place].hash);
  for (std::uint32_t place = 0; place < count; ++place) {
    const WaitingText& waits = waiting_texts_[place];
    if (!waits.has_id) waiting(place) = {.bits = dictionary_.add(waits.text, waits.hash)};
  }
}

std::uint32_t LiveStringDimension::code_of_list(std::span<const RawValue> list) {
  if (list.empty()) {
    if (null_id_ == kNone) null_id_ = dictionary_.add(std::nullopt);
    return kEmptyList;
  }
  texts_.clear();
  for (const RawValue& element : list) {
    const auto text = text_of(element, scratch_);
    texts_.push_back(text ? std::optional<std::string>(*text) : std::nullopt);
  }
  const MultiValueHandling handling = schema().multi_value_handling;
  if (handling != MultiValueHandling::kArray)
    std::sort(texts_.begin(), texts_.end(),
              [](const auto& left, const auto& right) { return java_compare_nullable(left, right) < 0; });
  if (handling == MultiValueHandling::kSortedSet) texts_.erase(std::unique(texts_.begin(), texts_.end()), texts_.end());
  ids_.clear();
  for (const auto& text : texts_) ids_.push_back(dictionary_.add(text));
  return ids_.size() == 1 ? ids_.front() : code_of_ids();
}

/// The code of the list in ids_, which is kept now where it is new.
std::uint32_t LiveStringDimension::code_of_ids() {
  const std::uint64_t hash = hash_of_ids(ids_);
  const auto [begin, end] = lists_by_hash_.equal_range(hash);
  for (auto entry = begin; entry != end; ++entry) {
    const std::uint32_t number = entry->second;
    if (list_size(number) != ids_.size()) continue;
    std::uint32_t position = 0;
    while (position < ids_.size() && list_id(number, position) == ids_[position]) ++position;
    if (position == ids_.size()) return number | kListBit;
  }
  if (list_ids_.size() > INT32_MAX - ids_.size())
    throw Error(ErrorCategory::kCapacityExceeded,
                "Too many values in one index: lower maxRowsInMemory. Dimension: " + schema().name);
  const std::uint32_t number = list_count();
  for (const std::uint32_t id : ids_) list_ids_.push_back(id);
  list_ends_.push_back(list_ids_.size());
  lists_by_hash_.emplace(hash, number);
  return number | kListBit;
}

void LiveStringDimension::append(std::uint32_t begin, std::uint32_t end) {
  std::array<std::uint32_t, kWaitingMax> codes;
  for (std::uint32_t place = begin; place < end; ++place) {
    const auto code = static_cast<std::uint32_t>(waiting(place).bits);
    codes[place] = code;
    has_lists_ = has_lists_ || ((code & kListBit) != 0 && code != kEmptyList);
  }
  codes_.append(codes.data() + begin, end - begin);
}

void LiveStringDimension::mix_keys(std::uint64_t* hashes, std::uint32_t count) const noexcept {
  for (std::uint32_t place = 0; place < count; ++place)
    hashes[place] = mix(hashes[place], rollup_key(waiting(place).bits));
}

bool LiveStringDimension::has_key(std::uint32_t row, std::uint32_t place) const noexcept {
  return rollup_key(codes_[row]) == rollup_key(waiting(place).bits);
}

std::size_t LiveStringDimension::size_bytes() const noexcept {
  constexpr std::size_t kListEntryBytes = 48;  // in the table of lists
  return dictionary_.size_bytes() + std::size_t{codes_.size()} * 4 + std::size_t{list_ids_.size()} * 4 +
         std::size_t{list_count()} * kListEntryBytes;
}

template <class T>
void LiveNumericDimension<T>::take(std::uint32_t place, const RawValue& value, std::vector<std::string>& problems) {
  const Converted<T> converted = dimension_number<T>(value);
  if (converted.failed) problems.push_back(unreadable_number(value, type_word<T>(), schema().name));
  const bool null = converted.failed || converted.null;
  waiting(place) = {.bits = null ? 0 : bits_of(converted.value), .null = null};
}

template <class T>
void LiveNumericDimension<T>::append(std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t place = begin; place < end; ++place) {
    const DimensionKey& key = waiting(place);
    values_.push_back(value_of<T>(key.bits));
    nulls_.push_back(key.null ? 1 : 0);
    has_nulls_ = has_nulls_ || key.null;
  }
}

template <class T>
void LiveNumericDimension<T>::mix_keys(std::uint64_t* hashes, std::uint32_t count) const noexcept {
  for (std::uint32_t place = 0; place < count; ++place)
    hashes[place] = mix(hashes[place], waiting(place).bits + std::uint64_t{waiting(place).null});
}

template <class T>
bool LiveNumericDimension<T>::has_key(std::uint32_t row, std::uint32_t place) const noexcept {
  return waiting(place) == DimensionKey{.bits = bits_of(values_[row]), .null = nulls_[row] != 0};
}

template class LiveNumericDimension<std::int64_t>;
template class LiveNumericDimension<float>;
template class LiveNumericDimension<double>;

}  // namespace sarsen::ingest
