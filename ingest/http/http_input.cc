#include "ingest/http/http_input.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "ingest/batch/fetched_lines.h"
#include "ingest/http/password_provider.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

HttpInputLimits& limits() {
  static HttpInputLimits limits;
  return limits;
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), storage::lower_ascii(name)) != names.end();
}

/// "[a, b]"
std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return "[" + list + "]";
}

void lower_all(std::vector<std::string>& names) {
  for (std::string& name : names) name = storage::lower_ascii(name);
}

bool breaks_line(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

std::vector<std::pair<std::string, std::string>> parse_headers(const JsonField& json) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& [name, value] : json.members()) {
    if (name.empty() || name.find(':') != std::string::npos || breaks_line(name) || breaks_line(value.string()))
      value.fail("this is no header of HTTP");
    if (limits().headers && !holds(*limits().headers, name))
      value.fail("Got forbidden header [" + name + "], allowed headers are only [" + list_of(*limits().headers) +
                 "]. You can control the allowed headers by updating druid.ingestion.http.allowedHeaders");
    headers.emplace_back(name, value.string());
  }
  return headers;
}

void check_protocol(const JsonField& json, std::string_view url) {
  const std::string_view scheme = url.substr(0, url.find("://"));
  if (!holds(limits().protocols, scheme)) json.fail("Only " + list_of(limits().protocols) + " protocols are allowed");
}

std::vector<std::string> parse_urls(const JsonField& json) {
  std::vector<std::string> urls;
  if (json.present() && json.json().is_string()) {
    check_protocol(json, json.string());
    urls.push_back(json.string());
  } else {
    for (const JsonField& url : json.elements()) {
      check_protocol(url, url.string());
      urls.push_back(url.string());
    }
  }
  if (urls.empty()) json.fail("at least one URL is wanted");
  return urls;
}

}  // namespace

void limit_http_input(HttpInputLimits given) {
  lower_all(given.protocols);
  if (given.headers) lower_all(*given.headers);
  limits() = std::move(given);
}

std::vector<HttpRequest> parse_http_input(const JsonField& json) {
  const std::string user = json["httpAuthenticationUsername"].string_or("");
  const std::string password = parse_password(json["httpAuthenticationPassword"]);
  const auto headers = parse_headers(json["requestHeaders"]);
  std::vector<HttpRequest> requests;
  for (std::string& url : parse_urls(json["uris"])) requests.push_back({std::move(url), user, password, headers});
  return requests;
}

std::unique_ptr<LineReader> open_http_lines(const HttpRequest& request, const fs::path& scratch) {
  const std::string_view path = std::string_view(request.url).substr(0, request.url.find_first_of("?#"));
  return std::make_unique<FetchedLines>(scratch, path, [&](const fs::path& file) { http_download(request, file); });
}

}  // namespace sarsen::ingest
