#pragma once
// What the path of a segment in deep storage says of it. All of Druid's deep storages have
// <data source>/<start>_<end>/<version>/<partition> in common; below that lie the files, index/ with the files,
// index.zip, or a folder with a UUID that holds one of these. HDFS has <partition>[_<uuid>]_index.zip in place of the
// partition's folder. Where colons are not allowed in names, intervals are written 20240101T000000.000Z_…, or
// underscores take the place of the colons.
//
// Thread safety: a pure function.

#include <filesystem>
#include <optional>

#include "storage/segment/segment_descriptor.h"

namespace sarsen::storage {

/// `path` is the folder with the files, or the archive of them; nullopt where it is none of these. What the path does
/// not tell stays as it is by default.
std::optional<SegmentDescriptor> descriptor_of_path(const std::filesystem::path& path);

}  // namespace sarsen::storage
