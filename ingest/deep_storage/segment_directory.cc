#include <string_view>

#include "ingest/deep_storage/deep_storage.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

const std::string& as_name(const std::string& text, std::string_view what) {
  if (!text.empty() && !text.starts_with('.') && text.find('/') == std::string::npos &&
      text.find('\0') == std::string::npos)
    return text;
  throw Error(ErrorCategory::kInvalidInput, "A segment cannot be stored: its " + std::string(what) +
                                                " must be the name of a folder, but is: " + text);
}

}  // namespace

std::filesystem::path segment_directory(const storage::SegmentId& id) {
  return std::filesystem::path(as_name(id.data_source, "data source")) /
         (format_iso(id.interval.start_ms) + "_" + format_iso(id.interval.end_ms)) / as_name(id.version, "version") /
         std::to_string(id.partition);
}

/// In Druid's words.
std::optional<storage::SegmentDescriptor> DeepStorage::copy_to(const storage::SegmentDescriptor& segment, const Json&) {
  const std::string type = JsonField(segment.load_spec)["type"].string_or("");
  throw Error(ErrorCategory::kUnsupported, "Unknown loader type[" + type + "].  Known types are []");
}

std::optional<storage::SegmentDescriptor> DeepStorage::copy_to_archive(const storage::SegmentDescriptor& segment) {
  return copy_to(segment, {});
}

std::optional<storage::SegmentDescriptor> DeepStorage::copy_from_archive(const storage::SegmentDescriptor& segment) {
  return copy_to(segment, {});
}

}  // namespace sarsen::ingest
