#include "storage/structured/field_types.h"

#include <algorithm>
#include <bit>
#include <cctype>

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kScalarBits[] = {0x01, 0x04, 0x08};  // 0x02 is not used
constexpr std::uint8_t kArrayBits[] = {0x10, 0x20, 0x40};
constexpr std::uint8_t kAnyArray = 0x70;
constexpr ScalarType kTypes[] = {ScalarType::kString, ScalarType::kLong, ScalarType::kDouble};

std::optional<ColumnShape> shape_of_bit(std::uint8_t bits) noexcept {
  for (const ScalarType type : kTypes) {
    const auto index = static_cast<std::size_t>(type);
    if (bits == kScalarBits[index]) return ColumnShape{type, false};
    if (bits == kArrayBits[index]) return ColumnShape{type, true};
  }
  return std::nullopt;
}

std::optional<ScalarType> parse_scalar_type(std::string_view name) {
  for (const ScalarType type : kTypes)
    if (name == name_of(type)) return type;
  if (name == "FLOAT") return ScalarType::kDouble;
  return std::nullopt;
}

}  // namespace

std::string name_of(ColumnShape shape) {
  const std::string name(name_of(shape.type));
  return shape.array ? "ARRAY<" + name + ">" : name;
}

std::optional<ColumnShape> parse_column_shape(std::string_view name) {
  std::string upper(name);
  for (char& byte : upper) byte = static_cast<char>(std::toupper(static_cast<unsigned char>(byte)));
  const bool array = upper.starts_with("ARRAY<") && upper.ends_with('>');
  const auto type = parse_scalar_type(array ? std::string_view(upper).substr(6, upper.size() - 7) : upper);
  if (!type) return std::nullopt;
  return ColumnShape{*type, array};
}

std::uint8_t FieldTypes::bit(ColumnShape shape) noexcept {
  const auto index = static_cast<std::size_t>(shape.type);
  return shape.array ? kArrayBits[index] : kScalarBits[index];
}

void FieldTypes::merge(const FieldTypes& other) noexcept {
  bits_ |= other.bits_;
  untyped_array_ = untyped_array_ || other.untyped_array_;
}

void FieldTypes::add(const Scalar& value) noexcept {
  if (!std::holds_alternative<std::monostate>(value)) add(ColumnShape{type_of(value), false});
}

void FieldTypes::add(const SimpleArray& array) noexcept {
  array.untyped ? add_untyped_array() : add(ColumnShape{array.type, true});
}

std::optional<ColumnShape> FieldTypes::single() const noexcept {
  if (bits_ == 0 && untyped_array_) return ColumnShape{ScalarType::kLong, true};
  const auto shape = shape_of_bit(bits_);
  return untyped_array_ && shape && !shape->array ? std::nullopt : shape;
}

bool FieldTypes::only(ColumnShape shape) const noexcept {
  return (bits_ & ~bit(shape)) == 0 && (shape.array || !untyped_array_);
}

ColumnShape FieldTypes::least_restrictive() const noexcept {
  if (bits_ == 0) return {ScalarType::kLong, true};
  const auto has = [this](std::size_t index) { return (bits_ & (kScalarBits[index] | kArrayBits[index])) != 0; };
  const ScalarType type = has(0) ? ScalarType::kString : has(2) ? ScalarType::kDouble : ScalarType::kLong;
  return {type, untyped_array_ || (bits_ & kAnyArray) != 0};
}

std::uint8_t FieldTypes::column_byte() const noexcept {
  const auto shape = shape_of_bit(bits_);
  if (!untyped_array_ || !shape || shape->array) return bits_;
  return bits_ | bit({shape->type, true});
}

std::uint8_t FieldTypes::field_byte() const noexcept {
  if (!untyped_array_ || (bits_ & kAnyArray) != 0) return bits_;
  return bits_ | bit(least_restrictive());
}

}  // namespace sarsen::storage
