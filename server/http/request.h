#pragma once
// One HTTP request as a handler sees it. The views in `headers` live as long as the call of the handler.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sarsen::server {

struct Header {
  std::string_view name;
  std::string_view value;
};

struct Request {
  std::string method;  // "POST"
  std::string path;    // as sent, without the query string; segments are percent-encoded
  std::vector<std::pair<std::string, std::string>> parameters;  // decoded, in the order sent
  std::vector<std::string> path_values;  // what the route's {…} stand for, decoded, in their order
  std::vector<Header> headers;
  std::string body;            // after Content-Encoding was undone
  std::string remote_address;  // "127.0.0.1"

  /// The first header of that name, whatever its case; "" where there is none.
  std::string_view header(std::string_view name) const noexcept;
  bool has_parameter(std::string_view name) const noexcept;
  /// The first one of that name.
  std::optional<std::string_view> parameter(std::string_view name) const noexcept;
};

/// Splits a request target ("/a/b?x=1&y") into path and decoded parameters. False where a percent escape is broken.
bool parse_target(std::string_view target, Request& request);

/// Undoes %XX; nullopt where an escape is broken. A plus stays a plus unless `plus_is_space`.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space = false);

}  // namespace sarsen::server
