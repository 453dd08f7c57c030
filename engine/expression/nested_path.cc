#include "engine/expression/nested_path.h"

#include <algorithm>
#include <charconv>

#include "storage/base/error.h"

namespace sarsen::engine::expression {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(ErrorCategory::kInvalidInput,
                "Bad format, '" + std::string(text_) + "' is not a valid path: " + problem);
  }

  bool done() const noexcept { return position_ == text_.size(); }
  bool take(std::string_view piece) noexcept {
    if (!text_.substr(position_).starts_with(piece)) return false;
    position_ += piece.size();
    return true;
  }

  /// Up to the next of `ends`; not empty.
  std::string word(std::string_view ends) {
    const std::size_t end = std::min(text_.find_first_of(ends, position_), text_.size());
    if (end == position_) fail("a name is missing at position " + std::to_string(position_));
    std::string name(text_.substr(position_, end - position_));
    position_ = end;
    return name;
  }

  std::string quoted(std::string_view closing) {
    const std::size_t end = text_.find(closing, position_);
    if (end == std::string_view::npos) fail("a closing " + std::string(closing) + " is missing");
    std::string name(text_.substr(position_, end - position_));
    position_ = end + closing.size();
    return name;
  }

  std::int64_t index() {
    const std::string digits = quoted("]");
    std::int32_t value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (problem != std::errc() || end != digits.data() + digits.size()) fail("[" + digits + "] is no index");
    return value;
  }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

const Json* member(const Json& json, const std::string& name) noexcept { return json.find(name); }

const Json* element(const Json& json, std::int64_t index) noexcept {
  if (!json.is_array()) return nullptr;
  const auto size = static_cast<std::int64_t>(json.array().size());
  const std::int64_t position = index < 0 ? index + size : index;
  return position < 0 || position >= size ? nullptr : &json.array()[static_cast<std::size_t>(position)];
}

bool needs_brackets(const std::string& name) noexcept { return name.find_first_of(".'\"[]") != std::string::npos; }

}  // namespace

NestedPath NestedPath::parse(std::string_view text) {
  std::vector<Part> parts;
  if (text.empty()) return NestedPath();
  Reader reader(text);
  if (!reader.take("$")) reader.fail("it must start with '$'");
  if (text == "$.") return NestedPath();
  while (!reader.done()) {
    if (reader.take("['")) {
      parts.emplace_back(reader.quoted("']"));
    } else if (reader.take("[")) {
      parts.emplace_back(reader.index());
    } else if (reader.take(".")) {
      parts.emplace_back(reader.word(".["));
    } else {
      reader.fail("'.' or '[' is missing");
    }
  }
  return NestedPath(std::move(parts));
}

NestedPath NestedPath::parse_jq(std::string_view text) {
  std::vector<Part> parts;
  if (text.empty() || text == ".") return NestedPath();
  Reader reader(text);
  if (!text.starts_with('.')) reader.fail("it must start with '.'");
  while (!reader.done()) {
    const bool dot = reader.take(".");
    if (reader.take("?")) continue;
    if (reader.take("[\"")) {
      parts.emplace_back(reader.quoted("\"]"));
    } else if (reader.take("[")) {
      parts.emplace_back(reader.index());
    } else if (!dot) {
      reader.fail("'.' or '[' is missing");
    } else if (reader.take("\"")) {
      parts.emplace_back(reader.quoted("\""));
    } else {
      parts.emplace_back(reader.word(".[?"));
    }
  }
  return NestedPath(std::move(parts));
}

const Json* NestedPath::find(const Json& json) const noexcept {
  const Json* found = &json;
  for (const Part& part : parts_) {
    if (found == nullptr) return nullptr;
    const auto* name = std::get_if<std::string>(&part);
    found = name != nullptr ? member(*found, *name) : element(*found, std::get<std::int64_t>(part));
  }
  return found;
}

std::string NestedPath::text() const {
  std::string out = "$";
  for (const Part& part : parts_) {
    if (const auto* index = std::get_if<std::int64_t>(&part)) {
      out += "[" + std::to_string(*index) + "]";
    } else if (const auto& name = std::get<std::string>(part); needs_brackets(name)) {
      out += "['" + name + "']";
    } else {
      out += "." + name;
    }
  }
  return out;
}

}  // namespace sarsen::engine::expression
