#include "server/api/coordinator_config.h"

#include "ingest/tasks/coordinator_config.h"
#include "server/api/audit.h"
#include "server/api/json_answer.h"

namespace sarsen::server {
namespace {

using ingest::CoordinatorConfig;
using ingest::kCoordinatorConfigName;

void post_config(ingest::TaskStorage& storage, const Request& request) {
  const Json changes = Json::parse(request.body);
  storage.change_config(
      kCoordinatorConfigName,
      [&](const std::optional<Json>& kept) { return CoordinatorConfig::parse(kept).with(JsonField(changes)).json; },
      audit_info_of(request));
}

}  // namespace

void add_coordinator_config_routes(Router& router, ingest::TaskStorage& storage) {
  const std::string path = "/druid/coordinator/v1/config";
  router.add("GET", path, Execution::kPooled, checked([&](const Request& request, ResponseWriter& writer) {
               respond(request, writer, 200, CoordinatorConfig::parse(storage.config(kCoordinatorConfigName)).json);
             }));
  router.add("POST", path, Execution::kPooled, checked([&](const Request& request, ResponseWriter& writer) {
               post_config(storage, request);
               writer.respond(200, "", "");
             }));
  router.add("GET", path + "/history", Execution::kPooled, checked([&](const Request& request, ResponseWriter& writer) {
               respond(request, writer, 200, storage.config_history(kCoordinatorConfigName, history_range_of(request)));
             }));
}

}  // namespace sarsen::server
