#pragma once
// Druid's input source http: URLs, and how one asks for them. Functions of their arguments, of what this process
// allows, and of the environment where a password lies there.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/batch/line_reader.h"
#include "ingest/http/http_download.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// What a specification may ask for (druid.ingestion.http.*). Names are without regard to case.
struct HttpInputLimits {
  std::vector<std::string> protocols = {"http", "https"};
  std::optional<std::vector<std::string>> headers = {};  // nullopt: any
};

/// Of this process. To be called before the first specification is parsed.
void limit_http_input(HttpInputLimits limits);

/// One request for each of `uris`. Throws kInvalidInput naming the field, kUnsupported for what is not built.
std::vector<HttpRequest> parse_http_input(const JsonField& json);

/// Fetches into a temporary folder below `scratch`, which goes when the reader does. How it is packed is told by the
/// suffix of the URL's path.
std::unique_ptr<LineReader> open_http_lines(const HttpRequest& request, const std::filesystem::path& scratch);

}  // namespace sarsen::ingest
