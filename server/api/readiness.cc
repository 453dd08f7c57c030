#include "server/api/readiness.h"

#include <string>

namespace sarsen::server {
namespace {

void add_answer(Router& router, std::string_view path, std::string_view body) {
  router.add("GET", path, Execution::kInline, [body](const Request&, ResponseWriter& writer) {
    writer.respond(200, body.empty() ? std::string_view() : kJsonType, body);
  });
}

}  // namespace

void add_readiness_routes(Router& router) {
  add_answer(router, "/druid/broker/v1/loadstatus", R"({"inventoryInitialized":true})");
  add_answer(router, "/druid/broker/v1/readiness", "");
  add_answer(router, "/druid/historical/v1/loadstatus", R"({"cacheInitialized":true})");
  add_answer(router, "/druid/historical/v1/readiness", "");
}

}  // namespace sarsen::server
