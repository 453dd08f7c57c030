#include "ingest/metadata/overlord_lease.h"

#include <utility>

#include "storage/base/json.h"

namespace sarsen::ingest {
namespace {

constexpr const char* kRowName = "sarsen.overlord";

std::string field(const std::string& row, const char* name) {
  const Json json = Json::parse(row);
  return JsonField(json)[name].string_or("");
}

}  // namespace

OverlordLease::OverlordLease(const MetadataConfig& config, std::string holder, std::string url)
    : holder_(std::move(holder)), url_(std::move(url)), database_(config) {}

void OverlordLease::look() {
  const std::lock_guard lock(mutex_);
  const std::string mine = Json(Json::Object{{"holder", holder_}, {"url", url_}, {"beat", beat_ + 1}}).dump();
  std::string found;
  bool takes = false;
  database_.transaction([&] {
    const auto rows = database_.run("SELECT payload FROM $config WHERE name = ?", {{kRowName}});
    found = rows.empty() ? std::string() : rows.front().front();
    const bool is_mine = rows.empty() || field(found, "holder") == holder_;
    takes = is_mine || (found == seen_ && looks_ + 1 >= kLooksMax);
    if (takes && rows.empty())
      database_.run("INSERT INTO $config (name, payload) VALUES (?, ?)", {{kRowName}, {mine, true}});
    else if (takes)
      database_.run("UPDATE $config SET payload = ? WHERE name = ?", {{mine, true}, {kRowName}});
  });
  looks_ = found == seen_ ? looks_ + 1 : 0;
  seen_ = takes ? std::string() : found;
  beat_ += takes ? 1 : 0;
  set_other(takes ? std::nullopt : std::optional(field(found, "url")));
}

void OverlordLease::leave() {
  const std::lock_guard lock(mutex_);
  if (other()) return;
  set_other(std::string());
  database_.transaction([&] {
    const auto rows = database_.run("SELECT payload FROM $config WHERE name = ?", {{kRowName}});
    if (!rows.empty() && field(rows.front().front(), "holder") == holder_)
      database_.run("DELETE FROM $config WHERE name = ?", {{kRowName}});
  });
}

std::optional<std::string> OverlordLease::other() const {
  const std::lock_guard lock(other_mutex_);
  return other_;
}

void OverlordLease::set_other(std::optional<std::string> other) {
  const std::lock_guard lock(other_mutex_);
  other_ = std::move(other);
}

}  // namespace sarsen::ingest
