#include "ingest/http/http_input.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include "storage/base/atomic_file.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

/// Druid's password providers: a text, or {"type": "default"} or {"type": "environment"}.
std::string parse_password(const JsonField& json) {
  if (!json.present()) return {};
  if (json.json().is_string()) return json.string();
  const std::string type = json["type"].string();
  if (type == "default") return json["password"].string();
  if (type != "environment")
    json["type"].fail("unknown password provider: " + type + suggestion(type, {"default", "environment"}));
  const std::string variable = json["variable"].string();
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr) json["variable"].fail("there is no environment variable of this name: " + variable);
  return value;
}

HttpInputLimits& limits() {
  static HttpInputLimits limits;
  return limits;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  return lower;
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), lower_case(name)) != names.end();
}

/// "[a, b]"
std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return "[" + list + "]";
}

void lower_all(std::vector<std::string>& names) {
  for (std::string& name : names) name = lower_case(name);
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

/// ".gz" of "http://host/a.json.gz?x=1".
std::string suffix_of(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  return fs::path(url.substr(url.rfind('/') + 1)).extension().string();
}

class FetchedLines final : public LineReader {
 public:
  FetchedLines(const HttpRequest& request, const fs::path& scratch) : folder_(scratch / "fetch") {
    const fs::path file = folder_.path() / ("body" + suffix_of(request.url));
    http_download(request, file);
    lines_ = open_lines(file);
  }

  std::optional<std::string_view> next() override { return lines_->next(); }
  std::uint64_t bytes_read() const override { return lines_->bytes_read(); }
  std::uint64_t content_bytes() const override { return lines_->content_bytes(); }

 private:
  const TemporaryDirectory folder_;
  std::unique_ptr<LineReader> lines_;
};

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
  return std::make_unique<FetchedLines>(request, scratch);
}

}  // namespace sarsen::ingest
