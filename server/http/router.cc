#include "server/http/router.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "server/http/error_body.h"
#include "storage/base/json.h"

namespace sarsen::server {
namespace {

std::string_view without_final_slash(std::string_view path) noexcept {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  path.remove_prefix(std::min<std::size_t>(1, path.size()));
  while (true) {
    const std::size_t slash = path.find('/');
    segments.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool is_placeholder(std::string_view segment) noexcept { return segment.starts_with('{'); }

/// The decoded values of the placeholders; nullopt where the path does not fit.
std::optional<std::vector<std::string>> values_of(const std::vector<std::string>& pattern,
                                                  const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  std::vector<std::string> values;
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (is_placeholder(pattern[at])) {
      auto value = percent_decoded(path[at]);
      if (!value || value->empty()) return std::nullopt;
      values.push_back(std::move(*value));
    } else if (pattern[at] != path[at]) {
      return std::nullopt;
    }
  }
  return values;
}

}  // namespace

Router::Router()
    : not_found_([this](const Request& request, ResponseWriter& writer) { not_found(request, writer); }),
      wrong_method_([this](const Request& request, ResponseWriter& writer) { wrong_method(request, writer); }) {}

Router::Resource& Router::resource(std::string_view pattern) {
  const std::string_view path = without_final_slash(pattern);
  auto& group = path.find('{') == std::string_view::npos ? literal_ : patterns_;
  Resource& entry = group[std::string(path)];
  entry.pattern = path;
  entry.segments = segments_of(path);
  return entry;
}

void Router::add(std::string_view method, std::string_view pattern, Execution execution, Handler handler) {
  resource(pattern).actions.push_back({std::string(method), execution, std::move(handler)});
}

const Router::Resource* Router::find(Request& request) const {
  const std::string_view path = without_final_slash(request.path);
  if (const auto literal = literal_.find(path); literal != literal_.end()) return &literal->second;
  const std::vector<std::string> segments = segments_of(path);
  for (const auto& [pattern, entry] : patterns_) {
    if (auto values = values_of(entry.segments, segments)) {
      request.path_values = std::move(*values);
      return &entry;
    }
  }
  return nullptr;
}

Router::Match Router::match(Request& request) const {
  for (const Guard& guard : guards_)
    if (request.path.starts_with(guard.prefix) && guard.takes(request)) return {&guard.handler, Execution::kInline};
  const Resource* found = find(request);
  if (found == nullptr) return {&not_found_, Execution::kInline};
  for (const Action& action : found->actions)
    if (action.method == request.method) return {&action.handler, action.execution};
  return {&wrong_method_, Execution::kInline};
}

void Router::not_found(const Request& request, ResponseWriter& writer) const {
  std::vector<std::string> known;
  for (const auto& [path, entry] : literal_) known.push_back(path);
  const std::string message = "There is no such path: " + request.path + suggestion(request.path, known);
  writer.respond_json(404, error_body({"notFound", "USER", "NOT_FOUND", message}, style_of(request)));
}

void Router::wrong_method(const Request& request, ResponseWriter& writer) const {
  Request copy;
  copy.path = request.path;
  std::string allowed;
  for (const Action& action : find(copy)->actions) allowed += (allowed.empty() ? "" : ", ") + action.method;
  const Header headers[] = {{"Content-Type", kJsonType}, {"Allow", allowed}};
  writer.start(405, headers);
  writer.write(error_body({"invalidInput", "USER", "INVALID_INPUT",
                           "This path answers to " + allowed + ", not to " + request.method + ": " + request.path},
                          style_of(request)));
  writer.finish();
}

}  // namespace sarsen::server
