#include "storage/segment/segment_kind.h"

#include <string>

#include "storage/base/byte_reader.h"
#include "storage/base/error.h"
#include "storage/base/json.h"

namespace sarsen::storage {

namespace {

constexpr std::uint32_t kVersion = 9;
constexpr std::uint32_t kVersionV10 = 10;
constexpr std::string_view kMapped = "mMapSegmentFactory";
constexpr std::string_view kBroadcast = "broadcastJoinableMMapSegmentFactory";  // the same files, with a key for joins
constexpr std::string_view kTombstone = "tombstoneSegmentFactory";

std::uint32_t version_of(const StoredFiles& files) {
  if (const auto version = files.find("version.bin"); version != files.end())
    return ByteReader(version->second.bytes, "version.bin").read_be<std::uint32_t>();
  for (const char* name : {"index.drd", "druid.segment"}) {
    if (const auto file = files.find(name); file != files.end())
      return ByteReader(file->second.bytes, name).read_byte();
  }
  throw Error(ErrorCategory::kRuntimeFailure, "not a segment: neither version.bin nor index.drd nor druid.segment");
}

void check_version(std::uint32_t version) {
  if (version == kVersion) return;
  const std::string text = "segment format version " + std::to_string(version);
  if (version < kVersion)
    throw Error(
        ErrorCategory::kUnsupported,
        text +
            " is older than Druid 0.7: convert it to version 9 with the convert_segment task of Druid 0.7 to 0.12, "
            "or ingest the data again");
  if (version == kVersionV10)
    throw Error(
        ErrorCategory::kUnsupported,
        text + " is not read yet: write version 9, Druid's default (leave buildV10 off), and compact what is there");
  throw Error(ErrorCategory::kUnsupported, "unknown " + text);
}

// As Druid: no file, or no type in it, is a mapped segment.
std::string factory_of(const StoredFiles& files) {
  const auto file = files.find("factory.json");
  if (file == files.end()) return std::string(kMapped);
  const std::span<const std::byte> bytes = file->second.bytes;
  try {
    const Json factory = Json::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return JsonField(factory)["type"].string_or(kMapped);
  } catch (const Error& error) {
    throw Error(ErrorCategory::kRuntimeFailure, std::string("factory.json: ") + error.what());
  }
}

}  // namespace

SegmentKind segment_kind_of(const StoredFiles& files) {
  const std::string factory = factory_of(files);
  if (factory == kTombstone) return SegmentKind::kTombstone;
  if (factory != kMapped && factory != kBroadcast)
    throw Error(ErrorCategory::kUnsupported, "factory.json: segment of a kind not understood: type " + factory +
                                                 "; known are " + std::string(kMapped) + ", " +
                                                 std::string(kBroadcast) + ", " + std::string(kTombstone));
  check_version(version_of(files));
  return SegmentKind::kVersion9;
}

}  // namespace sarsen::storage
