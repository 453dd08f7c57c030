#include "storage/nested/value_types.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kString = 0x01;
constexpr std::uint8_t kLong = 0x04;
constexpr std::uint8_t kDouble = 0x08;
constexpr std::uint8_t kStringArray = 0x10;
constexpr std::uint8_t kDoubleArray = 0x40;
constexpr std::uint8_t kArrays = 0x70;

}  // namespace

bool ValueTypes::arrays() const noexcept { return (bits_ & kArrays) != 0; }

ValueType ValueTypes::type() const noexcept {
  switch (bits_) {
    case kString:
      return ValueType::kString;
    case kLong:
      return ValueType::kLong;
    case kDouble:
      return ValueType::kDouble;
    default:
      return ValueType::kVariant;
  }
}

std::string ValueTypes::logical_type() const {
  std::string scalar = "LONG";
  if ((bits_ & (kDouble | kDoubleArray)) != 0) scalar = "DOUBLE";
  if ((bits_ & (kString | kStringArray)) != 0) scalar = "STRING";
  return arrays() || bits_ == 0 ? "ARRAY<" + scalar + ">" : scalar;
}

}  // namespace sarsen::storage
