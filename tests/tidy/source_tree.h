#pragma once
// The text files of a checkout, and what the tidy rules say about them. A rule is a function from a tree to complaints;
// it knows nothing of this repository but the paths, so that tests can show it a small bad tree. Not thread-safe.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sarsen::tidy {

struct SourceFile {
  std::string path;  // from the root, with '/': "storage/column/column.h"
  std::vector<std::string> lines;

  bool is_header() const { return path.ends_with(".h"); }
  bool is_source() const { return path.ends_with(".cc"); }
  bool is_code() const { return is_header() || is_source(); }
};

struct SourceTree {
  std::vector<SourceFile> files;  // by path

  const SourceFile* find(std::string_view path) const;
};

struct Complaint {
  std::string path;
  std::size_t line = 0;  // from 1; 0: the file or folder as a whole
  std::string problem;

  std::string text() const;
};

using Complaints = std::vector<Complaint>;

/// Reads every text file below `root` except build trees, recordings and whatever begins with '.' (but .ci). A file
/// that holds a zero byte is no text.
SourceTree read_source_tree(const std::filesystem::path& root);

// include_rules.cc
Complaints check_include_direction(const SourceTree& tree);
Complaints check_library_doors(const SourceTree& tree);
Complaints check_includes_exist(const SourceTree& tree);

// text_rules.cc
Complaints check_headers_are_guarded(const SourceTree& tree);
Complaints check_machine_paths_and_hosts(const SourceTree& tree);
Complaints check_names(const SourceTree& tree);
/// What a snapshot() of a loop's range returns is gone before the first round: it must have a name.
Complaints check_snapshots_are_held(const SourceTree& tree);

// size_rules.cc
Complaints check_readmes(const SourceTree& tree);
/// Code files longer than kFileLinesMax must be listed with their length in tests/tidy/long_files, and may only shrink.
Complaints check_file_lengths(const SourceTree& tree);

inline constexpr std::size_t kFileLinesMax = 500;

/// All of them.
Complaints check_tree(const SourceTree& tree);

}  // namespace sarsen::tidy
