// The options of `sarsen dump`.
#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>

#include "server/cli/commands.h"
#include "server/cli/dump/dump.h"

namespace sarsen::server {
namespace {

const std::map<std::string, DumpFormat> kFormats = {{"table", DumpFormat::kTable},
                                                    {"json", DumpFormat::kJson},
                                                    {"ndjson", DumpFormat::kNdjson},
                                                    {"csv", DumpFormat::kCsv}};

constexpr const char* kExamples =
    "\nRows are shown as Druid shows them: several values as an array, but single values where no row\n"
    "of the column has more than one; hyperUnique, theta and HLL sketches as their estimate, quantiles\n"
    "as {\"n\",\"min\",\"max\"}, JSON as JSON, other objects as base64. Times are milliseconds, as in\n"
    "Druid's dump-segment; --time iso is its --time-iso8601.\n"
    "\nExamples:\n"
    "  sarsen dump ./segments/wikiticker/2015-09-12\n"
    "  sarsen dump index.zip --rows --columns __time,page --limit 10\n"
    "  sarsen dump index.zip --rows --filter '{\"type\":\"selector\",\"dimension\":\"page\",\"value\":\"Main\"}' "
    "--format csv\n"
    "  sarsen dump index.zip --sizes\n"
    "  sarsen dump index.zip --bitmaps page --limit 20\n"
    "  sarsen dump index.zip --hex page/dictionary --limit 256\n";

void add_view(CLI::Option_group& views, const std::string& name, DumpView view, const std::string& doc,
              const std::shared_ptr<DumpOptions>& options) {
  views.add_flag_callback(name, [options, view] { options->view = view; }, doc);
}

void add_view_of(CLI::Option_group& views, const std::string& name, DumpView view, std::string DumpOptions::* target,
                 const std::string& doc, const std::shared_ptr<DumpOptions>& options) {
  views.add_option_function<std::string>(
      name,
      [options, view, target](const std::string& text) {
        options->view = view;
        options.get()->*target = text;
      },
      doc);
}

void add_views(CLI::App& command, const std::shared_ptr<DumpOptions>& options) {
  CLI::Option_group& views = *command.add_option_group("What is shown", "The table of columns where none is given");
  add_view(views, "--rows", DumpView::kRows, "The rows", options);
  add_view(views, "--metadata", DumpView::kMetadata, "The segment's own metadata: JSON, pretty on a terminal", options);
  add_view(views, "--sizes", DumpView::kSizes, "Where every byte of the files goes", options);
  add_view_of(views, "--bitmaps", DumpView::kBitmaps, &DumpOptions::column,
              "The bitmaps of a column: value, rows, bytes, containers", options);
  add_view_of(views, "--hex", DumpView::kHex, &DumpOptions::part,
              "The bytes of a file, a column, or a part of one (--sizes names them): page/dictionary", options);
  views.require_option(0, 1);
}

}  // namespace

void add_dump(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("dump", "Show what a segment holds: columns, metadata, rows, bytes");
  const auto options = std::make_shared<DumpOptions>();
  command->add_option("segment", options->segment, "A segment's folder or its index.zip")->required();
  add_views(*command, options);
  command
      ->add_option("--format", options->format,
                   "table, json, ndjson or csv [rows: a table on a terminal, else ndjson; others: a table]")
      ->transform(CLI::CheckedTransformer(kFormats).description(""));
  command->add_flag_callback("--json", [options] { options->format = DumpFormat::kJson; }, "The same as --format json");
  command->add_option("--columns", options->columns, "Only these columns, separated by commas")->delimiter(',');
  command->add_option("--filter", options->filter, "Only the rows that a native filter, as JSON, lets through");
  command->add_option("--limit", options->limit, "At most so many rows (after the filter), bitmaps, or bytes of --hex");
  command
      ->add_option_function<std::string>(
          "--time", [options](const std::string& text) { options->iso_times = text == "iso"; },
          "__time as iso or millis [millis]")
      ->check(CLI::IsMember({"iso", "millis"}).description(""));
  command->add_flag("--default-value-nulls", options->empty_is_null,
                    "Show empty text as null, as Druid did to version 27 unless told otherwise");
  command->add_option("--projection", options->projection, "A projection in place of the table");
  command->footer(std::string(kExamples) + kExitText);
  command->callback([options, &chosen] { chosen = [options] { return dump(*options); }; });
}

}  // namespace sarsen::server
