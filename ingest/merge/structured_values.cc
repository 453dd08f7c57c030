#include "ingest/merge/structured_values.h"

#include <bit>
#include <cstring>

#include "storage/base/byte_writer.h"
#include "storage/base/error.h"
#include "storage/structured/structured_hash.h"

namespace sarsen::ingest {
namespace {

// The order of StructuredData in Druid.
constexpr char kText = '1';
constexpr char kNumber = '2';
constexpr char kOther = '3';

/// Java's order as byte order: a lead byte past EE stands for code units past the surrogates.
std::string java_ordered(std::string_view text) {
  std::string ordered(text);
  for (char& character : ordered) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte == 0xEE || byte == 0xEF) character = static_cast<char>(byte + 0x10);  // after F0 to F4
  }
  return ordered;
}

std::string number_key(double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number);
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  std::string key(1 + sizeof(bits), kNumber);
  store_be(reinterpret_cast<std::byte*>(key.data() + 1), (bits & kSign) != 0 ? ~bits : bits | kSign);
  return key;
}

/// Objects, arrays and booleans come in the order of a hash.
std::string hash_key(const Json& value) {
  std::string key(sizeof(std::uint64_t), '\0');
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  store_be(reinterpret_cast<std::byte*>(key.data()), storage::structured_hash(value) ^ kSign);
  return key;
}

}  // namespace

StructuredValues::StructuredValues(const storage::Column* column) : column_(column) {
  if (column == nullptr) return;
  values_ = column->structured_reader();
  if (values_ != nullptr) return;
  strings_ = column->string_reader();
  longs_ = column->long_reader();
  floats_ = column->float_reader();
  doubles_ = column->double_reader();
  if (strings_ == nullptr && longs_ == nullptr && floats_ == nullptr && doubles_ == nullptr)
    throw Error(ErrorCategory::kUnsupported, "Values of this type cannot be read: " + column->logical_type());
}

StructuredValues::~StructuredValues() = default;
StructuredValues::StructuredValues(StructuredValues&&) noexcept = default;

template <class T>
Json StructuredValues::number(storage::NumericReader<T>& reader, std::uint32_t row) {
  T scratch[64];
  std::uint64_t nulls = 0;
  const std::uint32_t begin = row / 64 * 64;
  if (reader.read_nulls(begin, row - begin + 1, &nulls) && (nulls >> (row - begin) & 1) != 0) return {};
  const T value = *reader.read(row, 1, scratch);
  if constexpr (std::is_same_v<T, std::int64_t>)
    return Json(value);
  else
    return Json(static_cast<double>(value));
}

Json StructuredValues::read(std::uint32_t row) {
  if (values_ != nullptr) return values_->read(row);
  if (longs_ != nullptr) return number(*longs_, row);
  if (floats_ != nullptr) return number(*floats_, row);
  if (doubles_ != nullptr) return number(*doubles_, row);
  if (strings_ == nullptr) return {};  // no column
  const auto text = [this](std::uint32_t id) {
    const auto value = column_->dictionary()->value(id);
    return value ? Json(*value) : Json();
  };
  if (!column_->multiple_values()) {
    std::uint32_t scratch = 0;
    return text(*strings_->read_ids(row, 1, &scratch));
  }
  const storage::StringReader::Lists lists = strings_->read_lists(row, 1);
  Json::Array values;
  for (std::uint32_t i = lists.offsets[0]; i < lists.offsets[1]; ++i) values.push_back(text(lists.ids[i]));
  if (values.empty()) return {};
  return values.size() == 1 ? values.front() : Json(std::move(values));
}

std::string structured_key(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return kText + java_ordered(value.string());
  if (value.is_number()) {
    std::string key = number_key(value.number());
    // Integers that one double cannot tell apart.
    if (value.is_integer()) {
      key.resize(key.size() + sizeof(std::int64_t));
      store_be(reinterpret_cast<std::byte*>(key.data() + key.size() - sizeof(std::int64_t)),
               static_cast<std::uint64_t>(value.integer()) ^ std::uint64_t{1} << 63);
    }
    return key;
  }
  return kOther + hash_key(value) + value.dump();
}

}  // namespace sarsen::ingest
