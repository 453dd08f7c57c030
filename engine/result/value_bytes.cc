#include "engine/result/value_bytes.h"

#include <type_traits>

namespace sarsen::engine {
namespace {

/// Lists in lists.
constexpr unsigned kDepthMax = 100;

void write_text(std::string_view text, ByteWriter& out) {
  out.write_le(static_cast<std::uint64_t>(text.size()));
  out.write(text);
}

std::string read_text(ByteReader& in) {
  const std::span<const std::byte> bytes = in.bytes(in.read_le<std::uint64_t>());
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Value read_nested(ByteReader& in, unsigned depth);

Value read_list(ByteReader& in, unsigned depth) {
  in.check(depth < kDepthMax, "list nested too deep");
  ListElements elements;
  for (std::uint64_t count = in.read_le<std::uint64_t>(); count > 0; --count)
    elements.push_back(read_nested(in, depth + 1));
  return List(std::move(elements));
}

Value read_nested(ByteReader& in, unsigned depth) {
  switch (in.read_byte()) {
    case 0:
      return {};
    case 1:
      return in.read_le<std::int64_t>();
    case 2:
      return in.read_le<float>();
    case 3:
      return in.read_le<double>();
    case 4:
      return read_text(in);
    case 5:
      return ComplexBytes{read_text(in)};
    case 6:
      return read_list(in, depth);
    case 7:
      return Nested{Json::parse(read_text(in))};
    default:
      in.check(false, "value of an unknown kind");
      return {};
  }
}

}  // namespace

void write_value(const Value& value, ByteWriter& out) {
  out.write_le(static_cast<std::uint8_t>(value.index()));
  std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) {
          write_text(held, out);
        } else if constexpr (std::is_same_v<Held, ComplexBytes>) {
          write_text(held.bytes, out);
        } else if constexpr (std::is_same_v<Held, Nested>) {
          write_text(held.json.dump(), out);
        } else if constexpr (std::is_same_v<Held, List>) {
          out.write_le(static_cast<std::uint64_t>(held.elements().size()));
          for (const Value& element : held.elements()) write_value(element, out);
        } else if constexpr (!std::is_same_v<Held, Null>) {
          out.write_le(held);
        }
      },
      value);
}

Value read_value(ByteReader& in) { return read_nested(in, 0); }

}  // namespace sarsen::engine
