#include "server/api/lookup_store.h"

#include <utility>

#include "storage/base/atomic_file.h"
#include "storage/base/error.h"
#include "storage/base/whole_file.h"

namespace sarsen::server {
namespace {

using engine::RegisteredLookup;

/// A greater version replaces a lesser one; the same lookup once more is no change.
void check_replaceable(const std::string& tier, const std::string& name, const RegisteredLookup& old,
                       const RegisteredLookup& fresh) {
  if (fresh.version > old.version || engine::to_json(old).dump() == engine::to_json(fresh).dump()) return;
  throw Error(ErrorCategory::kInvalidInput, "given update for lookup [" + tier + "]:[" + name +
                                                "] can't replace existing spec, its version is [" + old.version +
                                                "] and the new one [" + fresh.version + "]");
}

LookupStore::Tiers read_tiers(const std::filesystem::path& file) {
  try {
    const Json document = Json::parse(read_whole_file(file));
    return parse_lookup_tiers(JsonField(document));
  } catch (const Error& error) {
    throw Error(ErrorCategory::kRuntimeFailure, "Cannot read the lookups: " + file.string() + ": " + error.what());
  }
}

}  // namespace

LookupStore::LookupStore(std::filesystem::path file, engine::LookupRegistry& registry)
    : file_(std::move(file)), registry_(registry) {
  if (!std::filesystem::exists(file_)) return;
  tiers_ = read_tiers(file_);
  publish();
}

std::optional<LookupStore::Tiers> LookupStore::tiers() const {
  const std::lock_guard lock(mutex_);
  return tiers_;
}

/// REQUIRES: mutex_ is held.
void LookupStore::commit(Tiers tiers) {
  write_file_atomically(file_, to_json(tiers).dump());
  tiers_ = std::move(tiers);
  publish();
}

void LookupStore::publish() {
  const auto served = tiers_->find(kLookupTier);
  registry_.replace_all(served == tiers_->end() ? Lookups() : served->second);
}

void LookupStore::update(const Tiers& changes) {
  const std::lock_guard lock(mutex_);
  Tiers tiers = tiers_.value_or(Tiers());
  for (const auto& [tier, lookups] : changes)
    for (const auto& [name, lookup] : lookups) {
      const auto [entry, added] = tiers[tier].try_emplace(name, lookup);
      if (added) continue;
      check_replaceable(tier, name, entry->second, lookup);
      entry->second = lookup;
    }
  commit(std::move(tiers));
}

bool LookupStore::remove_tier(std::string_view tier) {
  const std::lock_guard lock(mutex_);
  if (!tiers_ || !tiers_->contains(tier)) return false;
  Tiers tiers = *tiers_;
  tiers.erase(tiers.find(tier));
  commit(std::move(tiers));
  return true;
}

bool LookupStore::remove(std::string_view tier, std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (!tiers_) return false;
  Tiers tiers = *tiers_;
  const auto found = tiers.find(tier);
  if (found == tiers.end() || !found->second.contains(name)) return false;
  found->second.erase(found->second.find(name));
  commit(std::move(tiers));
  return true;
}

LookupStore::Lookups parse_lookups(const JsonField& json) {
  LookupStore::Lookups lookups;
  for (const auto& [name, lookup] : json.members())
    lookups.insert_or_assign(name, engine::parse_registered_lookup(lookup));
  return lookups;
}

LookupStore::Tiers parse_lookup_tiers(const JsonField& json) {
  LookupStore::Tiers tiers;
  for (const auto& [tier, lookups] : json.members()) tiers.insert_or_assign(tier, parse_lookups(lookups));
  return tiers;
}

Json to_json(const LookupStore::Lookups& lookups) {
  Json::Object members;
  for (const auto& [name, lookup] : lookups) members.emplace_back(name, engine::to_json(lookup));
  return members;
}

Json to_json(const LookupStore::Tiers& tiers) {
  Json::Object members;
  for (const auto& [tier, lookups] : tiers) members.emplace_back(tier, to_json(lookups));
  return members;
}

}  // namespace sarsen::server
