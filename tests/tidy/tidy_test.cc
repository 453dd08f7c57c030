// Holds the checkout to its rules, and the rules to small trees that break them.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/support/checkout.h"
#include "tests/tidy/source_tree.h"

namespace sarsen::tidy {
namespace {

SourceFile file(std::string path, std::vector<std::string> lines) { return {std::move(path), std::move(lines)}; }

SourceTree tree(std::vector<SourceFile> files) {
  std::ranges::sort(files, {}, &SourceFile::path);
  return {std::move(files)};
}

std::vector<std::string> texts(const Complaints& complaints) {
  std::vector<std::string> all;
  for (const Complaint& complaint : complaints) all.push_back(complaint.text());
  return all;
}

using Texts = std::vector<std::string>;

TEST(Tidy, FindsNothingInThisCheckout) {
  const SourceTree checkout = read_source_tree(source_folder());
  ASSERT_GT(checkout.files.size(), 50U);
  ASSERT_NE(checkout.find("storage/base/error.h"), nullptr);
  for (const Complaint& complaint : check_tree(checkout)) ADD_FAILURE() << complaint.text();
}

TEST(Tidy, RefusesAnIncludeAgainstTheDirection) {
  const SourceTree bad = tree({file("storage/a.h", {"#include \"engine/b.h\""}),
                               file("engine/b.h", {"#include \"storage/a.h\"", "#include \"tests/t.h\""}),
                               file("tests/t.h", {"#include \"server/s.h\""})});
  EXPECT_EQ(texts(check_include_direction(bad)),
            (Texts{"engine/b.h:2: must not include tests/t.h", "storage/a.h:1: must not include engine/b.h"}));
}

TEST(Tidy, RefusesALibraryBesideItsDoor) {
  const SourceTree bad =
      tree({file("storage/base/json.cc", {"#include <simdjson.h>"}),
            file("engine/query/query.cc", {"#include <simdjson.h>", "#include <fmt/format.h>"}),
            file("engine/query/query.h", {"#include <fmt/format.h>"}),
            file("ingest/row/row.cc", {"#include <librdkafka/rdkafka.h>"}),
            file("tests/storage/a_test.cc", {"#include <lz4.h>"}),
            file("server/api/x.cc", {"#include <boost/beast/http.hpp>", "#include <spdlog/spdlog.h>"})});
  EXPECT_EQ(texts(check_library_doors(bad)),
            (Texts{"engine/query/query.cc:1: simdjson belongs into storage/base/json.cc",
                   "engine/query/query.h:1: no header may show fmt/format.h",
                   "ingest/row/row.cc:1: librdkafka belongs into ingest/kafka/",
                   "server/api/x.cc:1: boost/beast belongs into server/http/",
                   "server/api/x.cc:2: spdlog belongs into log.h or log.cc"}));
}

TEST(Tidy, LetsOnlyKernelsAndTheirChoiceSeeXsimd) {
  const std::vector<std::string> uses = {"#include <xsimd/xsimd.hpp>"};
  const SourceTree mixed = tree({file("engine/kernels/sum.kernel.h", uses), file("engine/kernels/sum.kernel.cc", uses),
                                 file("engine/kernels/sum.cc", uses), file("engine/kernels/sum.h", uses),
                                 file("engine/filter/bound.cc", uses)});
  EXPECT_EQ(texts(check_library_doors(mixed)), (Texts{"engine/filter/bound.cc:1: xsimd belongs into kernels",
                                                      "engine/kernels/sum.h:1: xsimd belongs into kernels"}));
}

TEST(Tidy, RefusesAnIncludeThatIsNotFromTheRoot) {
  const SourceTree bad =
      tree({file("storage/a.h", {}), file("storage/b.cc", {"#include \"a.h\"", "#include \"storage/a.h\""})});
  EXPECT_EQ(texts(check_includes_exist(bad)), Texts{"storage/b.cc:1: is no path from the root: a.h"});
}

TEST(Tidy, WantsEveryHeaderGuarded) {
  const SourceTree bad = tree({file("storage/a.h", {"int a;"}), file("storage/b.h", {"#pragma once"})});
  EXPECT_EQ(texts(check_headers_are_guarded(bad)), Texts{"storage/a.h: has no #pragma once"});
}

TEST(Tidy, RefusesPathsAndHostsOfOneMachine) {
  const SourceTree bad =
      tree({file("tools/x", {"cd /root/build", "curl https://pypi.org/simple"}), file("README.md", {"fine"})});
  EXPECT_EQ(texts(check_machine_paths_and_hosts(bad)),
            (Texts{"tools/x:1: names a path of one machine: /root/", "tools/x:2: names a package host: pypi.org"}));
}

TEST(Tidy, RefusesNamesThatSayNothing) {
  const SourceTree bad = tree({file("engine/time_utils.h", {}), file("engine/common.cc", {"  using namespace std;"})});
  EXPECT_EQ(texts(check_names(bad)), (Texts{"engine/common.cc: say what these functions have in common",
                                            "engine/common.cc:1: names what it uses: no using namespace",
                                            "engine/time_utils.h: say what these functions have in common"}));
}

TEST(Tidy, RefusesLoopsOverASnapshotThatIsGone) {
  const SourceTree bad =
      tree({file("engine/a.cc", {"for (const auto& [name, timeline] : *catalog.snapshot()) ++count;",
                                 "for (auto& name : names(*catalog.snapshot()))",
                                 "for (auto& [name, timeline] : *timelines) f(index.snapshot());"})});
  EXPECT_EQ(texts(check_snapshots_are_held(bad)).size(), 2U);
}

TEST(Tidy, WantsAReadmeInEveryFolder) {
  const SourceTree bad = tree({file("storage/README.md", {}), file("storage/base/error.h", {}),
                               file("tests/README.md", {}), file("tests/storage/base/error_test.cc", {})});
  EXPECT_EQ(texts(check_readmes(bad)), Texts{"storage/base: has no README.md"});
}

TEST(Tidy, LetsALongFileOnlyShrink) {
  const std::vector<std::string> long_text(kFileLinesMax + 1, "x");
  const SourceTree bad =
      tree({file("engine/new.cc", long_text), file("engine/same.cc", long_text), file("engine/shorter.cc", long_text),
            file("tests/tidy/long_files",
                 {"# lines path", "501 engine/same.cc", "502 engine/shorter.cc", "900 engine/gone.cc"})});
  EXPECT_EQ(texts(check_file_lengths(bad)),
            (Texts{"engine/new.cc: 501 lines, more than 500",
                   "tests/tidy/long_files: engine/shorter.cc has shrunk: write 501 there, or nothing from 500 down",
                   "tests/tidy/long_files: there is no engine/gone.cc"}));
}

TEST(Tidy, ReadsTextAndLeavesBuildsAndBinariesOut) {
  const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "sarsen_tidy_tree";
  std::filesystem::remove_all(root);
  std::filesystem::create_directories(root / "build");
  std::filesystem::create_directories(root / "storage");
  std::ofstream(root / "build/x.h") << "hidden";
  std::ofstream(root / "storage/a.h") << "one\ntwo\n";
  std::ofstream(root / "storage/a.bin") << std::string("a\0b", 3);
  const SourceTree found = read_source_tree(root);
  std::filesystem::remove_all(root);
  ASSERT_EQ(found.files.size(), 1U);
  EXPECT_EQ(found.files[0].path, "storage/a.h");
  EXPECT_EQ(found.files[0].lines, (std::vector<std::string>{"one", "two"}));
}

}  // namespace
}  // namespace sarsen::tidy
