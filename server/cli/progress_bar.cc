#include "server/cli/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace sarsen::server {
namespace {

constexpr std::uint64_t kBarWidth = 30;
constexpr std::chrono::milliseconds kPeriod{100};

}  // namespace

ProgressBar::ProgressBar() : visible_(::isatty(STDERR_FILENO) != 0), next_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  if (visible_) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::update(std::uint64_t done, std::uint64_t total, const std::string& text) {
  const auto now = std::chrono::steady_clock::now();
  if (!visible_ || now < next_) return;
  next_ = now + kPeriod;
  fmt::print(stderr, "\r\x1b[K{}", progress_line(done, total, text));
  std::fflush(stderr);
}

std::string progress_line(std::uint64_t done, std::uint64_t total, const std::string& text) {
  if (total == 0) return text;
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarWidth));
  return fmt::format("[{}{}] {:3.0f} % {}", std::string(filled, '#'), std::string(kBarWidth - filled, '.'), share * 100,
                     text);
}

std::string with_separators(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

}  // namespace sarsen::server
