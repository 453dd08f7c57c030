#include "server/api/compaction_settings.h"

#include "server/api/audit.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using ingest::AutoCompaction;
using ingest::CompactionConfig;
using ingest::DataSourceCompaction;

[[noreturn]] void refuse_unknown() {
  throw Error(ErrorCategory::kNotFound, "Datasource compaction config does not exist");
}

}  // namespace

DataSourceCompaction posted_compaction(const Request& request) {
  const Json body = Json::parse(request.body);
  DataSourceCompaction parsed = DataSourceCompaction::parse(JsonField(body));
  if (!request.path_values.empty() && parsed.data_source != request.path_values[0])
    throw Error(ErrorCategory::kInvalidInput, "DataSource in spec[" + parsed.data_source +
                                                  "] does not match DataSource in path[" + request.path_values[0] +
                                                  "]");
  return parsed;
}

DataSourceCompaction compaction_of(const AutoCompaction& compaction, const std::string& data_source) {
  const CompactionConfig config = compaction.config();
  const DataSourceCompaction* found = config.find(data_source);
  if (found == nullptr) refuse_unknown();
  return *found;
}

void set_compaction(AutoCompaction& compaction, const Request& request) {
  const DataSourceCompaction posted = posted_compaction(request);
  compaction.change_config(
      [&](CompactionConfig& config) {
        config.set(posted);
        return true;
      },
      audit_info_of(request));
}

void remove_compaction(AutoCompaction& compaction, const Request& request) {
  const bool removed = compaction.change_config(
      [&](CompactionConfig& config) { return config.remove(request.path_values[0]); }, audit_info_of(request));
  if (!removed) refuse_unknown();
}

void set_compaction_cluster(AutoCompaction& compaction, const Request& request) {
  const Json body = Json::parse(request.body);
  ingest::check_compaction_cluster(JsonField(body));
  compaction.change_config(
      [&](CompactionConfig& config) {
        config.set_cluster(JsonField(body));
        return true;
      },
      audit_info_of(request));
}

CompactionConfig with_posted_cluster(const AutoCompaction& compaction, const Request& request) {
  const Json body = Json::parse(request.body);
  ingest::check_compaction_cluster(JsonField(body));
  CompactionConfig config = compaction.config();
  config.set_cluster(JsonField(body));
  return config;
}

}  // namespace sarsen::server
