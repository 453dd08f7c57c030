#include "server/cli/storage_settings.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "server/cli/setting_values.h"
#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/readable_bytes.h"

namespace sarsen::server {
namespace {

[[noreturn]] void not_built(const std::string& name, const std::string& what, const std::string& value) {
  throw Error(ErrorCategory::kUnsupported, name + ": " + what + " is not supported yet: " + value);
}

bool is_one_of(const std::string& value, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), value) != names.end();
}

/// A plain number, or a text such as "300g" and "1GiB".
std::uint64_t parse_size(const JsonField& field) {
  const std::string text = field.json().is_integer() ? std::to_string(field.integer()) : field.string();
  const std::optional<std::uint64_t> size = parse_readable_bytes(text);
  if (!size) field.fail("a size such as 300g or 300GiB is wanted, not " + text);
  return *size;
}

ingest::CacheLocation parse_location(const JsonField& json) {
  ingest::CacheLocation location;
  location.path = json["path"].string();
  if (location.path.empty()) json["path"].fail("a folder is wanted");
  if (json["maxSize"].present()) location.bytes_max = parse_size(json["maxSize"]);
  if (json["freeSpacePercent"].present())
    not_built("druid.segmentCache.locations", "freeSpacePercent", json["freeSpacePercent"].string());
  return location;
}

}  // namespace

void set_deep_storage_type(StorageSettings& settings, const std::string& name, const std::string& value) {
  if (is_one_of(value, {"hdfs", "google", "azure", "oss", "c*", "noop"}))
    not_built(name, "deep storage of this type (local and s3 are)", value);
  if (value != "local" && value != "s3") refuse(name, "local or s3", value);
  settings.s3_storage = value == "s3";
}

void check_storage(const StorageSettings& settings) {
  metadata_config(settings.metadata, {});
  if (!settings.s3_storage) return;
  s3_config(settings.s3);
  if (settings.zip == false)
    throw Error(ErrorCategory::kUnsupported, "druid.storage.zip=false is not supported with druid.storage.type=s3");
}

void set_publish_type(const std::string& name, const std::string& value) {
  if (value == "metadata" || value == "db") return;
  if (value == "noop") not_built(name, "handing off without a metadata store", value);
  refuse(name, "metadata", value);
}

void set_cache_locations(StorageSettings& settings, const std::string& name, const std::string& value) {
  constexpr std::string_view kWanted = R"(an array such as [{"path":"…","maxSize":"300g"}])";
  const Json locations = json(name, kWanted, value);
  if (!locations.is_array() || locations.array().empty()) refuse(name, kWanted, value);
  const Json root(Json::Object{{name, locations}});
  settings.cache_locations.clear();
  for (const JsonField& location : JsonField(root)[name].elements())
    settings.cache_locations.push_back(parse_location(location));
}

}  // namespace sarsen::server
