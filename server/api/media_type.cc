#include "server/api/media_type.h"

#include <span>
#include <string>

#include "server/http/error_body.h"
#include "storage/base/ascii_case.h"
#include "storage/base/smile_reader.h"

namespace sarsen::server {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_json(std::string_view type) noexcept { return storage::equals_ignoring_case(type, kJsonType); }

std::string_view without_parameters(std::string_view item) noexcept { return trimmed(item.substr(0, item.find(';'))); }

bool is_smile(std::string_view type) noexcept { return type == kSmileType || type == "application/smile"; }

bool is_admitted(std::string_view accept) noexcept {
  if (trimmed(accept).empty()) return true;
  while (true) {
    const std::size_t comma = accept.find(',');
    const std::string_view type = without_parameters(accept.substr(0, comma));
    if (type == "*/*" || storage::equals_ignoring_case(type, "application/*") || is_json(type) || is_smile(type))
      return true;
    if (comma == std::string_view::npos) return false;
    accept.remove_prefix(comma + 1);
  }
}

void refuse(int status, const std::string& message, const Request& request, ResponseWriter& writer) {
  writer.respond_json(status, error_body({"invalidInput", "USER", "INVALID_INPUT", message}, style_of(request)));
}

}  // namespace

bool refuse_media_type(const Request& request, ResponseWriter& writer) {
  const std::string_view type = without_parameters(request.header("Content-Type"));
  if (!type.empty() && !is_json(type) && !is_smile(type)) {
    refuse(415, "Content-Type must be application/json or application/x-jackson-smile, but is " + std::string(type),
           request, writer);
    return true;
  }
  const std::string_view accept = request.header("Accept");
  if (!is_admitted(accept)) {
    refuse(406,
           "Answers are application/json or application/x-jackson-smile, which Accept does not admit: " +
               std::string(accept),
           request, writer);
    return true;
  }
  return false;
}

Json parse_body(const Request& request) {
  if (!is_smile(request.header("Content-Type"))) return Json::parse(request.body);
  return parse_smile(std::as_bytes(std::span(request.body)));
}

JsonStyle answer_style(const Request& request) noexcept {
  const std::string_view accept = request.header("Accept");
  return is_smile(accept.empty() ? request.header("Content-Type") : accept) ? JsonStyle::kSmile : style_of(request);
}

std::string_view content_type(JsonStyle style) noexcept { return style == JsonStyle::kSmile ? kSmileType : kJsonType; }

}  // namespace sarsen::server
