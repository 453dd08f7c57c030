#include "engine/query/complex_cell.h"

#include <bit>
#include <string>

#include "storage/base/base64.h"
#include "storage/base/byte_reader.h"

namespace sarsen::engine {
namespace {

constexpr std::string_view kPairs = "serializablePairLong";

/// What Druid's objects without bytes print.
JsonWriter& write_empty(std::string_view type, JsonWriter& json) {
  if (type == "thetaSketch") return json.string("AQMDAAAeAAA=");
  if (type == "arrayOfDoublesSketch") return json.string("AQEJAwQBzJP/////////fw==");
  if (type == "approximateHistogram") return json.string("/84A");
  if (type == "HLLSketch" || type.starts_with(kPairs)) return json.null();
  return json.string("");
}

JsonWriter& write_pair_value(std::string_view type, ByteReader& reader, JsonWriter& json) {
  if (type == "String") {
    const auto size = reader.read_be<std::int32_t>();  // 0 of null, less than that of an empty text
    if (size == 0) return json.null();
    const std::span<const std::byte> text = reader.bytes(size < 0 ? 0 : static_cast<std::size_t>(size));
    return json.string({reinterpret_cast<const char*>(text.data()), text.size()});
  }
  if (reader.read_byte() != 0) return json.null();
  if (type == "Long") return json.integer(reader.read_be<std::int64_t>());
  if (type == "Double") return json.number(std::bit_cast<double>(reader.read_be<std::uint64_t>()));
  return json.number(std::bit_cast<float>(reader.read_be<std::uint32_t>()));
}

void write_pair(std::string_view type, std::span<const std::byte> bytes, ResultWriter& out) {
  ByteReader reader(bytes);
  out.json().begin_object();
  out.json().key("lhs");
  out.json().integer(reader.read_be<std::int64_t>());
  out.json().key("rhs");
  write_pair_value(type, reader, out.json());
  out.json().end_object();
}

}  // namespace

void write_complex(std::string_view type, std::span<const std::byte> bytes, ResultWriter& out) {
  if (bytes.empty()) return static_cast<void>(write_empty(type, out.json()));
  if (type.starts_with(kPairs)) return write_pair(type.substr(kPairs.size()), bytes, out);
  out.json().string(base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
}

}  // namespace sarsen::engine
