#include "storage/verify/segment_verification.h"

#include <algorithm>
#include <map>
#include <utility>

#include "storage/segment/open_stored_segment.h"
#include "storage/segment/segment_files.h"
#include "storage/segment/segment_kind.h"
#include "storage/segment/smoosh.h"

namespace sarsen::storage {

bool VerifyReport::damaged() const noexcept {
  return std::ranges::any_of(findings, [](const Finding& finding) { return !finding.note; });
}

SegmentVerification::SegmentVerification(std::filesystem::path path, CheckObject check_object)
    : path_(std::move(path)), check_object_(std::move(check_object)) {
  if (!std::filesystem::exists(path_)) throw Error(ErrorCategory::kNotFound, "no such segment: " + path_.string());
  try {
    open();
  } catch (const Error& error) {
    opening_.damage("", path_.string(), error);
  }
}

void SegmentVerification::open() {
  files_ = open_segment_files(path_);
  segment_ = open_stored_segment(files_, path_.string());
  if (segment_kind_of(files_) == SegmentKind::kTombstone) return;  // nothing is stored of it
  map_ = map_segment(files_, Smoosh(files_));
  add_step("", 0, [this](Findings& findings) {
    check_files(map_, findings);
    check_metadata(*segment_, map_, findings);
    check_descriptor(*segment_, path_, findings);
  });
  const std::uint64_t time_bytes = 8ULL * segment_->row_count();
  add_step(std::string(kTimeColumn), time_bytes, [this](Findings& findings) { check_times(*segment_, findings); });
  add_step("metadata.drd", time_bytes, [this](Findings& findings) { check_order(*segment_, findings); });
  add_column_steps();
  for (const Projection& projection : segment_->projections())
    add_step(projection.name, 0, [this, &projection](Findings& findings) {
      check_projection(*segment_, projection.name, check_object_, findings);
    });
}

void SegmentVerification::add_step(std::string column, std::uint64_t bytes, std::function<void(Findings&)> run) {
  steps_.push_back({std::move(column), bytes, std::move(run), {}});
}

void SegmentVerification::add_column_steps() {
  std::map<std::string, std::uint64_t> sizes;
  for (const MappedPart& mapped : map_.parts) sizes[mapped.group] += mapped.part.decoded;
  // Both wrote no metadata.drd.
  const bool oldest_writers = segment_->metadata().is_null() && !sizes.contains("metadata.drd");
  for (const auto* names : {&segment_->dimensions(), &segment_->metrics()})
    for (const std::string& name : *names)
      add_step(name, sizes[name], [this, &name, oldest_writers](Findings& findings) {
        check_column({*segment_->column(name), name, oldest_writers, check_object_, findings});
      });
}

void SegmentVerification::run_step(std::size_t step) {
  Step& work = steps_[step];
  try {
    work.run(work.findings);
  } catch (const Error& error) {
    work.findings.damage(work.column, path_.string(), error);
  }
}

// The part as far as the map has it, else the column, else nothing.
void SegmentVerification::locate(Finding& finding) const {
  for (const std::string& place : {finding.column + "/" + finding.part, finding.column}) {
    try {
      const auto [mapped, part] = map_.find(place);
      finding.file = mapped->file;
      finding.offset = mapped->begin + part->begin;
      return;
    } catch (const Error&) {  // no such part
    }
  }
}

VerifyReport SegmentVerification::report() const {
  VerifyReport report{.path = path_, .findings = opening_.all()};
  if (segment_ != nullptr) {
    report.rows = segment_->row_count();
    report.columns = 1 + segment_->dimensions().size() + segment_->metrics().size();
    report.size_bytes = segment_->size_bytes();
  }
  for (const Step& step : steps_)
    report.findings.insert(report.findings.end(), step.findings.all().begin(), step.findings.all().end());
  for (Finding& finding : report.findings) locate(finding);
  return report;
}

}  // namespace sarsen::storage
