// What a folder and a file owe their reader: a README, and an end.
#include <array>
#include <map>
#include <set>
#include <sstream>

#include "tests/tidy/source_tree.h"

namespace sarsen::tidy {
namespace {

constexpr std::string_view kLongFiles = "tests/tidy/long_files";

// Folders of these mirror others or hold data; their own README speaks for all below.
constexpr std::array<std::string_view, 3> kOneReadme = {"tests", "bench", "tools"};

std::string folder_to_explain(const std::string& path) {
  const std::string top = path.substr(0, path.find('/'));
  for (std::string_view folder : kOneReadme) {
    if (top == folder) return top;
  }
  return path.substr(0, path.rfind('/'));
}

std::map<std::string, std::size_t> read_long_files(const SourceTree& tree) {
  std::map<std::string, std::size_t> lengths;
  const SourceFile* list = tree.find(kLongFiles);
  if (list == nullptr) return lengths;
  for (const std::string& line : list->lines) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream words(line);
    std::size_t length = 0;
    std::string path;
    words >> length >> path;
    lengths[path] = length;
  }
  return lengths;
}

}  // namespace

Complaints check_readmes(const SourceTree& tree) {
  std::set<std::string> folders;
  for (const SourceFile& file : tree.files) {
    if (file.is_code() && file.path.find('/') != std::string::npos) {
      folders.insert(file.path.substr(0, file.path.find('/')));
      folders.insert(folder_to_explain(file.path));
    }
  }
  Complaints complaints;
  for (const std::string& folder : folders) {
    if (tree.find(folder + "/README.md") == nullptr) complaints.push_back({folder, 0, "has no README.md"});
  }
  return complaints;
}

Complaints check_file_lengths(const SourceTree& tree) {
  std::map<std::string, std::size_t> listed = read_long_files(tree);
  Complaints complaints;
  for (const SourceFile& file : tree.files) {
    if (!file.is_code()) continue;
    const auto found = listed.find(file.path);
    const std::size_t limit = found == listed.end() ? kFileLinesMax : found->second;
    const std::size_t length = file.lines.size();
    if (length > limit)
      complaints.push_back({file.path, 0, std::to_string(length) + " lines, more than " + std::to_string(limit)});
    if (found != listed.end() && length < limit)
      complaints.push_back({std::string(kLongFiles), 0,
                            file.path + " has shrunk: write " + std::to_string(length) + " there, or nothing from " +
                                std::to_string(kFileLinesMax) + " down"});
    listed.erase(file.path);
  }
  for (const auto& [path, length] : listed) complaints.push_back({std::string(kLongFiles), 0, "there is no " + path});
  return complaints;
}

}  // namespace sarsen::tidy
