#pragma once
// Standard output of commands with long results, and how they end early: when the reader of a pipe has gone, quietly
// and with success; at Ctrl-C with status 130. Not thread-safe.

#include <cstddef>
#include <string_view>

namespace sarsen::server {

/// Thrown where nobody reads standard output any more. No std::exception: nothing has failed. run_command_line() takes
/// it as success.
struct OutputClosed {};

/// From here on a closed pipe is OutputClosed instead of a signal, and SIGINT and SIGTERM end the process at once.
/// For commands that leave nothing behind.
void end_quietly_on_signals();

/// Writes all of it. Throws OutputClosed, or kRuntimeFailure where the file system refuses.
void write_out(std::string_view text);

/// Standard output is a terminal.
bool is_terminal() noexcept;

/// Columns of the terminal; $COLUMNS where that is no terminal, 0 where neither is known.
std::size_t terminal_width() noexcept;

}  // namespace sarsen::server
