#pragma once
// Proves one segment whole. The work is cut into steps that are independent of each other: make a SegmentVerification,
// run each of its steps once, on any threads, then ask for the report. Findings come in the order of the steps,
// whatever the threads did.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/verify/checks.h"

namespace sarsen::storage {

struct VerifyReport {
  std::filesystem::path path;
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  std::uint64_t size_bytes = 0;
  std::vector<Finding> findings;

  /// Notes are none.
  bool damaged() const noexcept;
};

class SegmentVerification {
 public:
  /// Opens the segment at `path`. Does not throw where it is damaged: it then has no steps, and the report says why.
  /// Throws kNotFound where there is nothing.
  SegmentVerification(std::filesystem::path path, CheckObject check_object);

  std::size_t step_count() const noexcept { return steps_.size(); }
  /// What a step costs, about.
  std::uint64_t step_bytes(std::size_t step) const { return steps_[step].bytes; }
  /// REQUIRES: once per step. Thread-safe for different steps.
  void run_step(std::size_t step);

  /// REQUIRES: all steps have run.
  VerifyReport report() const;

 private:
  struct Step {
    std::string column;
    std::uint64_t bytes;
    std::function<void(Findings&)> run;
    Findings findings;
  };

  void open();
  void add_step(std::string column, std::uint64_t bytes, std::function<void(Findings&)> run);
  void add_column_steps();
  void locate(Finding& finding) const;

  std::filesystem::path path_;
  CheckObject check_object_;
  std::shared_ptr<const Segment> segment_;
  StoredFiles files_;
  SegmentMap map_;
  Findings opening_;
  std::vector<Step> steps_;
};

}  // namespace sarsen::storage
