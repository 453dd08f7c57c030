#include "engine/result/result_writer.h"

#include <string>
#include <type_traits>

namespace sarsen::engine {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const auto byte = [&](std::size_t k) { return k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U; };
    const unsigned triple = byte(0) << 16 | byte(1) << 8 | byte(2);
    text += kDigits[triple >> 18];
    text += kDigits[(triple >> 12) & 63];
    text += left > 1 ? kDigits[(triple >> 6) & 63] : '=';
    text += left > 2 ? kDigits[triple & 63] : '=';
  }
  return text;
}

}  // namespace

void ResultWriter::value(const Value& value) {
  std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, Null>) {
          json_.null();
        } else if constexpr (std::is_same_v<Held, std::int64_t>) {
          json_.integer(held);
        } else if constexpr (std::is_same_v<Held, std::string>) {
          json_.string(held);
        } else if constexpr (std::is_same_v<Held, ComplexBytes>) {
          json_.string(base64(held.bytes));
        } else {
          json_.number(held);
        }
      },
      value);
}

void ResultWriter::flush_if_full() {
  if (json_.text().size() >= kPieceBytes) emit_(json_.take());
}

void ResultWriter::finish() {
  json_.end_array();
  emit_(json_.take());
}

}  // namespace sarsen::engine
