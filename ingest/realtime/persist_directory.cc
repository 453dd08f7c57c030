#include "ingest/realtime/persist_directory.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "storage/base/atomic_file.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/base/mapped_file.h"
#include "storage/segment/mapped_segment.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCommitFile = "commit.json";

std::string directory_name(const Interval& interval) {
  return format_iso(interval.start_ms) + "_" + format_iso(interval.end_ms);
}

std::optional<Interval> parse_directory_name(const std::string& name) {
  const std::size_t separator = name.find('_');
  if (separator == std::string::npos) return std::nullopt;
  try {
    return Interval{parse_iso(name.substr(0, separator)), parse_iso(name.substr(separator + 1))};
  } catch (const Error&) {
    return std::nullopt;  // somebody else's directory
  }
}

std::optional<std::uint32_t> parse_number(const std::string& name) {
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size()) return std::nullopt;
  return number;
}

std::vector<std::uint32_t> hydrant_numbers(const fs::path& directory) {
  std::vector<std::uint32_t> numbers;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory))
    if (const auto number = parse_number(entry.path().filename().string()); number && entry.is_directory())
      numbers.push_back(*number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

void remove_temporaries(const fs::path& directory) {
  std::vector<fs::path> leftovers;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory))
    if (entry.path().filename().string().starts_with(kTemporaryPrefix)) leftovers.push_back(entry.path());
  for (const fs::path& leftover : leftovers) {
    log_info("Removing what an interrupted persist left behind: {}", leftover.string());
    fs::remove_all(leftover);
  }
}

Error missing(const fs::path& path) {
  return Error(ErrorCategory::kRuntimeFailure, "A persisted part of a data source is missing: " + path.string());
}

std::shared_ptr<const storage::Segment> open_hydrant(const fs::path& path) {
  try {
    return storage::open_segment(path);
  } catch (const Error& error) {
    throw Error(error.category(), std::string("A persisted part of a data source cannot be read: ") + error.what() +
                                      ". To go on without its rows, move " + path.parent_path().parent_path().string() +
                                      " away");
  }
}

}  // namespace

fs::path PersistDirectory::hydrant_path(const Interval& interval, std::uint32_t number) const {
  return root_ / directory_name(interval) / std::to_string(number);
}

fs::path PersistDirectory::merged_path(const Interval& interval) const {
  return root_ / directory_name(interval) / "merged";
}

void PersistDirectory::remove_sink(const Interval& interval) const {
  std::error_code error;
  fs::remove_all(root_ / directory_name(interval), error);
  if (error)
    log_warn("The files of a sink that was handed off could not be removed: {}: {}", error.message(),
             (root_ / directory_name(interval)).string());
}

void PersistDirectory::clear_hydrant(const Interval& interval, std::uint32_t number) const {
  fs::remove_all(hydrant_path(interval, number));
}

void PersistDirectory::read_commit(Restored& restored) {
  const fs::path path = root_ / kCommitFile;
  committed_before_ = fs::exists(path);
  if (!committed_before_) return;
  try {
    const MappedFile file(path);
    const Json json = Json::parse(file.text());
    const JsonField root(json);
    for (const auto& [name, count] : root["hydrants"].members()) {
      const auto interval = parse_directory_name(name);
      if (!interval) count.fail("an interval is wanted as the name");
      counts_[*interval] = static_cast<std::uint32_t>(count.integer());
    }
    for (const JsonField& name : root["closed"].elements()) {
      const auto interval = parse_directory_name(name.string());
      if (!interval) name.fail("an interval is wanted");
      closed_.insert(*interval);
    }
    std::erase_if(closed_, [this](const Interval& interval) { return !counts_.contains(interval); });
    restored.closed = closed_;
    restored.position = Position::parse(root["metadata"]);
  } catch (const Error& error) {
    throw Error(ErrorCategory::kRuntimeFailure, path.string() + " cannot be read: " + error.what());
  }
}

PersistDirectory::Restored PersistDirectory::restore() {
  Restored restored;
  fs::create_directories(root_);
  remove_temporaries(root_);
  read_commit(restored);
  std::vector<fs::path> directories;
  for (const fs::directory_entry& entry : fs::directory_iterator(root_))
    if (entry.is_directory()) directories.push_back(entry.path());
  for (const fs::path& directory : directories)
    if (const auto interval = parse_directory_name(directory.filename().string()))
      restore_sink(directory, *interval, restored);
  for (const auto& [interval, count] : counts_)
    if (count != 0 && !restored.hydrants.contains(interval)) throw missing(hydrant_path(interval, 0));
  return restored;
}

void PersistDirectory::restore_sink(const fs::path& directory, const Interval& interval, Restored& restored) {
  if (committed_before_ && !counts_.contains(interval)) {
    log_info("Removing what was never committed, or handed off: {}", directory.string());
    fs::remove_all(directory);
    return;
  }
  remove_temporaries(directory);
  const std::vector<std::uint32_t> numbers = hydrant_numbers(directory);
  std::uint32_t count = committed_before_ ? 0 : static_cast<std::uint32_t>(numbers.size());
  if (const auto known = counts_.find(interval); known != counts_.end()) count = known->second;
  std::vector<std::shared_ptr<const storage::Segment>> hydrants;
  for (const std::uint32_t number : numbers) {
    fs::path path = directory / std::to_string(number);
    if (committed_before_ && number >= count) {
      log_info("Removing an uncommitted hydrant, whose rows come again: {}", path.string());
      fs::remove_all(path);
      continue;
    }
    const fs::path expected = directory / std::to_string(hydrants.size());
    if (path != expected && committed_before_) throw missing(expected);
    if (path != expected) {  // Druid leaves gaps; here numbers count the hydrants
      fs::rename(path, expected);
      path = expected;
    }
    hydrants.push_back(open_hydrant(path));
  }
  if (committed_before_ && hydrants.size() != count) throw missing(directory / std::to_string(hydrants.size()));
  if (hydrants.empty()) return;
  counts_[interval] = static_cast<std::uint32_t>(hydrants.size());
  restored.hydrants.emplace(interval, std::move(hydrants));
}

void PersistDirectory::commit(const std::map<Interval, std::uint32_t>& counts, const Position& position,
                              const Ends& ends) {
  std::map<Interval, std::uint32_t> next = counts_;
  std::set<Interval> closed = closed_;
  for (const auto& [interval, count] : counts) next[interval] = count;
  closed.insert(ends.closed.begin(), ends.closed.end());
  for (const Interval& interval : ends.handed_off) {
    next.erase(interval);
    closed.erase(interval);
  }
  write_commit(next, closed, position);
  counts_ = std::move(next);
  closed_ = std::move(closed);
  committed_before_ = true;
}

void PersistDirectory::write_commit(const std::map<Interval, std::uint32_t>& counts, const std::set<Interval>& closed,
                                    const Position& position) const {
  Json::Object hydrants;
  for (const auto& [interval, count] : counts)
    hydrants.emplace_back(directory_name(interval), Json(static_cast<std::int64_t>(count)));
  Json::Array closed_names;
  for (const Interval& interval : closed) closed_names.emplace_back(directory_name(interval));
  Json::Object json;
  json.emplace_back("hydrants", Json(std::move(hydrants)));
  if (!closed_names.empty()) json.emplace_back("closed", Json(std::move(closed_names)));
  json.emplace_back("metadata", position.to_json());
  write_file_atomically(root_ / kCommitFile, Json(std::move(json)).dump() + "\n");
}

}  // namespace sarsen::ingest
