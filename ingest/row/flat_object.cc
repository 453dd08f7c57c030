#include "ingest/row/flat_object.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "ingest/row/json_text.h"

namespace sarsen::ingest {
namespace {

static_assert(ExpectedKey::kPaddingBytes <= simdjson::SIMDJSON_PADDING);

bool is_space(char byte) noexcept { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }
bool is_digit(char byte) noexcept { return static_cast<unsigned char>(byte - '0') < 10; }

/// Whether a scalar that ends here is all there is before what comes next.
bool ends(const char* end, const char* next) noexcept { return end == next || is_space(*end); }

/// Also where one of the seven bytes behind it is one: that costs time only.
bool may_have_escapes(const char* bytes, std::size_t size) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  for (std::size_t i = 0; i < size; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes + i, sizeof word);
    word ^= kOnes * '\\';
    if (((word - kOnes) & ~word & kOnes << 7) != 0) return true;
  }
  return false;
}

/// Member by member: a value that is copied as a whole just after it was put together is waited for.
void put(RawValue& out, RawValue::Kind kind, std::string_view text = {}) noexcept {
  out.kind = kind;
  out.text = text;
  out.list = {};
}

bool read_text(const char* begin, const char* next, RowArena& arena, RawValue& out) {
  const char* end = next - 1;
  while (is_space(*end)) --end;
  if (*end != '"' || end == begin) return false;
  const std::string_view content(begin + 1, static_cast<std::size_t>(end - begin - 1));
  put(out, RawValue::Kind::kText, content);
  if (!may_have_escapes(content.data(), content.size())) return true;
  const auto plain = unescape_json(std::string_view(content.data(), content.size() + 1));
  if (!plain) return false;
  put(out, RawValue::Kind::kText, arena.keep(*plain));
  return true;
}

/// Adds the digits to `value`; where they end. Eighteen of them do not overflow.
const char* read_digits(const char* digits, std::uint64_t& value) noexcept {
  for (; is_digit(*digits); ++digits) value = value * 10 + static_cast<std::uint64_t>(*digits - '0');
  return digits;
}

/// Exact: of integers that a double holds, and powers of ten that it holds, the quotient is rounded once.
double decimal(std::uint64_t digits, std::size_t fraction_size) noexcept {
  static constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                       1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
  return static_cast<double>(digits) / kPowers[fraction_size];
}

bool read_number(const char* begin, const char* next, RawValue& out) noexcept {
  constexpr std::size_t kDigitsMax = 18;
  constexpr std::uint64_t kExactMax = std::uint64_t{1} << 53;
  const bool negative = *begin == '-';
  const char* const first = begin + (negative ? 1 : 0);
  std::uint64_t digits = 0;
  const char* end = read_digits(first, digits);
  const auto size = static_cast<std::size_t>(end - first);
  if (size == 0 || size > kDigitsMax || (*first == '0' && size > 1)) return false;
  if (ends(end, next)) {
    const auto value = static_cast<std::int64_t>(digits);
    const bool as_java_writes = !negative || digits != 0;
    const std::string_view written(begin, as_java_writes ? static_cast<std::size_t>(end - begin) : 0);
    put(out, RawValue::Kind::kLong, written);
    out.integer = negative ? -value : value;
    return true;
  }
  if (*end != '.') return false;
  const char* const fraction = end + 1;
  end = read_digits(fraction, digits);
  const auto fraction_size = static_cast<std::size_t>(end - fraction);
  if (fraction_size == 0 || size + fraction_size > kDigitsMax || digits > kExactMax || !ends(end, next)) return false;
  const double value = decimal(digits, fraction_size);
  put(out, RawValue::Kind::kDouble);
  out.number = negative ? -value : value;
  return true;
}

bool is_word(const char* begin, const char* next, std::string_view word) noexcept {
  return std::memcmp(begin, word.data(), word.size()) == 0 && ends(begin + word.size(), next);
}

bool read_boolean(const char* begin, const char* next, bool value, RawValue& out) noexcept {
  if (!is_word(begin, next, value ? "true" : "false")) return false;
  put(out, RawValue::Kind::kBoolean);
  out.boolean = value;
  return true;
}

bool read_null(const char* begin, const char* next, RawValue& out) noexcept {
  if (!is_word(begin, next, "null")) return false;
  put(out, RawValue::Kind::kNull);
  return true;
}

/// The value that begins here, up to the structure that comes next.
bool read_value(const char* begin, const char* next, RowArena& arena, RawValue& out) {
  switch (*begin) {
    case '"':
      return read_text(begin, next, arena, out);
    case 't':
    case 'f':
      return read_boolean(begin, next, *begin == 't', out);
    case 'n':
      return read_null(begin, next, out);
    default:
      return read_number(begin, next, out);
  }
}

}  // namespace

/// Where the braces, colons, commas, quotes that open and scalars of a text are.
class FlatObjectReader::Structure {
 public:
  /// None where the text is not JSON as far as that shows.
  std::span<const std::uint32_t> of(const char* text, std::size_t size) {
    if (size == 0 || !reserve(size)) return {};
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text);
    if (parser_->stage1(bytes, size, simdjson::stage1_mode::regular) != simdjson::SUCCESS) return {};
    return {parser_->structural_indexes.get(), parser_->n_structural_indexes};
  }

 private:
  bool reserve(std::size_t size) {
    if (size < capacity_) return true;
    capacity_ = 0;
    const std::size_t wanted = std::max<std::size_t>(size * 2, 1024);
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, 1, parser_)) return false;
    capacity_ = wanted;
    return true;
  }

  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser_;
  std::size_t capacity_ = 0;
};

FlatObjectReader::FlatObjectReader() : structure_(std::make_unique<Structure>()) {}
FlatObjectReader::~FlatObjectReader() = default;

bool FlatObjectReader::read(const char* text, std::size_t size, const ExpectedKeys& keys, RawRow& row,
                            RowArena& arena) {
  if (keys.at(0) == nullptr) return false;
  const std::span<const std::uint32_t> structure = structure_->of(text, size);
  if (structure.empty() || text[structure[0]] != '{') return false;
  RawValue unwanted;
  std::size_t at = 1;
  for (std::size_t position = 0;; ++position, at += 4) {  // a key, its colon, its value, and a comma or the end
    const ExpectedKey* key = keys.at(position);
    if (key == nullptr || structure.size() - at < 4) return false;
    const char* written = text + structure[at];
    if (*written != '"' || !key->is(written + 1, text + size) || text[structure[at + 1]] != ':') return false;
    const char* next = text + structure[at + 3];
    RawValue& value = key->number() ? row.slot(*key->number()) : unwanted;
    if (!read_value(text + structure[at + 2], next, arena, value)) return false;
    if (*next == '}') return structure.size() == at + 4;
    if (*next != ',') return false;
  }
}

}  // namespace sarsen::ingest
