#include <string>
#include <type_traits>

#include "engine/vector/column_sources.h"

namespace sarsen::engine {

Value value_of_view(const ValueView& view) {
  return std::visit(
      [](const auto& held) -> Value {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::monostate>) {
          return {};
        } else if constexpr (std::is_same_v<Held, std::string_view>) {
          return std::string(held);
        } else if constexpr (std::is_same_v<Held, std::span<const std::byte>>) {
          return ComplexBytes{std::string(reinterpret_cast<const char*>(held.data()), held.size())};
        } else if constexpr (std::is_same_v<Held, std::vector<std::optional<std::string_view>>>) {
          ListElements elements;
          for (const auto& element : held) elements.push_back(element ? Value(std::string(*element)) : Value());
          return List(std::move(elements));
        } else {
          return held;
        }
      },
      view);
}

}  // namespace sarsen::engine
