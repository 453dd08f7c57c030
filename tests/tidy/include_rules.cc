// Who may include whom: the direction of the folders, and one door per library.
#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "tests/tidy/source_tree.h"

namespace sarsen::tidy {
namespace {

// Each folder may include itself and those before it.
constexpr std::array<std::string_view, 4> kFolders = {"storage", "engine", "ingest", "server"};

struct Include {
  std::string_view name;
  bool quoted;
};

std::optional<Include> include_of(std::string_view line) {
  constexpr std::string_view kDirective = "#include ";
  if (!line.starts_with(kDirective)) return std::nullopt;
  line.remove_prefix(kDirective.size());
  if (line.empty()) return std::nullopt;
  const bool quoted = line.front() == '"';
  const std::size_t end = line.find(quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{line.substr(1, end - 1), quoted};
}

void for_each_include(const SourceFile& file, const std::function<void(std::size_t, const Include&)>& visit) {
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (const std::optional<Include> include = include_of(file.lines[i])) visit(i + 1, *include);
  }
}

std::string_view top_folder(std::string_view path) { return path.substr(0, path.find('/')); }

std::optional<std::size_t> rank_of(std::string_view path) {
  const auto found = std::ranges::find(kFolders, top_folder(path));
  if (found == kFolders.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kFolders.begin());
}

// A library, as the beginning of the include, and the places that may name it.
struct Door {
  std::string_view library;
  std::vector<std::string_view> places;  // beginnings of paths
};

const std::vector<Door>& doors() {
  static const std::vector<Door> table = {
      {"simdjson", {"storage/base/json.cc", "ingest/row/"}},
      {"roaring", {"storage/bitmap/"}},
      {"lz4", {"storage/codec/"}},
      {"zstd", {"storage/codec/"}},
      {"zip.h", {"storage/segment/zip_"}},
      {"librdkafka", {"ingest/kafka/"}},
      {"sqlite3.h", {"ingest/metadata/sqlite_database.cc"}},
      {"boost/beast", {"server/http/"}},
      {"boost/asio", {"server/http/"}},
      {"CLI/", {"server/cli/", "server/main.cc"}},
      {"pcre2.h", {"engine/text/"}},
      {"date/", {"engine/time/"}},
      {"libpq-fe.h", {"ingest/metadata/postgresql_connection.cc"}},
      {"mysql.h", {"ingest/metadata/mysql_connection.cc"}},
      {"curl/", {"ingest/http/http_exchange.cc"}},
      {"jq.h", {"ingest/row/jq_program.cc"}},
      {"jv.h", {"ingest/row/jq_program.cc"}},
      {"openssl/", {"server/http/"}},
      {"bzlib.h", {"ingest/batch/bzip2_file.cc"}},
      {"lzma.h", {"ingest/batch/xz_file.cc"}},
      {"amqp", {"ingest/firehose/rabbitmq_source.cc"}},
      {"zookeeper/", {"ingest/zookeeper/zookeeper_session.cc"}},
  };
  return table;
}

// Libraries that any .cc may use, but no header: their types are nobody's interface.
constexpr std::array<std::string_view, 5> kSourceOnly = {"fmt/", "boost/", "zlib.h", "xxhash.h", "spdlog/"};

// xsimd has a rule of its own: the list of instruction sets, kernels, and the file beside a kernel that chooses.
bool may_use_xsimd(const SourceTree& tree, const SourceFile& file) {
  if (file.path == "storage/simd/arch.h" || file.path.ends_with(".kernel.h") || file.path.ends_with(".kernel.cc"))
    return true;
  const std::string stem = file.path.substr(0, file.path.rfind('.'));
  return file.is_source() && tree.find(stem + ".kernel.h") != nullptr;
}

// The log is one small pair of files; whatever else logs includes that.
bool may_use_spdlog(const SourceFile& file) { return file.path.ends_with("/log.h") || file.path.ends_with("/log.cc"); }

std::string check_door(const SourceTree& tree, const SourceFile& file, std::string_view include) {
  if (include.starts_with("xsimd")) return may_use_xsimd(tree, file) ? "" : "xsimd belongs into kernels";
  if (include.starts_with("spdlog/")) return may_use_spdlog(file) ? "" : "spdlog belongs into log.h or log.cc";
  if (include.starts_with("gtest/") || include.starts_with("gmock/") || include.starts_with("benchmark/"))
    return "test libraries belong into tests and bench";
  for (const Door& door : doors()) {
    if (!include.starts_with(door.library)) continue;
    const bool inside =
        std::ranges::any_of(door.places, [&](std::string_view place) { return file.path.starts_with(place); });
    return inside ? "" : std::string(door.library) + " belongs into " + std::string(door.places.front());
  }
  if (include.starts_with("boost/unordered/")) return "";  // a container, used like the standard library's
  if (include.starts_with("fmt/") && file.path == "storage/base/log.h") return "";  // checks formats at compile time
  const bool source_only =
      std::ranges::any_of(kSourceOnly, [&](std::string_view library) { return include.starts_with(library); });
  return source_only && file.is_header() ? "no header may show " + std::string(include) : "";
}

}  // namespace

Complaints check_include_direction(const SourceTree& tree) {
  Complaints complaints;
  for (const SourceFile& file : tree.files) {
    const std::optional<std::size_t> own = rank_of(file.path);
    if (!own || !file.is_code()) continue;
    for_each_include(file, [&](std::size_t line, const Include& include) {
      if (!include.quoted) return;
      const std::optional<std::size_t> other = rank_of(include.name);
      if (!other || *other > *own)
        complaints.push_back({file.path, line, "must not include " + std::string(include.name)});
    });
  }
  return complaints;
}

Complaints check_library_doors(const SourceTree& tree) {
  Complaints complaints;
  for (const SourceFile& file : tree.files) {
    if (!file.is_code() || !rank_of(file.path)) continue;
    for_each_include(file, [&](std::size_t line, const Include& include) {
      if (include.quoted) return;
      if (std::string problem = check_door(tree, file, include.name); !problem.empty())
        complaints.push_back({file.path, line, std::move(problem)});
    });
  }
  return complaints;
}

Complaints check_includes_exist(const SourceTree& tree) {
  Complaints complaints;
  for (const SourceFile& file : tree.files) {
    if (!file.is_code()) continue;
    for_each_include(file, [&](std::size_t line, const Include& include) {
      if (include.quoted && tree.find(include.name) == nullptr)
        complaints.push_back({file.path, line, "is no path from the root: " + std::string(include.name)});
    });
  }
  return complaints;
}

}  // namespace sarsen::tidy
