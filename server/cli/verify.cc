#include "server/cli/verify.h"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <set>

#include "engine/exec/worker_pool.h"
#include "engine/sketch/known_sketches.h"
#include "server/cli/exit_status.h"
#include "server/cli/output.h"
#include "server/cli/progress_bar.h"
#include "storage/base/json_writer.h"
#include "storage/segment/segment_finder.h"
#include "storage/verify/segment_verification.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;

using storage::Finding;
using storage::SegmentVerification;
using storage::VerifyReport;

std::vector<fs::path> paths_of(const VerifyOptions& options) {
  std::vector<fs::path> paths;
  std::set<fs::path> seen;
  for (const std::string& root : options.paths)
    for (const fs::path& path : storage::segment_paths(root))
      if (seen.insert(path).second) paths.push_back(path);
  if (paths.empty()) throw Error(ErrorCategory::kNotFound, "No segment was found below: " + options.paths.front());
  return paths;
}

/// Steps run on all threads; the bar is drawn by whoever ends one.
class Progress {
 public:
  Progress(const std::string& text, std::uint64_t total) : text_(text), total_(total) {}

  void add(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    done_ += bytes;
    bar_.update(done_, total_, text_);
  }

 private:
  std::mutex mutex_;
  ProgressBar bar_;
  std::string text_;
  std::uint64_t done_ = 0;
  std::uint64_t total_;
};

VerifyReport verify_one(const fs::path& path, const std::string& text, engine::WorkerPool& pool) {
  SegmentVerification verification(path, engine::sketch::check_sketch);
  std::uint64_t total = 0;
  for (std::size_t step = 0; step < verification.step_count(); ++step) total += verification.step_bytes(step);
  Progress progress(text, total);
  engine::WorkerPool::Share share;
  pool.run(verification.step_count(), 0, share, [&](std::size_t step) {
    verification.run_step(step);
    progress.add(verification.step_bytes(step));
  });
  return verification.report();
}

std::string place_of(const Finding& finding) {
  std::string text = finding.column;
  if (!finding.part.empty()) text += (text.empty() ? "" : ", ") + finding.part;
  if (finding.offset)
    text += fmt::format("{}at byte {} of {}", text.empty() ? "" : ", ", *finding.offset, finding.file);
  return text;
}

std::string summary_of(const VerifyReport& report) {
  std::size_t damages = 0;
  for (const Finding& finding : report.findings) damages += finding.note ? 0 : 1;
  const std::size_t notes = report.findings.size() - damages;
  std::string text = damages > 0 ? fmt::format("DAMAGED, {} findings", damages) : "whole";
  if (notes > 0) text += fmt::format(", {} notes", notes);
  return fmt::format("{}: {}; {} rows, {} columns, {} bytes\n", report.path.string(), text,
                     with_separators(report.rows), report.columns, with_separators(report.size_bytes));
}

void print_text(const VerifyReport& report, bool quiet) {
  if (quiet && !report.damaged()) return;
  std::string text;
  for (const Finding& finding : report.findings) {
    if (finding.note && quiet) continue;
    const std::string place = place_of(finding);
    text += fmt::format("{}  {}: {}{}{}\n", finding.note ? "  note" : "damage", report.path.string(), place,
                        place.empty() ? "" : ": ", finding.problem);
  }
  write_out(text + summary_of(report));
}

void put_finding(const Finding& finding, JsonWriter& json) {
  json.begin_object().key("severity").string(finding.note ? "note" : "damage").key("column").string(finding.column);
  json.key("part").string(finding.part).key("problem").string(finding.problem);
  if (finding.offset)
    json.key("file").string(finding.file).key("offset").integer(static_cast<std::int64_t>(*finding.offset));
  json.end_object();
}

void print_json(const VerifyReport& report, bool quiet) {
  if (quiet && !report.damaged()) return;
  JsonWriter json;
  json.begin_object().key("segment").string(report.path.string()).key("damaged").boolean(report.damaged());
  json.key("rows").integer(static_cast<std::int64_t>(report.rows));
  json.key("columns").integer(static_cast<std::int64_t>(report.columns));
  json.key("sizeBytes").integer(static_cast<std::int64_t>(report.size_bytes));
  json.key("findings").begin_array();
  for (const Finding& finding : report.findings)
    if (!(finding.note && quiet)) put_finding(finding, json);
  json.end_array().end_object();
  write_out(json.text() + "\n");
}

}  // namespace

int verify(const VerifyOptions& options) {
  end_quietly_on_signals();
  const std::vector<fs::path> paths = paths_of(options);
  engine::WorkerPool pool(options.threads);
  std::size_t damaged = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const VerifyReport report =
        verify_one(paths[i], fmt::format("{} of {}: {}", i + 1, paths.size(), paths[i].string()), pool);
    damaged += report.damaged() ? 1 : 0;
    options.json ? print_json(report, options.quiet) : print_text(report, options.quiet);
  }
  if (!options.json && !options.quiet && paths.size() > 1)
    write_out(fmt::format("{} segments, {} damaged\n", paths.size(), damaged));
  return damaged > 0 ? kFailure : kSuccess;
}

}  // namespace sarsen::server
