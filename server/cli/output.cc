#include "server/cli/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "storage/base/file_descriptor.h"

namespace sarsen::server {
namespace {

constexpr int kSignalStatus = 128;  // what shells add to the signal's number
constexpr std::size_t kWidthMax = 10000;

// A progress bar may stand on the line. Nothing but calls that are safe in handlers.
void end_now(int signal) {
  constexpr char kClearLine[] = "\r\x1b[K";
  if (::isatty(STDERR_FILENO) != 0)
    if (::write(STDERR_FILENO, kClearLine, sizeof(kClearLine) - 1) < 0) ::_exit(kSignalStatus + signal);
  ::_exit(kSignalStatus + signal);
}

}  // namespace

void end_quietly_on_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGINT, end_now);
  std::signal(SIGTERM, end_now);
}

void write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == EPIPE) throw OutputClosed();
      throw_file_error("Cannot write", "standard output");
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool is_terminal() noexcept { return ::isatty(STDOUT_FILENO) != 0; }

std::size_t terminal_width() noexcept {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* text = std::getenv("COLUMNS");
  const std::size_t columns = text == nullptr ? 0 : std::strtoul(text, nullptr, 10);
  return columns > kWidthMax ? 0 : columns;
}

}  // namespace sarsen::server
