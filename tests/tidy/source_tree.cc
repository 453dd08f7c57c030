#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace sarsen::tidy {
namespace {

namespace fs = std::filesystem;

// Recordings and seeds are data: they hold whatever they hold.
constexpr std::string_view kSkipped[] = {"build", "sarsen-data", "tests/golden", "tests/fuzz/corpus"};

bool is_skipped(const std::string& path, const std::string& name) {
  if (name.starts_with('.') && name != ".ci") return true;
  return std::ranges::find(kSkipped, path) != std::end(kSkipped);
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void collect(const fs::path& directory, const std::string& prefix, SourceTree& tree) {
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    const std::string path = prefix + name;
    if (entry.is_symlink() || is_skipped(path, name)) continue;
    if (entry.is_directory()) {
      collect(entry.path(), path + "/", tree);
    } else if (const std::string text = read_text(entry.path()); text.find('\0') == std::string::npos) {
      tree.files.push_back({path, split_lines(text)});
    }
  }
}

void append(Complaints& all, Complaints some) {
  all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
}

}  // namespace

const SourceFile* SourceTree::find(std::string_view path) const {
  const auto found = std::ranges::lower_bound(files, path, {}, &SourceFile::path);
  return found != files.end() && found->path == path ? &*found : nullptr;
}

std::string Complaint::text() const {
  return path + ":" + (line == 0 ? "" : std::to_string(line) + ":") + " " + problem;
}

SourceTree read_source_tree(const fs::path& root) {
  SourceTree tree;
  collect(root, "", tree);
  std::ranges::sort(tree.files, {}, &SourceFile::path);
  return tree;
}

Complaints check_tree(const SourceTree& tree) {
  Complaints all;
  append(all, check_include_direction(tree));
  append(all, check_library_doors(tree));
  append(all, check_includes_exist(tree));
  append(all, check_headers_are_guarded(tree));
  append(all, check_machine_paths_and_hosts(tree));
  append(all, check_names(tree));
  append(all, check_snapshots_are_held(tree));
  append(all, check_readmes(tree));
  append(all, check_file_lengths(tree));
  return all;
}

}  // namespace sarsen::tidy
