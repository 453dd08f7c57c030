// What the text of a file may say: guards, names, and nothing about one machine.
#include <algorithm>
#include <array>
#include <cctype>

#include "tests/tidy/source_tree.h"

namespace sarsen::tidy {
namespace {

// The rules themselves must name what they forbid.
bool states_the_rules(const SourceFile& file) { return file.path.starts_with("tests/tidy/"); }

constexpr std::array<std::string_view, 3> kMachinePaths = {"/work/", "/tmp/w/", "/root/"};

// Where packages come from is the machine's business (tools/setup reads it from the system).
constexpr std::array<std::string_view, 14> kHosts = {"debian.org/debian",
                                                     "deb.debian.org",
                                                     "archive.ubuntu.com",
                                                     "pypi.org",
                                                     "files.pythonhosted.org",
                                                     "registry.npmjs.org",
                                                     "repo1.maven.org",
                                                     "repo.maven.apache.org",
                                                     "crates.io",
                                                     "proxy.golang.org",
                                                     "docker.io",
                                                     "ghcr.io",
                                                     "quay.io",
                                                     "raw.githubusercontent.com"};

// A name that says only that things were put together says nothing.
constexpr std::array<std::string_view, 5> kEmptyNames = {"utils", "util", "helpers", "helper", "common"};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string last_word_of_stem(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  std::string_view stem = slash == std::string_view::npos ? path : path.substr(slash + 1);
  stem = stem.substr(0, stem.find('.'));
  std::size_t begin = stem.size();
  while (begin > 0 && is_word(stem[begin - 1])) --begin;
  return std::string(stem.substr(begin));
}

template <std::size_t count>
void complain_about(const SourceFile& file, const std::array<std::string_view, count>& words, std::string_view what,
                    Complaints& complaints) {
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    for (std::string_view word : words) {
      if (file.lines[i].find(word) != std::string::npos)
        complaints.push_back({file.path, i + 1, std::string(what) + std::string(word)});
    }
  }
}

/// `names` of "for (auto& name : names)"; empty where the line has no such loop.
std::string_view range_of_loop(std::string_view line) {
  const std::size_t loop = line.find("for (");
  if (loop == std::string_view::npos) return {};
  line.remove_prefix(loop + 5);
  std::size_t end = 0;
  for (int open = 1; end < line.size(); ++end)
    if ((open += line[end] == '(' ? 1 : line[end] == ')' ? -1 : 0) == 0) break;
  line = line.substr(0, end);
  const std::size_t range = line.find(" : ");
  return range == std::string_view::npos ? std::string_view() : line.substr(range);
}

}  // namespace

Complaints check_headers_are_guarded(const SourceTree& tree) {
  Complaints complaints;
  for (const SourceFile& file : tree.files) {
    if (file.is_header() && std::ranges::find(file.lines, "#pragma once") == file.lines.end())
      complaints.push_back({file.path, 0, "has no #pragma once"});
  }
  return complaints;
}

Complaints check_machine_paths_and_hosts(const SourceTree& tree) {
  Complaints complaints;
  for (const SourceFile& file : tree.files) {
    if (states_the_rules(file)) continue;
    complain_about(file, kMachinePaths, "names a path of one machine: ", complaints);
    complain_about(file, kHosts, "names a package host: ", complaints);
  }
  return complaints;
}

Complaints check_names(const SourceTree& tree) {
  Complaints complaints;
  for (const SourceFile& file : tree.files) {
    if (!file.is_code()) continue;
    if (std::ranges::find(kEmptyNames, last_word_of_stem(file.path)) != kEmptyNames.end())
      complaints.push_back({file.path, 0, "say what these functions have in common"});
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      const std::size_t begin = line.find_first_not_of(' ');
      if (begin != std::string::npos && line.compare(begin, 16, "using namespace ") == 0)
        complaints.push_back({file.path, i + 1, "names what it uses: no using namespace"});
    }
  }
  return complaints;
}

Complaints check_snapshots_are_held(const SourceTree& tree) {
  Complaints complaints;
  for (const SourceFile& file : tree.files) {
    if (!file.is_code() || states_the_rules(file)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (range_of_loop(file.lines[i]).find("snapshot()") != std::string_view::npos)
        complaints.push_back({file.path, i + 1, "name the snapshot: it is gone before the first round of the loop"});
    }
  }
  return complaints;
}

}  // namespace sarsen::tidy
