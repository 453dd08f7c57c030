#include "engine/result/result_writer.h"

#include <string>
#include <type_traits>

#include "storage/base/base64.h"

namespace sarsen::engine {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;

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
        } else if constexpr (std::is_same_v<Held, List>) {
          json_.begin_array();
          for (const Value& element : held.elements()) this->value(element);
          json_.end_array();
        } else if constexpr (std::is_same_v<Held, Nested>) {
          write_json(json_, held.json);
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
