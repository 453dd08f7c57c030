#include "server/cli/ingest.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

#include "ingest/batch/index_task.h"
#include "ingest/s3/s3_input.h"
#include "server/cli/data_folder.h"
#include "server/cli/exit_status.h"
#include "server/cli/progress_bar.h"
#include "server/cli/segment_stores.h"
#include "server/cli/server_settings.h"
#include "server/cli/text_file.h"
#include "storage/base/atomic_file.h"
#include "storage/base/error.h"
#include "storage/base/properties.h"

namespace sarsen::server {
namespace {

using ingest::IndexProgress;
using ingest::IndexReport;
using ingest::IndexTask;
using ingest::OutputLayout;
using ingest::RowError;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// The file's name goes before what is wrong with it.
IndexTask read_task(const IngestOptions& options) {
  const std::string text = read_text(options.task);
  try {
    IndexTask task = IndexTask::parse(Json::parse(text), options.base_dir);
    if (task.input.size() == 0) throw Error(ErrorCategory::kInvalidInput, "no file is there to be read");
    return task;
  } catch (const Error& error) {
    throw Error(error.category(), options.task + ": " + error.what());
  }
}

std::string progress_text(const IndexProgress& progress, double seconds) {
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(progress.rows) / std::max(seconds, 0.001));
  return fmt::format("{} rows, {} rows/s{}", with_separators(progress.rows), with_separators(rate),
                     progress.writing ? ", writing" : "");
}

void run_with_bar(const IndexTask& task, const OutputLayout& layout, IndexReport& report) {
  ProgressBar bar;
  const Clock::time_point start = Clock::now();
  const auto show = [&](const IndexProgress& progress) {
    bar.update(progress.bytes, progress.bytes_total, progress_text(progress, seconds_since(start)));
  };
  ingest::run_index_task(task, layout, show, &report);
}

void write_report(const std::string& path, const Json& report) {
  const std::string text = report.dump() + "\n";
  if (path == "-")
    fmt::print("{}", text);
  else if (!path.empty())
    write_file_atomically(path, text);
}

void print_count(std::string_view name, std::uint64_t count) {
  if (count > 0) fmt::print(stderr, "  {:<22}{:>14}\n", name, with_separators(count));
}

void print_errors(const std::vector<RowError>& errors) {
  for (const RowError& error : errors) {
    std::string details;
    for (const std::string& detail : error.details) details += (details.empty() ? "" : "; ") + detail;
    fmt::print(stderr, "  {}\n    {}\n", details, error.input);
  }
}

void print_report(const IndexReport& report, double seconds) {
  const ingest::RowStats& stats = report.stats;
  fmt::print(stderr, "{} rows read in {:.1f} s\n", with_separators(stats.rows()), seconds);
  print_count("processed", stats.processed);
  print_count("processed with errors", stats.processed_with_error);
  print_count("unparseable", stats.unparseable);
  print_count("thrown away", stats.thrown_away);
  if (!report.errors.empty()) {
    fmt::print(stderr, "the last errors:\n");
    print_errors(report.errors);
  }
  fmt::print(stderr, "{} {} written\n", report.segments.size(), report.segments.size() == 1 ? "segment" : "segments");
  for (const ingest::WrittenSegment& segment : report.segments)
    fmt::print(stderr, "  {}: {} rows, {} bytes, {}\n", segment.id.text(), with_separators(segment.row_count),
               with_separators(segment.size_bytes), segment.path.string());
}

StorageSettings storage_settings(const std::string& config) {
  if (config.empty()) return {};
  Properties properties;
  for (Property& property : parse_properties(read_text(config)))
    properties.emplace_back(std::move(property.name), std::move(property.value));
  return read_settings(properties).storage;
}

int ingest_into(const IndexTask& task, const OutputLayout& layout, const std::string& report_path) {
  const Clock::time_point start = Clock::now();
  const std::string task_id = "index_" + task.schema->data_source;
  IndexReport report;
  try {
    run_with_bar(task, layout, report);
  } catch (const Error& error) {
    write_report(report_path, report.to_json(task_id, error.what()));
    throw;
  }
  write_report(report_path, report.to_json(task_id));
  print_report(report, seconds_since(start));
  return kSuccess;
}

}  // namespace

int ingest(const IngestOptions& options) {
  const StorageSettings settings = storage_settings(options.config);
  ingest::set_s3_input_connection(s3_connection(settings.s3));
  const IndexTask task = read_task(options);
  if (!options.out.empty()) return ingest_into(task, {OutputLayout::Kind::kPlain, options.out}, options.report);
  const DataFolder data(options.data);
  SegmentStores stores(settings, data);
  OutputLayout layout{OutputLayout::Kind::kDeepStorage,
                      settings.deep_storage.empty() ? data.segments() : settings.deep_storage};
  layout.metadata = &stores.metadata();
  if (settings.s3_storage || settings.zip.value_or(false)) layout.deep_storage = &stores.deep_storage();
  return ingest_into(task, layout, options.report);
}

}  // namespace sarsen::server
