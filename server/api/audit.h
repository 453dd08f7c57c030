#pragma once
// What requests that change settings, and those for the history of changes, have in common in Druid.

#include "ingest/metadata/audit_log.h"
#include "server/http/request.h"

namespace sarsen::server {

/// X-Druid-Author, X-Druid-Comment, and from where.
ingest::AuditInfo audit_info_of(const Request& request);

/// ?interval, or else ?count. Throws kInvalidInput.
ingest::HistoryRange history_range_of(const Request& request);

}  // namespace sarsen::server
