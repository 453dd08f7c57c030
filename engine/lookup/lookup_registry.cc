#include "engine/lookup/lookup_registry.h"

#include "storage/base/error.h"

namespace sarsen::engine {

std::shared_ptr<const LookupRegistry::Lookups> LookupRegistry::snapshot() const {
  const std::lock_guard lock(mutex_);
  return lookups_;
}

LookupPtr LookupRegistry::find(std::string_view name) const {
  const std::shared_ptr<const Lookups> lookups = snapshot();
  const auto found = lookups->find(name);
  return found == lookups->end() ? nullptr : found->second.lookup;
}

void LookupRegistry::put(const std::string& name, RegisteredLookup lookup) {
  const std::lock_guard lock(mutex_);
  auto changed = std::make_shared<Lookups>(*lookups_);
  changed->insert_or_assign(name, std::move(lookup));
  lookups_ = std::move(changed);
}

bool LookupRegistry::remove(std::string_view name) {
  const std::lock_guard lock(mutex_);
  auto changed = std::make_shared<Lookups>(*lookups_);
  const auto found = changed->find(name);
  if (found == changed->end()) return false;
  changed->erase(found);
  lookups_ = std::move(changed);
  return true;
}

void LookupRegistry::replace_all(Lookups lookups) {
  auto changed = std::make_shared<const Lookups>(std::move(lookups));
  const std::lock_guard lock(mutex_);
  lookups_ = std::move(changed);
}

LookupRegistry& lookup_registry() {
  static LookupRegistry registry;
  return registry;
}

LookupPtr registered_lookup(std::string_view name) {
  LookupPtr found = lookup_registry().find(name);
  if (found == nullptr) throw Error(ErrorCategory::kInvalidInput, "Lookup [" + std::string(name) + "] not found");
  return found;
}

RegisteredLookup parse_registered_lookup(const JsonField& json) {
  return {json["version"].string_or(""), parse_lookup(json["lookupExtractorFactory"])};
}

Json to_json(const RegisteredLookup& lookup) {
  return Json::Object{{"version", lookup.version}, {"lookupExtractorFactory", lookup.lookup->to_json()}};
}

}  // namespace sarsen::engine
