// Input source local: files by their names, or those of a folder that a filter takes. They are looked up when the
// specification is read. Where a file is missing and there is one with .gz or .zst behind its name, that is it.

#include <algorithm>
#include <string>
#include <utility>

#include "ingest/batch/input_types.h"
#include "storage/base/walk_folder.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

class FileInput final : public Input {
 public:
  FileInput(fs::path file, SystemFieldNames names) : file_(std::move(file)), names_(std::move(names)) {}

  std::string_view name() const noexcept override { return file_.native(); }
  std::vector<SystemField> system_fields() const override { return system_fields_of(names_, file_); }
  std::unique_ptr<LineReader> open(const fs::path&) const override { return open_lines(file_); }
  std::uint64_t bytes() const override { return fs::file_size(file_); }

 private:
  fs::path file_;
  SystemFieldNames names_;
};

/// The wildcards of Druid's file filter: * and ?.
bool matches(std::string_view name, std::string_view pattern) noexcept {
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::size_t star = std::string_view::npos;  // the last one, and what it has swallowed up to
  std::size_t swallowed = 0;
  while (at < name.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      swallowed = at;
    } else if (in_pattern < pattern.size() && (pattern[in_pattern] == '?' || pattern[in_pattern] == name[at])) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++swallowed;
    } else {
      return false;
    }
  }
  while (in_pattern < pattern.size() && pattern[in_pattern] == '*') ++in_pattern;
  return in_pattern == pattern.size();
}

fs::path find_file(const JsonField& json, const fs::path& base_directory) {
  const fs::path path = base_directory / json.string();
  if (fs::is_regular_file(path)) return path;
  fs::path packed = path;
  packed += ".gz";
  if (fs::is_regular_file(packed)) return packed;
  packed.replace_extension(".zst");
  if (fs::is_regular_file(packed)) return packed;
  json.fail("there is no such file: " + path.string() + " (relative paths are below the base directory)");
}

std::vector<fs::path> find_files(const JsonField& json, const fs::path& base_directory) {
  const fs::path directory = base_directory / json["baseDir"].string();
  const std::string filter = json["filter"].string();
  if (!fs::is_directory(directory)) json["baseDir"].fail("there is no such directory: " + directory.string());
  std::vector<fs::path> files;
  walk_folder(directory, fs::directory_options::none, [&](const fs::directory_entry& entry) {
    std::error_code gone;
    if (matches(entry.path().filename().string(), filter) && entry.is_regular_file(gone)) files.push_back(entry.path());
    return true;
  });
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> local_files(const JsonField& json, const fs::path& base_directory) {
  std::vector<fs::path> files;
  for (const JsonField& file : json["files"].elements()) files.push_back(find_file(file, base_directory));
  if (!files.empty()) return files;
  if (!json["baseDir"].present()) json.fail("files, or baseDir and filter, are wanted");
  return find_files(json, base_directory);
}

}  // namespace

Inputs local_inputs(const JsonField& json, const fs::path& base_directory) {
  const SystemFieldNames names = parse_system_fields(json["systemFields"]);
  Inputs inputs;
  for (fs::path& file : local_files(json, base_directory))
    inputs.push_back(std::make_shared<FileInput>(std::move(file), names));
  return inputs;
}

}  // namespace sarsen::ingest
