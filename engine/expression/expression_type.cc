#include "engine/expression/expression_type.h"

#include "storage/base/error.h"

namespace sarsen::engine::expression {
namespace {

/// ARRAY<ARRAY<…>> deeper than this is no type.
constexpr std::size_t kTypeDepthMax = 16;

[[noreturn]] void fail_incompatible(const Type& left, const Type& right) {
  throw Error(ErrorCategory::kInvalidInput, "Cannot implicitly cast [" + left.name() + "] to [" + right.name() + "]");
}

std::optional<std::string_view> inside(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix) || !text.ends_with('>')) return std::nullopt;
  return text.substr(prefix.size(), text.size() - prefix.size() - 1);
}

MaybeType parse_type(std::string_view text, std::size_t depth) {
  if (text == "STRING") return Type::string();
  if (text == "LONG") return Type::long_();
  if (text == "DOUBLE" || text == "FLOAT") return Type::double_();
  if (text == "COMPLEX") return Type::complex("");
  if (text == "COMPLEX<JSON>") return Type::json();  // cast() reads its type in capitals
  if (const auto name = inside(text, "COMPLEX<")) return Type::complex(std::string(*name));
  const auto element_name = inside(text, "ARRAY<");
  if (!element_name || depth == kTypeDepthMax) return std::nullopt;
  const MaybeType element = parse_type(*element_name, depth + 1);
  if (!element) return std::nullopt;
  return Type::array(*element);
}

MaybeType numeric(const Type& left, const Type& right) {
  return left.is_long() && right.is_long() ? Type::long_() : Type::double_();
}

/// Arrays, which take a scalar as one of them, and complex types, which join only with their like; nullopt: neither is
/// one.
MaybeType structured(const Type& left, const Type& right) {
  if (left.is_array() || right.is_array()) return least_restrictive(left, right);
  if (!left.is_complex() && !right.is_complex()) return std::nullopt;
  if (left.is_complex() && left.complex_name().empty()) return right;
  if (right.is_complex() && right.complex_name().empty()) return left;
  if (!(left == right)) fail_incompatible(left, right);
  return left;
}

MaybeType of_complex(const Type& left, const Type& right) {
  if (left.is_complex() && right.is_complex()) {
    if (left.complex_name().empty()) return right;
    if (right.complex_name().empty() || left == right) return left;
    fail_incompatible(left, right);
  }
  if (left.is_json() || right.is_json()) return Type::json();
  fail_incompatible(left, right);
}

}  // namespace

struct Type::Detail {
  Type element;
  std::string complex_name;
};

Type Type::array(Type element) {
  Type type(Kind::kArray);
  type.detail_ = std::make_shared<const Detail>(Detail{std::move(element), ""});
  return type;
}

Type Type::complex(std::string name) {
  Type type(Kind::kComplex);
  type.detail_ = std::make_shared<const Detail>(Detail{Type(), std::move(name)});
  return type;
}

const Type& Type::string_array() {
  static const Type type = array(string());
  return type;
}
const Type& Type::long_array() {
  static const Type type = array(long_());
  return type;
}
const Type& Type::double_array() {
  static const Type type = array(double_());
  return type;
}
const Type& Type::json() {
  static const Type type = complex("json");
  return type;
}

MaybeType Type::parse(std::string_view text) { return parse_type(text, 0); }

Type Type::of_column(const ColumnKind& kind) {
  switch (kind.type) {
    case storage::ValueType::kLong:
      return long_();
    case storage::ValueType::kFloat:
    case storage::ValueType::kDouble:
      return double_();
    case storage::ValueType::kComplex:
      return complex(kind.complex_type);
    case storage::ValueType::kVariant:
      return parse(kind.logical_type).value_or(string());
    case storage::ValueType::kString:
      break;
  }
  return string();
}

bool Type::is_json() const { return is_complex() && complex_name() == "json"; }

Type Type::element() const { return is_array() ? detail_->element : *this; }

const std::string& Type::complex_name() const {
  static const std::string kNone;
  return detail_ != nullptr ? detail_->complex_name : kNone;
}

std::string Type::name() const {
  switch (kind_) {
    case Kind::kString:
      return "STRING";
    case Kind::kLong:
      return "LONG";
    case Kind::kDouble:
      return "DOUBLE";
    case Kind::kArray:
      return "ARRAY<" + detail_->element.name() + ">";
    case Kind::kComplex:
      break;
  }
  return complex_name().empty() ? "COMPLEX" : "COMPLEX<" + complex_name() + ">";
}

bool Type::operator==(const Type& other) const {
  if (kind_ != other.kind_) return false;
  if (detail_ == other.detail_) return true;
  return is_array() ? element() == other.element() : complex_name() == other.complex_name();
}

MaybeType operator_type(const MaybeType& left, const MaybeType& right) {
  if (!left || !right) return left ? left : right;
  if (MaybeType type = structured(*left, *right)) return type;
  if (left->is_string() && right->is_string()) return Type::string();
  return numeric(*left, *right);
}

MaybeType function_type(const MaybeType& left, const MaybeType& right) {
  if (!left || !right) return left ? left : right;
  if (MaybeType type = structured(*left, *right)) return type;
  if (left->is_string() || right->is_string()) return Type::string();
  return numeric(*left, *right);
}

MaybeType least_restrictive(const MaybeType& left, const MaybeType& right) {
  if (!left || !right) return left ? left : right;
  if (left->is_complex() || right->is_complex()) return of_complex(*left, *right);
  if (left->is_array() || right->is_array()) return Type::array(*least_restrictive(left->element(), right->element()));
  if (left->is_string() || right->is_string()) return Type::string();
  return numeric(*left, *right);
}

}  // namespace sarsen::engine::expression
