#pragma once
// Puts the segments found below folders into a catalog: for the server and for offline queries.

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "storage/segment/catalog.h"

namespace sarsen::server {

/// "[NAME=]DIR" as given on the command line.
struct SegmentFolder {
  std::string name;
  std::filesystem::path path;
};

/// What precedes the first = is the name, unless a folder has the whole text as its path.
SegmentFolder parse_segment_folder(const std::string& text);

/// Returns the number of segments. What cannot be opened is logged and left out. Throws where the folder does not
/// exist. Segments whose ids are among `others` are left out: somebody else knows of them.
std::size_t serve_segment_folder(const SegmentFolder& folder, storage::Catalog& catalog,
                                 const std::set<std::string>& others = {});

/// As above, for several. Throws kInvalidInput where no segment at all is found.
void serve_segments(const std::vector<std::string>& folders, storage::Catalog& catalog);

}  // namespace sarsen::server
