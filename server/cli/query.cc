#include "server/cli/query.h"

#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "engine/exec/worker_pool.h"
#include "engine/query/query.h"
#include "engine/query/query_engine.h"
#include "server/cli/exit_status.h"
#include "server/cli/result_table.h"
#include "server/cli/served_segments.h"
#include "server/cli/text_file.h"
#include "server/http/http_client.h"
#include "storage/base/error.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {
namespace {

constexpr std::string_view kDefaultUrl = "http://127.0.0.1:8082";
constexpr int kOk = 200;

OutputFormat format_of(const QueryOptions& options) {
  if (options.format != OutputFormat::kAutomatic) return options.format;
  return ::isatty(STDOUT_FILENO) != 0 ? OutputFormat::kTable : OutputFormat::kJson;
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void print_table(const std::string& answer, const std::string& pretty_otherwise) {
  const auto table = result_table(Json::parse(answer));
  print(table ? *table : pretty_otherwise + "\n");
}

/// The answer in whole: `Error` with the server's words where it is one.
std::string ask_server(const std::string& url_text, const std::string& body, JsonStyle style) {
  const HttpUrl url = parse_http_url(url_text);
  std::string path = url.path.empty() || url.path == "/" ? "/druid/v2/" : url.path;
  if (style == JsonStyle::kPretty) path += path.find('?') == std::string::npos ? "?pretty" : "&pretty";
  const HttpAnswer answer = http_post(url, path, body);
  if (answer.status == kOk) return answer.body;
  std::string message = answer.body;
  try {
    const Json json = Json::parse(answer.body);
    if (const Json* text = json.find("errorMessage"); text != nullptr && text->is_string()) message = text->string();
  } catch (const Error&) {  // not JSON: shown as it is
  }
  throw Error(ErrorCategory::kRuntimeFailure, "The server answered " + std::to_string(answer.status) + ": " + message);
}

/// A query on segments, without a server.
class OfflineEngine {
 public:
  explicit OfflineEngine(const std::vector<std::string>& folders) : engine_(catalog_, pool_) {
    serve_segments(folders, catalog_);
  }

  void run(const std::string& body, JsonStyle style, const std::function<void(std::string_view)>& emit) {
    const engine::QueryPtr query = engine::parse_query(Json::parse(body));
    engine::QueryControl control;
    engine_.run(*query, control, style, emit);
  }

  std::string answer(const std::string& body, JsonStyle style) {
    std::string text;
    run(body, style, [&text](std::string_view piece) { text += piece; });
    return text;
  }

 private:
  storage::Catalog catalog_;
  engine::WorkerPool pool_;
  engine::QueryEngine engine_;
};

int query_offline(const QueryOptions& options, const std::string& body, OutputFormat format) {
  OfflineEngine engine(options.segments);
  if (format == OutputFormat::kTable) {
    print_table(engine.answer(body, JsonStyle::kCompact), engine.answer(body, JsonStyle::kPretty));
  } else {
    engine.run(body, format == OutputFormat::kPretty ? JsonStyle::kPretty : JsonStyle::kCompact, print);
    print("\n");
  }
  return kSuccess;
}

int query_server(const QueryOptions& options, const std::string& body, OutputFormat format) {
  const std::string url = options.url.empty() ? std::string(kDefaultUrl) : options.url;
  const std::string answer =
      ask_server(url, body, format == OutputFormat::kJson ? JsonStyle::kCompact : JsonStyle::kPretty);
  if (format == OutputFormat::kTable)
    print_table(answer, answer);
  else
    print(answer + "\n");
  return kSuccess;
}

}  // namespace

int query(const QueryOptions& options) {
  const std::string body = read_text(options.file);
  const OutputFormat format = format_of(options);
  return options.segments.empty() ? query_server(options, body, format) : query_offline(options, body, format);
}

}  // namespace sarsen::server
