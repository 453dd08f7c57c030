#include "server/api/lookups.h"

#include <functional>
#include <string>
#include <utility>

#include "server/api/json_answer.h"
#include "server/api/lookup_status.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using Tiers = LookupStore::Tiers;
using Lookups = LookupStore::Lookups;

/// The lookups that this node has.
Lookups served(const LookupStore& store) {
  const Tiers tiers = store.tiers().value_or(Tiers());
  const auto found = tiers.find(kLookupTier);
  return found == tiers.end() ? Lookups() : found->second;
}

Json names_of(const auto& entries) {
  Json::Array names;
  for (const auto& [name, entry] : entries) names.emplace_back(name);
  return names;
}

void post_all(LookupStore& store, const Request& request, ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  store.update(parse_lookup_tiers(JsonField(body)));
  respond(request, writer, 202, body);
}

void post_one(LookupStore& store, const Request& request, ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  store.update(
      {{request.path_values[0], {{request.path_values[1], engine::parse_registered_lookup(JsonField(body))}}}});
  writer.respond_json(202, "");
}

void get_tiers(const LookupStore& store, const Request& request, ResponseWriter& writer) {
  const std::optional<Tiers> tiers = store.tiers();
  if (request.parameter("discover").value_or("false") == "true")
    return respond(request, writer, 200, Json::Array{Json(std::string(kLookupTier))});
  if (!tiers) return respond_error(request, writer, 404, "No lookups found");
  respond(request, writer, 200, names_of(*tiers));
}

void get_all(const LookupStore& store, const Request& request, ResponseWriter& writer) {
  const std::optional<Tiers> tiers = store.tiers();
  if (!tiers) return respond_error(request, writer, 404, "No lookups found");
  respond(request, writer, 200, to_json(*tiers));
}

void get_tier(const LookupStore& store, const Request& request, ResponseWriter& writer) {
  const std::optional<Tiers> tiers = store.tiers();
  if (!tiers) return respond_error(request, writer, 404, "No lookups found");
  const auto found = tiers->find(request.path_values[0]);
  if (found == tiers->end())
    return respond_error(request, writer, 404, "Tier [" + request.path_values[0] + "] not found");
  const bool detailed = request.parameter("detailed").value_or("false") == "true";
  respond(request, writer, 200, detailed ? to_json(found->second) : names_of(found->second));
}

void get_one(const Tiers& tiers, const std::string& tier, const std::string& name, const Request& request,
             ResponseWriter& writer) {
  const auto lookups = tiers.find(tier);
  if (lookups == tiers.end() || !lookups->second.contains(name))
    return respond_error(request, writer, 404, "lookup [" + name + "] not found");
  respond(request, writer, 200, engine::to_json(lookups->second.find(name)->second));
}

void respond_removed(bool removed, const Request& request, ResponseWriter& writer) {
  if (removed) return writer.respond_json(202, "");
  respond_error(request, writer, 404, "lookup [" + request.path_values.back() + "] not found");
}

void add_coordinator_routes(Router& router, LookupStore& store) {
  const std::string config = "/druid/coordinator/v1/lookups/config";
  const auto add = [&](const char* method, const std::string& path, auto handler) {
    router.add(method, path, Execution::kPooled, checked(std::move(handler)));
  };
  add("POST", config, [&store](const Request& request, ResponseWriter& writer) { post_all(store, request, writer); });
  add("GET", config, [&store](const Request& request, ResponseWriter& writer) { get_tiers(store, request, writer); });
  add("GET", config + "/all",
      [&store](const Request& request, ResponseWriter& writer) { get_all(store, request, writer); });
  add("GET", config + "/{tier}",
      [&store](const Request& request, ResponseWriter& writer) { get_tier(store, request, writer); });
  add("DELETE", config + "/{tier}", [&store](const Request& request, ResponseWriter& writer) {
    respond_removed(store.remove_tier(request.path_values[0]), request, writer);
  });
  add("POST", config + "/{tier}/{name}",
      [&store](const Request& request, ResponseWriter& writer) { post_one(store, request, writer); });
  add("GET", config + "/{tier}/{name}", [&store](const Request& request, ResponseWriter& writer) {
    get_one(store.tiers().value_or(Tiers()), request.path_values[0], request.path_values[1], request, writer);
  });
  add("DELETE", config + "/{tier}/{name}", [&store](const Request& request, ResponseWriter& writer) {
    respond_removed(store.remove(request.path_values[0], request.path_values[1]), request, writer);
  });
}

/// {"current", "toLoad", "toDrop"}: what is to be loaded and dropped.
void post_updates(LookupStore& store, const Request& request, ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  const JsonField json(body);
  const Lookups to_load = parse_lookups(json["toLoad"]);
  for (const JsonField& name : json["toDrop"].elements()) store.remove(kLookupTier, name.string());
  if (!to_load.empty()) store.update({{std::string(kLookupTier), to_load}});
  respond(request, writer, 202, lookups_state(served(store)));
}

void post_lookups(LookupStore& store, const Lookups& lookups, const Request& request, ResponseWriter& writer) {
  store.update({{std::string(kLookupTier), lookups}});
  respond(request, writer, 202, Json::Object{{"status", "accepted"}, {"failedUpdates", Json::Object()}});
}

void add_listener_routes(Router& router, LookupStore& store) {
  const std::string base = "/druid/listen/v1/lookups";
  const auto add = [&](const char* method, const std::string& path, auto handler) {
    router.add(method, path, Execution::kPooled, checked(std::move(handler)));
  };
  add("GET", base, [&store](const Request& request, ResponseWriter& writer) {
    respond(request, writer, 200, lookups_state(served(store)));
  });
  add("POST", base, [&store](const Request& request, ResponseWriter& writer) {
    const Json body = Json::parse(request.body);
    post_lookups(store, parse_lookups(JsonField(body)), request, writer);
  });
  add("POST", base + "/updates",
      [&store](const Request& request, ResponseWriter& writer) { post_updates(store, request, writer); });
  add("GET", base + "/{name}", [&store](const Request& request, ResponseWriter& writer) {
    get_one({{std::string(kLookupTier), served(store)}}, std::string(kLookupTier), request.path_values[0], request,
            writer);
  });
  add("POST", base + "/{name}", [&store](const Request& request, ResponseWriter& writer) {
    const Json body = Json::parse(request.body);
    post_lookups(store, {{request.path_values[0], engine::parse_registered_lookup(JsonField(body))}}, request, writer);
  });
  add("DELETE", base + "/{name}", [&store](const Request& request, ResponseWriter& writer) {
    if (!store.remove(kLookupTier, request.path_values[0]))
      return respond_error(request, writer, 404, "lookup [" + request.path_values[0] + "] not found");
    respond(request, writer, 202, Json(request.path_values[0]));
  });
}

/// As Java prints a collection: [a, b].
template <class TextOf>
std::string java_list(const engine::Lookup& lookup, TextOf text_of) {
  std::string text = "[";
  for (const auto& entry : lookup.entries()) text += (text.size() > 1 ? ", " : "") + text_of(entry);
  return text + "]";
}

Json map_of(const engine::Lookup& lookup) {
  Json::Object map;
  for (const auto& [key, value] : lookup.entries()) map.emplace_back(key, value);
  return map;
}

void add_introspection_routes(Router& router, LookupStore& store) {
  const std::string base = "/druid/v1/lookups/introspect/{name}";
  const auto add = [&](const std::string& path, auto answer) {
    router.add("GET", path, Execution::kInline, [&store, answer](const Request& request, ResponseWriter& writer) {
      const Lookups lookups = served(store);
      const auto found = lookups.find(request.path_values[0]);
      if (found == lookups.end())
        return respond_error(request, writer, 404, "lookup [" + request.path_values[0] + "] not found");
      answer(found->second, request, writer);
    });
  };
  using engine::RegisteredLookup;
  using Entry = engine::Lookup::Entries::value_type;
  add(base, [](const RegisteredLookup& lookup, const Request& request, ResponseWriter& writer) {
    respond(request, writer, 200, map_of(*lookup.lookup));
  });
  add(base + "/keys", [](const RegisteredLookup& lookup, const Request&, ResponseWriter& writer) {
    writer.respond_json(200, java_list(*lookup.lookup, [](const Entry& entry) { return entry.first; }));
  });
  add(base + "/values", [](const RegisteredLookup& lookup, const Request&, ResponseWriter& writer) {
    writer.respond_json(200, java_list(*lookup.lookup, [](const Entry& entry) { return entry.second; }));
  });
  add(base + "/version", [](const RegisteredLookup& lookup, const Request& request, ResponseWriter& writer) {
    respond(request, writer, 200, Json::Object{{"version", lookup.version}});
  });
}

}  // namespace

void add_lookup_routes(Router& router, LookupStore& store) {
  add_coordinator_routes(router, store);
  add_lookup_status_routes(router, store);
  add_listener_routes(router, store);
  add_introspection_routes(router, store);
}

}  // namespace sarsen::server
