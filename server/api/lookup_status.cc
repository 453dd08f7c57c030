#include "server/api/lookup_status.h"

#include <string>

#include "server/api/json_answer.h"

namespace sarsen::server {
namespace {

Json lookup_status(bool detailed) {
  Json::Object status{{"loaded", true}};
  if (detailed) status.emplace_back("pendingNodes", Json::Array());
  return status;
}

Json tier_status(const LookupStore::Lookups& lookups, bool detailed) {
  Json::Object status;
  for (const auto& [name, lookup] : lookups) status.emplace_back(name, lookup_status(detailed));
  return status;
}

/// This node, by the name under which it was asked.
Json node_status(const Request& request, const LookupStore::Lookups& lookups) {
  return Json::Object{{std::string(request.header("Host")), lookups_state(lookups)}};
}

bool is_detailed(const Request& request) { return request.parameter("detailed").value_or("false") == "true"; }

/// What `make` makes of the lookups of each tier, or of the one in the path.
template <class Make>
Handler per_tier(const LookupStore& store, Make make) {
  return [&store, make](const Request& request, ResponseWriter& writer) {
    const LookupStore::Tiers tiers = store.tiers().value_or(LookupStore::Tiers());
    if (request.path_values.empty()) {
      Json::Object members;
      for (const auto& [tier, lookups] : tiers) members.emplace_back(tier, make(request, lookups));
      return respond(request, writer, 200, members);
    }
    const auto found = tiers.find(request.path_values[0]);
    if (found == tiers.end())
      return respond_error(request, writer, 404, "Tier [" + request.path_values[0] + "] not found");
    respond(request, writer, 200, make(request, found->second));
  };
}

}  // namespace

Json lookups_state(const LookupStore::Lookups& lookups) {
  return Json::Object{{"current", to_json(lookups)}, {"toLoad", Json::Object()}, {"toDrop", Json::Array()}};
}

void add_lookup_status_routes(Router& router, const LookupStore& store) {
  const std::string base = "/druid/coordinator/v1/lookups";
  const Handler status = per_tier(store, [](const Request& request, const LookupStore::Lookups& lookups) {
    return tier_status(lookups, is_detailed(request));
  });
  router.add("GET", base + "/status", Execution::kInline, status);
  router.add("GET", base + "/status/{tier}", Execution::kInline, status);
  router.add("GET", base + "/status/{tier}/{name}", Execution::kInline,
             [&store](const Request& request, ResponseWriter& writer) {
               const LookupStore::Tiers tiers = store.tiers().value_or(LookupStore::Tiers());
               const auto tier = tiers.find(request.path_values[0]);
               if (tier == tiers.end() || !tier->second.contains(request.path_values[1]))
                 return respond_error(request, writer, 404, "Lookup [" + request.path_values[1] + "] not found");
               respond(request, writer, 200, lookup_status(is_detailed(request)));
             });
  const Handler nodes = per_tier(store, node_status);
  router.add("GET", base + "/nodeStatus", Execution::kInline, nodes);
  router.add("GET", base + "/nodeStatus/{tier}", Execution::kInline, nodes);
}

}  // namespace sarsen::server
