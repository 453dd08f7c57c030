#pragma once
// Druid's input source http: URLs, and how one asks for them. Functions of their arguments, and of the environment
// where a password lies there.

#include <memory>
#include <vector>

#include "ingest/batch/line_reader.h"
#include "ingest/http/http_download.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// One request for each of `uris`. Throws kInvalidInput naming the field, kUnsupported for what is not built.
std::vector<HttpRequest> parse_http_input(const JsonField& json);

/// Fetches into a temporary folder below `scratch`, which goes when the reader does. How it is packed is told by the
/// suffix of the URL's path.
std::unique_ptr<LineReader> open_http_lines(const HttpRequest& request, const std::filesystem::path& scratch);

}  // namespace sarsen::ingest
