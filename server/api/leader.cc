#include "server/api/leader.h"

#include <utility>

#include "server/api/json_answer.h"
#include "storage/base/percent_encoding.h"

namespace sarsen::server {
namespace {

/// As it was asked for.
std::string target_of(const Request& request) {
  std::string target = request.path;
  for (const auto& [name, value] : request.parameters)
    target += (target.size() == request.path.size() ? "?" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
  return target;
}

void send_to(const std::optional<std::string>& leader, const Request& request, ResponseWriter& writer) {
  if (!leader || leader->empty()) return respond_error(request, writer, 503, "It is not known which server leads");
  const std::string location = *leader + target_of(request);
  const Header headers[] = {{"Location", location}};
  writer.start(307, headers);
  writer.finish();
}

}  // namespace

void add_leader_routes(Router& router, const std::string& base, const std::string& host_and_port, OtherLeader other) {
  router.add("GET", base + "/leader", Execution::kInline,
             [&host_and_port, other](const Request& request, ResponseWriter& writer) {
               const auto leader = other();
               if (leader && leader->empty()) return send_to(leader, request, writer);
               writer.respond_json(200, leader.value_or("http://" + host_and_port));
             });
  router.add("GET", base + "/isLeader", Execution::kInline, [other](const Request& request, ResponseWriter& writer) {
    const bool leads = !other();
    respond(request, writer, leads ? 200 : 404, Json::Object{{"leader", leads}});
  });
  router.guard(
      {.prefix = base + "/",
       .takes =
           [other, base](const Request& request) {
             if (request.path == base + "/leader" || request.path == base + "/isLeader") return false;
             return other().has_value();
           },
       .handler = [other](const Request& request, ResponseWriter& writer) { send_to(other(), request, writer); }});
}

}  // namespace sarsen::server
