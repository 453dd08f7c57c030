#pragma once
// The program's command line: subcommands, their options and help. Results go to standard output, all else to standard
// error.

namespace sarsen::server {

/// Runs the program and returns its exit status (exit_status.h).
int run_command_line(int argc, char** argv);

}  // namespace sarsen::server
