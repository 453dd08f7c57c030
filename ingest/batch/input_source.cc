#include "ingest/batch/input_source.h"

#include <algorithm>

#include "storage/base/error.h"
#include "storage/base/walk_folder.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kInputSources = {"local", "inline", "http", "s3",        "google",  "azureStorage",
                                                "hdfs",  "druid",  "sql",  "combining", "iceberg", "delta"};

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

[[noreturn]] void refuse(const JsonField& json, const std::string& type) {
  if (std::find(kInputSources.begin(), kInputSources.end(), type) == kInputSources.end())
    json.fail("unknown input source: " + type + suggestion(type, kInputSources));
  throw Error(ErrorCategory::kUnsupported,
              json.path() + ": not supported yet (local, inline, http, s3, druid and combining are): " + type +
                  "; bring the files here first");
}

}  // namespace

InputSource InputSource::parse(const JsonField& json, const fs::path& base_directory) {
  if (!json.present()) json.fail("an inputSource is needed, such as {\"type\": \"local\", \"files\": […]}");
  const std::string type = json["type"].string();
  InputSource source;
  const SystemFieldNames names = parse_system_fields(json["systemFields"]);
  if (type == "inline") {
    source.inputs_.push_back({{}, json["data"].string()});
  } else if (type == "http") {
    for (HttpRequest& request : parse_http_input(json)) {
      auto fields = system_fields_of_url(names, request.url);
      source.inputs_.push_back({{}, {}, {}, std::move(request), std::move(fields)});
    }
  } else if (type == "s3") {
    source.inputs_.push_back(
        {.s3 = std::make_shared<const S3Input>(S3Input::parse(json)), .system_field_names = names});
  } else if (type == "druid") {
    source.inputs_.push_back({{}, {}, SegmentInput::parse(json)});
  } else if (type == "combining") {
    for (const JsonField& delegate : json["delegates"].elements())
      for (Input& input : parse(delegate, base_directory).inputs_) source.inputs_.push_back(std::move(input));
    if (source.inputs_.empty()) json["delegates"].fail("at least one input source is wanted");
  } else if (type == "local") {
    for (fs::path& file : local_files(json, base_directory)) {
      auto fields = system_fields_of(names, file);
      source.inputs_.push_back({std::move(file), {}, {}, {}, std::move(fields)});
    }
  } else {
    refuse(json["type"], type);
  }
  return source;
}

InputSource InputSource::listed() const {
  InputSource source;
  for (const Input& input : inputs_) {
    if (!input.s3 || input.object) {
      source.inputs_.push_back(input);
      continue;
    }
    for (S3Object& object : input.s3->objects()) {
      auto fields = system_fields_of_object(input.system_field_names, object.bucket, object.key);
      source.inputs_.push_back({.system_fields = std::move(fields), .s3 = input.s3, .object = std::move(object)});
    }
  }
  return source;
}

const SegmentInput* InputSource::segments(std::size_t i) const noexcept {
  return inputs_[i].segments ? &*inputs_[i].segments : nullptr;
}

std::string_view InputSource::name(std::size_t i) const noexcept {
  const Input& input = inputs_[i];
  if (input.request) return input.request->url;
  if (input.object) return input.object->text;
  return input.file.native();
}

bool InputSource::needs_format() const noexcept {
  return std::any_of(inputs_.begin(), inputs_.end(), [](const Input& input) { return !input.segments; });
}

std::unique_ptr<LineReader> InputSource::open(std::size_t i, const fs::path& scratch) const {
  const Input& input = inputs_[i];
  if (input.request) return open_http_lines(*input.request, scratch);
  if (input.object) return input.s3->open(*input.object, scratch);
  return input.file.empty() ? lines_of(input.text) : open_lines(input.file);
}

std::uint64_t InputSource::bytes(std::size_t i) const {
  if (inputs_[i].object) return inputs_[i].object->bytes;
  return inputs_[i].file.empty() ? inputs_[i].text.size() : fs::file_size(inputs_[i].file);
}

std::uint64_t InputSource::total_bytes() const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < size(); ++i) total += bytes(i);
  return total;
}

}  // namespace sarsen::ingest
