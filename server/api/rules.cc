#include "server/api/rules.h"

#include <functional>
#include <string>
#include <utility>

#include "server/api/audit.h"
#include "server/api/json_answer.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using ingest::HistoryRange;
using ingest::RuleStore;

constexpr const char* kBase = "/druid/coordinator/v1/rules";

Json all_rules(const RuleStore& rules) {
  Json::Object members;
  for (const auto& [name, of_source] : rules.all()) members.emplace_back(name, ingest::to_json(of_source));
  return members;
}

void set_rules(RuleStore& rules, const Request& request) {
  const Json body = Json::parse(request.body);
  if (!body.is_array()) throw Error(ErrorCategory::kInvalidInput, "The body must be an array of rules");
  rules.set(request.path_values[0], ingest::parse_rules(JsonField(body)), audit_info_of(request));
}

HistoryRange parse_range(const Request& request) {
  HistoryRange range = history_range_of(request);
  if (!request.path_values.empty()) range.key = request.path_values[0];
  return range;
}

}  // namespace

void add_rule_routes(Router& router, RuleStore& rules, ingest::Retention& retention) {
  const auto route = [&router](const char* method, const std::string& path,
                               std::function<void(const Request&, ResponseWriter&)> handler) {
    router.add(method, kBase + path, Execution::kPooled, checked(std::move(handler)));
  };
  const auto history = [&rules](const Request& request, ResponseWriter& writer) {
    respond(request, writer, 200, rules.history(parse_range(request)));
  };
  route("GET", "",
        [&rules](const Request& request, ResponseWriter& writer) { respond(request, writer, 200, all_rules(rules)); });
  route("GET", "/history", history);
  route("GET", "/{name}/history", history);
  route("GET", "/{name}", [&rules](const Request& request, ResponseWriter& writer) {
    const std::string& name = request.path_values[0];
    respond(request, writer, 200,
            ingest::to_json(request.has_parameter("full") ? rules.with_default(name) : rules.rules(name)));
  });
  route("POST", "/{name}", [&rules, &retention](const Request& request, ResponseWriter& writer) {
    set_rules(rules, request);
    retention.wake();
    writer.respond(200, "", "");
  });
}

}  // namespace sarsen::server
