#include "server/api/audit.h"

#include <string>

#include "server/api/parameters.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

std::size_t parse_count(std::string_view text) {
  const auto count = parse_number<std::size_t>(text);
  if (count.value_or(0) == 0) throw Error(ErrorCategory::kInvalidInput, "Limit must be greater than zero!");
  return *count;
}

}  // namespace

ingest::AuditInfo audit_info_of(const Request& request) {
  return {.author = std::string(request.header("X-Druid-Author")),
          .comment = std::string(request.header("X-Druid-Comment")),
          .address = request.remote_address};
}

ingest::HistoryRange history_range_of(const Request& request) {
  ingest::HistoryRange range;
  const auto interval = request.parameter("interval");
  if (interval) range.interval = parse_interval(*interval);
  // As in Druid, an interval goes before a count.
  if (const auto count = request.parameter("count"); count && !interval) range.count_max = parse_count(*count);
  return range;
}

}  // namespace sarsen::server
