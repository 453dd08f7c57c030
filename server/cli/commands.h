#pragma once
// The subcommands: each adds itself and its options to the program, in a file of its own (NAME_options.cc), and when it
// is given says what is to run. A new command is such a file, a line here and one in command_line.cc.

#include <functional>

namespace CLI {
class App;
}

namespace sarsen::server {

/// What the command line asks for; returns the exit status.
using Chosen = std::function<int()>;

/// Ends the help of each command.
inline constexpr const char* kExitText = "\nExit status: 0 done, 1 failed, 2 wrong usage.\n";

void add_serve(CLI::App& app, Chosen& chosen);
void add_ingest(CLI::App& app, Chosen& chosen);
void add_query(CLI::App& app, Chosen& chosen);
void add_dump(CLI::App& app, Chosen& chosen);
void add_merge(CLI::App& app, Chosen& chosen);
void add_produce(CLI::App& app, Chosen& chosen);
void add_verify(CLI::App& app, Chosen& chosen);
void add_bench(CLI::App& app, Chosen& chosen);

}  // namespace sarsen::server
