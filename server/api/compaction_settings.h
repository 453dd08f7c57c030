#pragma once
// The coordinator's configuration of compaction, as requests read and change it below /druid/coordinator/v1 and
// /druid/indexer/v1. All throw kInvalidInput naming the field, and kNotFound where there is nothing to be changed.

#include <string>

#include "ingest/tasks/auto_compaction.h"
#include "server/http/router.h"

namespace sarsen::server {

/// The body's. Where the path names a data source, too, it is the same.
ingest::DataSourceCompaction posted_compaction(const Request& request);

ingest::DataSourceCompaction compaction_of(const ingest::AutoCompaction& compaction, const std::string& data_source);
void set_compaction(ingest::AutoCompaction& compaction, const Request& request);
/// Of the data source in the path.
void remove_compaction(ingest::AutoCompaction& compaction, const Request& request);

/// The body: what is not about one data source.
void set_compaction_cluster(ingest::AutoCompaction& compaction, const Request& request);
/// The present configuration with the body in the place of that; nothing is changed.
ingest::CompactionConfig with_posted_cluster(const ingest::AutoCompaction& compaction, const Request& request);

}  // namespace sarsen::server
