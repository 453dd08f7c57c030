#pragma once
// How a column's numbers are kept in few bytes: a number is (base + code) / divisor.

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace sarsen::storage {

struct NarrowForm {
  std::uint32_t width;                  // bytes of a code: 1, 2 or 4, unsigned, as this machine stores them
  std::int64_t base;                    // within kNarrowBaseMax of 0, so that base + code is exact as a double
  double divisor;                       // a power of ten; 1 for longs
  std::uint32_t greatest = UINT32_MAX;  // no code is above
};

inline constexpr std::int64_t kNarrowBaseMax = std::int64_t{1} << 51;

/// T is double, or std::int64_t where the divisor is 1.
template <class T>
inline T number_of_code(const NarrowForm& form, std::uint32_t code) noexcept {
  const std::int64_t number = form.base + std::int64_t{code};
  return std::is_same_v<T, double> ? static_cast<T>(static_cast<double>(number) / form.divisor)
                                   : static_cast<T>(number);
}

/// The least and the greatest of some integers (base + code).
struct NarrowRange {
  std::int64_t least;
  std::int64_t greatest;
};

/// Calls visit(Code{}), Code being the type of codes of that width.
template <class Visit>
[[gnu::always_inline]] inline auto visit_code_type(std::uint32_t width, Visit visit) {
  if (width == 1) return visit(std::uint8_t{});
  if (width == 2) return visit(std::uint16_t{});
  return visit(std::uint32_t{});
}

/// Codes of neighbouring rows.
struct NarrowCodes {
  const std::byte* codes;  // nullptr: there are none
  NarrowForm form;
};

/// Of the codes of some rows.
struct CodeBounds {
  std::uint32_t least;
  std::uint32_t greatest;
};

}  // namespace sarsen::storage
