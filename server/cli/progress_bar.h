#pragma once
// A line on standard error that shows how far a long run is. Silent where that is no terminal. Not thread-safe.

#include <chrono>
#include <cstdint>
#include <string>

namespace sarsen::server {

class ProgressBar {
 public:
  ProgressBar();
  /// Removes the line.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Draws anew, but not more often than ten times a second. `total` 0: unknown.
  void update(std::uint64_t done, std::uint64_t total, const std::string& text);

 private:
  bool visible_;
  std::chrono::steady_clock::time_point next_;
};

/// "[#########...........]  45 % text"; without bar and share where the total is unknown.
std::string progress_line(std::uint64_t done, std::uint64_t total, const std::string& text);

/// 1234567 as "1,234,567".
std::string with_separators(std::uint64_t number);

}  // namespace sarsen::server
