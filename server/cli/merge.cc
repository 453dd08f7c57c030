#include "server/cli/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

#include "ingest/merge/merge_segments.h"
#include "ingest/row/index_spec_json.h"
#include "server/cli/exit_status.h"
#include "server/cli/progress_bar.h"
#include "server/cli/text_file.h"
#include "storage/base/atomic_file.h"
#include "storage/base/error.h"
#include "storage/segment/mapped_segment.h"

namespace sarsen::server {
namespace {

using Clock = std::chrono::steady_clock;
using ingest::MergeOptions;
using ingest::MergeReport;

/// What was given goes before what is wrong with it.
template <class Read>
void naming(const std::string& option, Read read) {
  try {
    read();
  } catch (const Error& error) {
    throw Error(error.category(), option + ": " + error.what());
  }
}

/// A word is JSON's string without its quotes.
Json json_or_word(const std::string& text) {
  return text.starts_with('{') || text.starts_with('"') ? Json::parse(text) : Json(text);
}

storage::IndexSpec parse_index_spec(const std::string& text) {
  const Json json = text.starts_with('{') ? Json::parse(text) : Json(Json::Object{{"preset", text}});
  return ingest::parse_index_spec(JsonField(json));
}

engine::AggregatorFactories parse_metrics(const Json& json) {
  engine::AggregatorFactories metrics;
  if (!json.is_array()) JsonField(json).fail("must be an array of aggregators");
  for (const JsonField& metric : JsonField(json).elements()) metrics.push_back(engine::parse_aggregator(metric));
  return metrics;
}

MergeOptions parse_options(const MergeCommand& command) {
  MergeOptions options;
  if (command.rollup || command.no_rollup) options.rollup = command.rollup;
  if (!command.index_spec.empty())
    naming("--index-spec", [&] { options.index_spec = parse_index_spec(command.index_spec); });
  if (!command.metrics.empty())
    naming(command.metrics, [&] { options.metrics = parse_metrics(Json::parse(read_text(command.metrics))); });
  if (!command.interval.empty()) naming("--interval", [&] { options.interval = parse_interval(command.interval); });
  if (!command.query_granularity.empty())
    naming("--query-granularity", [&] {
      const Json json = json_or_word(command.query_granularity);
      options.query_granularity = engine::parse_granularity(JsonField(json));
    });
  return options;
}

/// Only what is a segment is replaced: --force is no way to lose other folders.
void check_target(const std::filesystem::path& out, bool force) {
  if (!std::filesystem::exists(std::filesystem::symlink_status(out))) return;
  if (!force) throw Error(ErrorCategory::kInvalidInput, "Exists already; give --force to replace it: " + out.string());
  if (!std::filesystem::exists(out / "version.bin"))
    throw Error(ErrorCategory::kInvalidInput, "Exists, is no segment and so is not replaced: " + out.string());
}

/// Puts the segment `made` in the place of `out`; the old one goes with the folder that it is moved to.
void replace(const std::filesystem::path& made, const std::filesystem::path& out) {
  const TemporaryDirectory old(out);
  std::filesystem::rename(out, old.path() / "segment");
  std::filesystem::rename(made, out);
  fsync_directory(out.parent_path());
}

MergeReport write(const std::vector<std::shared_ptr<const storage::Segment>>& segments, const MergeOptions& options,
                  const std::filesystem::path& out) {
  if (!std::filesystem::exists(out)) return ingest::merge_segments(segments, options, out);
  const TemporaryDirectory folder(out);
  const MergeReport report = ingest::merge_segments(segments, options, folder.path() / "segment");
  replace(folder.path() / "segment", out);
  return report;
}

std::uint64_t per_second(std::uint64_t count, double seconds) {
  return static_cast<std::uint64_t>(static_cast<double>(count) / std::max(seconds, 0.001));
}

void print_report(const MergeReport& report, std::size_t segment_count, double seconds) {
  for (const std::string& note : report.notes) fmt::print(stderr, "{}\n", note);
  fmt::print("{} {}: {} rows in, {} rows out{}, {} bytes in, {} bytes out, {:.1f} s, {} rows/s\n", segment_count,
             segment_count == 1 ? "segment" : "segments", with_separators(report.rows_in),
             with_separators(report.rows_out), report.rollup ? " with rollup" : "", with_separators(report.bytes_in),
             with_separators(report.bytes_out), seconds, with_separators(per_second(report.rows_in, seconds)));
}

}  // namespace

int merge(const MergeCommand& command) {
  MergeOptions options = parse_options(command);
  const std::filesystem::path out = std::filesystem::absolute(command.out).lexically_normal();
  const std::filesystem::path target = out.has_filename() ? out : out.parent_path();
  check_target(target, command.force);
  std::vector<std::shared_ptr<const storage::Segment>> segments;
  for (const std::string& path : command.segments) segments.push_back(storage::open_segment(path));

  const Clock::time_point start = Clock::now();
  MergeReport report;
  {
    ProgressBar bar;
    options.progress = [&bar](std::uint64_t done, std::uint64_t total) { bar.update(done, total, "merging"); };
    report = write(segments, options, target);
  }
  print_report(report, segments.size(), std::chrono::duration<double>(Clock::now() - start).count());
  return kSuccess;
}

}  // namespace sarsen::server
