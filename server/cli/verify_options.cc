// The options of `sarsen verify`.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "server/cli/commands.h"
#include "server/cli/verify.h"

namespace sarsen::server {

void add_verify(CLI::App& app, Chosen& chosen) {
  CLI::App* command =
      app.add_subcommand("verify", "Prove segments whole: blocks, dictionaries, bitmaps, order, metadata");
  const auto options = std::make_shared<VerifyOptions>();
  command->add_option("segments", options->paths, "Segments, or folders that are searched for them")->required();
  command->add_option("--threads", options->threads, "Threads [one per processor]")->check(CLI::Range(1, 1024));
  command->add_flag("--json", options->json, "One JSON object a segment");
  command->add_flag("--quiet", options->quiet, "Only damaged segments, without notes");
  command->footer(
      "\nA note is no damage: it names what stock Druid is known to have written wrongly and readers pass over.\n"
      "\nExamples:\n"
      "  sarsen verify ./segments/wikiticker/2015-09-12\n"
      "  sarsen verify --quiet --json /druid/deep-storage\n"
      "\nExit status: 0 done, 1 failed, 2 wrong usage. A damaged segment is a failure.\n");
  command->callback([options, &chosen] { chosen = [options] { return verify(*options); }; });
}

}  // namespace sarsen::server
