#include "storage/segment/segment.h"

namespace sarsen::storage {

std::string SegmentId::text() const {
  std::string text =
      data_source + '_' + format_iso(interval.start_ms) + '_' + format_iso(interval.end_ms) + '_' + version;
  if (partition != 0) text += '_' + std::to_string(partition);
  return text;
}

}  // namespace sarsen::storage
