#pragma once
// How the program ends, the same for all subcommands.

namespace sarsen::server {

enum ExitStatus : int { kSuccess = 0, kFailure = 1, kWrongUsage = 2 };

}  // namespace sarsen::server
