#include "engine/result/value.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <type_traits>

#include "storage/base/base64.h"

namespace sarsen::engine {
namespace {

const ListElements kNoElements;

}  // namespace

List::List(ListElements elements) : elements_(std::make_shared<const ListElements>(std::move(elements))) {}

const ListElements& List::elements() const noexcept { return elements_ != nullptr ? *elements_ : kNoElements; }

bool List::operator==(const List& other) const noexcept {
  return std::ranges::equal(elements(), other.elements(), equal_values);
}

bool equal_values(const Value& left, const Value& right) noexcept {
  if (left.index() != right.index()) return false;
  return std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        const Held& other = std::get<Held>(right);
        if constexpr (std::is_same_v<Held, double>) {
          return std::bit_cast<std::uint64_t>(held) == std::bit_cast<std::uint64_t>(other);
        } else if constexpr (std::is_same_v<Held, float>) {
          return std::bit_cast<std::uint32_t>(held) == std::bit_cast<std::uint32_t>(other);
        } else {
          return held == other;
        }
      },
      left);
}

std::size_t hash_value(const Value& value) noexcept {
  return std::visit(
      [](const auto& held) -> std::size_t {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, Null>) {
          return 0;
        } else if constexpr (std::is_same_v<Held, ComplexBytes>) {
          return std::hash<std::string>{}(held.bytes);
        } else if constexpr (std::is_same_v<Held, double>) {
          return std::hash<std::uint64_t>{}(std::bit_cast<std::uint64_t>(held));
        } else if constexpr (std::is_same_v<Held, float>) {
          return std::hash<std::uint32_t>{}(std::bit_cast<std::uint32_t>(held));
        } else if constexpr (std::is_same_v<Held, List>) {
          std::size_t hash = 1;
          for (const Value& element : held.elements()) hash = hash * 31 + hash_value(element);
          return hash;
        } else if constexpr (std::is_same_v<Held, Nested>) {
          return std::hash<std::string>{}(held.json.dump());
        } else {
          return std::hash<Held>{}(held);
        }
      },
      value);
}

Json json_of(const Value& value) {
  return std::visit(
      [](const auto& held) -> Json {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, Null>) {
          return nullptr;
        } else if constexpr (std::is_same_v<Held, ComplexBytes>) {
          return base64(held.bytes);
        } else if constexpr (std::is_same_v<Held, float>) {
          return static_cast<double>(held);
        } else if constexpr (std::is_same_v<Held, List>) {
          Json::Array elements;
          for (const Value& element : held.elements()) elements.push_back(json_of(element));
          return elements;
        } else if constexpr (std::is_same_v<Held, Nested>) {
          return held.json;
        } else {
          return held;
        }
      },
      value);
}

Value value_of(const Json& json) {
  if (json.is_null()) return {};
  if (json.is_bool()) return std::int64_t{json.boolean()};
  if (json.is_integer()) return json.integer();
  if (json.is_double()) return json.number();
  if (json.is_string()) return json.string();
  if (!json.is_array()) return Nested{json};
  ListElements elements;
  for (const Json& element : json.array()) elements.push_back(value_of(element));
  return List(std::move(elements));
}

}  // namespace sarsen::engine
