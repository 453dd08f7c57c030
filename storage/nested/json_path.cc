#include "storage/nested/json_path.h"

#include <charconv>

#include "storage/base/error.h"

namespace sarsen::storage {

namespace {

[[noreturn]] void refuse(std::string_view text) {
  throw Error(ErrorCategory::kRuntimeFailure, "not a path to a field: " + std::string(text));
}

// Steps through the text of one path.
class PathScanner {
 public:
  explicit PathScanner(std::string_view text) : text_(text), rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }
  bool next_is(std::string_view prefix) const noexcept { return rest_.starts_with(prefix); }

  bool accept(std::string_view prefix) noexcept {
    if (!next_is(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }

  /// Up to the first of `ends`, or to the end; not empty.
  std::string take_until_any(std::string_view ends) {
    const std::string taken(rest_.substr(0, rest_.find_first_of(ends)));
    if (taken.empty()) refuse(text_);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  /// Up to the first `closing` with which a part can end: a name may hold the same characters.
  std::string take_quoted(std::string_view closing) {
    for (std::size_t position = rest_.find(closing); position != std::string_view::npos;
         position = rest_.find(closing, position + 1)) {
      const std::string_view behind = rest_.substr(position + closing.size());
      if (!behind.empty() && behind[0] != '.' && behind[0] != '[') continue;
      std::string taken(rest_.substr(0, position));
      rest_ = behind;
      return taken;
    }
    refuse(text_);
  }

  std::uint32_t take_index() {
    std::uint32_t index = 0;
    const auto [end, problem] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), index);
    if (problem != std::errc()) refuse(text_);
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    if (!accept("]")) refuse(text_);
    return index;
  }

 private:
  std::string_view text_;
  std::string_view rest_;
};

}  // namespace

JsonPath parse_json_path(std::string_view text) {
  PathScanner scanner(text);
  if (!scanner.accept("$")) refuse(text);
  JsonPath path;
  if (text == "$.") return path;
  while (!scanner.at_end()) {
    if (scanner.accept("['") || scanner.accept(".['")) {
      path.emplace_back(scanner.take_quoted("']"));
    } else if (scanner.accept("[")) {
      path.emplace_back(scanner.take_index());
    } else if (scanner.accept(".")) {
      path.emplace_back(scanner.take_until_any(".["));
    } else {
      refuse(text);
    }
  }
  return path;
}

JsonPath parse_jq_path(std::string_view text) {
  PathScanner scanner(text);
  JsonPath path;
  if (text == ".") return path;
  if (scanner.next_is(".[")) scanner.accept(".");
  while (!scanner.at_end()) {
    if (scanner.accept(".\"")) {
      path.emplace_back(scanner.take_quoted("\""));
    } else if (scanner.accept("[")) {
      path.emplace_back(scanner.take_index());
    } else {
      refuse(text);
    }
  }
  return path;
}

std::string json_path_text(const JsonPath& path) {
  std::string text = "$";
  for (const JsonPathPart& part : path) {
    if (const auto* index = std::get_if<std::uint32_t>(&part)) {
      text += "[" + std::to_string(*index) + "]";
      continue;
    }
    const std::string& name = std::get<std::string>(part);
    const bool plain = name.find_first_of(".'\"[]") == std::string::npos;
    text += plain ? "." + name : "['" + name + "']";
  }
  return text;
}

}  // namespace sarsen::storage
