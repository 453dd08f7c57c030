#include "storage/narrow/narrow_numbers.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <type_traits>
#include <vector>

#include "storage/base/error.h"
#include "storage/narrow/unnarrow.h"

namespace sarsen::storage {
namespace {

/// Columns shorter than this live in the processor's cache as they are.
constexpr std::uint32_t kRowsMin = 1 << 15;
constexpr double kDivisorMax = 1e4;

/// The nearest integer, without a branch. REQUIRES: it is within kNarrowBaseMax of 0. Added to 1.5 * 2^52, a double has
/// its ones in its last bit.
std::int64_t nearest(double number) noexcept {
  constexpr double kOnesLast = 6755399441055744.0;
  return std::bit_cast<std::int64_t>(number + kOnesLast) - std::bit_cast<std::int64_t>(kOnesLast);
}

/// The integer that `value` is when multiplied by the divisor. What is not one, not exactly, or too large, is found out
/// by comparing.
std::int64_t scaled(double value, double divisor) noexcept {
  const double product = value * divisor;
  return std::abs(product) < static_cast<double>(kNarrowBaseMax) ? nearest(product) : 0;
}
std::int64_t scaled(std::int64_t value, double) noexcept { return value; }

/// The same of a value that is known to have one: what a block of codes is made with, whenever it was dropped.
std::int64_t known_scaled(double value, double divisor) noexcept { return nearest(value * divisor); }
std::int64_t known_scaled(std::int64_t value, double) noexcept { return value; }

bool is_exact(double value, std::int64_t integer, double divisor) noexcept {
  const double back = static_cast<double>(integer) / divisor;
  return std::memcmp(&back, &value, sizeof(value)) == 0;
}
bool is_exact(std::int64_t value, std::int64_t, double) noexcept {
  return value > -kNarrowBaseMax && value < kNarrowBaseMax;
}

template <class Code, class T>
void encode_as(const T* values, std::uint32_t count, const NarrowForm& form, std::byte* out) noexcept {
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto code = static_cast<Code>(known_scaled(values[i], form.divisor) - form.base);
    std::memcpy(out + i * sizeof(Code), &code, sizeof(Code));
  }
}

template <class Code>
CodeBounds bounds_of(const Code* begin, const Code* end) noexcept {
  const auto [least, greatest] = std::minmax_element(begin, end);
  return {*least, *greatest};
}

std::optional<std::uint32_t> width_of(std::int64_t span) noexcept {
  if (span <= UINT8_MAX) return 1;
  if (span <= UINT16_MAX) return 2;
  if (span <= UINT32_MAX) return 4;
  return std::nullopt;
}

/// The least and the greatest integer of all values so far, and the divisor that makes them integers.
struct Survey {
  double divisor = 1;
  std::int64_t least = INT64_MAX;
  std::int64_t greatest = INT64_MIN;

  /// False: not all of these are integers with this divisor.
  template <class T>
  bool take(const T* values, std::uint32_t count) noexcept {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::int64_t integer = scaled(values[i], divisor);
      if (!is_exact(values[i], integer, divisor)) return false;
      least = std::min(least, integer);
      greatest = std::max(greatest, integer);
    }
    return true;
  }
};

}  // namespace

template <class T>
const NarrowForm* NarrowNumbers<T>::form() noexcept {
  const State state = state_.load(std::memory_order_acquire);
  if (state == State::kNarrow) return &form_;
  if (state != State::kUnknown || values_.size() < kRowsMin) return nullptr;
  if (rows_read_.load(std::memory_order_relaxed) < std::uint64_t{2} * values_.size()) return nullptr;
  State expected = State::kUnknown;
  if (!state_.compare_exchange_strong(expected, State::kAtWork)) return nullptr;
  const bool made = make();
  state_.store(made ? State::kNarrow : State::kWide, std::memory_order_release);
  return made ? &form_ : nullptr;
}

/// A block that cannot be decoded is for those to report who want its rows.
template <class T>
bool NarrowNumbers<T>::make() {
  const MemoryPause pause;  // the cache's, not the query's
  try {
    if (!find_form()) return false;
    for (std::uint32_t index = 0; index < block_count(); ++index) {
      if (!holds_for(index)) return false;
      ranges_.push_back(range_of(index));
    }
  } catch (const std::exception&) {
    return false;
  }
  values_.blocks().forget_decoded();
  return true;
}

template <class T>
bool NarrowNumbers<T>::find_form() {
  std::vector<T> values(kNarrowBlockRows);
  Survey survey;
  for (std::uint32_t index = 0; index < block_count();) {
    read(index, values.data());
    if (survey.take(values.data(), rows_of(index))) {
      ++index;
      continue;
    }
    if (std::is_integral_v<T> || survey.divisor >= kDivisorMax) return false;
    survey = {survey.divisor * 10};
    index = 0;
  }
  const std::optional<std::uint32_t> width = width_of(survey.greatest - survey.least);
  if (!width) return false;
  form_ = {*width, survey.least, survey.divisor, static_cast<std::uint32_t>(survey.greatest - survey.least)};
  return true;
}

template <class T>
bool NarrowNumbers<T>::holds_for(std::uint32_t index) const {
  const BlockCache::Block kept = block(index);
  std::vector<T> values(rows_of(index));
  std::vector<T> back(values.size());
  read(index, values.data());
  unnarrow({kept->bytes.get(), form_}, back.size(), back.data());
  return std::memcmp(values.data(), back.data(), values.size() * sizeof(T)) == 0;
}

template <class T>
NarrowRange NarrowNumbers<T>::range_of(std::uint32_t index) const {
  const BlockCache::Block kept = block(index);
  return visit_code_type(form_.width, [&]<class Code>(Code) {
    const auto* const codes = reinterpret_cast<const Code*>(kept->bytes.get());
    const auto [least, greatest] = std::minmax_element(codes, codes + rows_of(index));
    return NarrowRange{form_.base + *least, form_.base + *greatest};
  });
}

template <class T>
NarrowRange NarrowNumbers<T>::range(std::uint32_t begin, std::uint32_t end) const noexcept {
  NarrowRange range = ranges_[begin / kNarrowBlockRows];
  for (std::uint32_t index = begin / kNarrowBlockRows + 1; index <= (end - 1) / kNarrowBlockRows; ++index) {
    range.least = std::min(range.least, ranges_[index].least);
    range.greatest = std::max(range.greatest, ranges_[index].greatest);
  }
  return range;
}

template <class T>
BlockCache::Block NarrowNumbers<T>::block(std::uint32_t index) const {
  return BlockCache::shared().get({owner_, index}, [&] { return encode(index); });
}

/// In the cache behind all blocks.
template <class T>
BlockCache::Block NarrowNumbers<T>::bounds(std::uint32_t index) const {
  return BlockCache::shared().get({owner_, block_count() + index}, [&] {
    const BlockCache::Block codes = block(index);
    auto made = std::make_shared<DecodedBlock>();
    const std::uint32_t rows = rows_of(index), count = (rows + kNarrowBoundsRows - 1) / kNarrowBoundsRows;
    made->size = count * sizeof(CodeBounds);
    made->bytes = std::make_unique_for_overwrite<std::byte[]>(made->size);
    visit_code_type(form_.width, [&]<class Code>(Code) {
      const Code* const first = reinterpret_cast<const Code*>(codes->bytes.get());
      for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t begin = i * kNarrowBoundsRows;
        const CodeBounds bounds = bounds_of(first + begin, first + std::min(begin + kNarrowBoundsRows, rows));
        std::memcpy(made->bytes.get() + i * sizeof(bounds), &bounds, sizeof(bounds));
      }
    });
    return made;
  });
}

template <class T>
std::uint32_t NarrowNumbers<T>::rows_of(std::uint32_t index) const noexcept {
  return std::min(kNarrowBlockRows, values_.size() - index * kNarrowBlockRows);
}

template <class T>
void NarrowNumbers<T>::read(std::uint32_t index, T* out) const {
  BlockCursor cursor(values_.blocks());
  for_each_piece(cursor, index * kNarrowBlockRows, rows_of(index),
                 [&](const BlockCursor::Piece& piece, std::uint32_t offset) { values_.decode(piece, out + offset); });
}

template <class T>
BlockCache::Block NarrowNumbers<T>::encode(std::uint32_t index) const {
  const std::uint32_t rows = rows_of(index);
  std::vector<T> values(rows);
  read(index, values.data());
  auto block = std::make_shared<DecodedBlock>();
  block->size = std::size_t{rows} * form_.width;
  block->bytes = std::make_unique_for_overwrite<std::byte[]>(block->size);
  visit_code_type(form_.width,
                  [&]<class Code>(Code) { encode_as<Code>(values.data(), rows, form_, block->bytes.get()); });
  return block;
}

template class NarrowNumbers<std::int64_t>;
template class NarrowNumbers<double>;

}  // namespace sarsen::storage
