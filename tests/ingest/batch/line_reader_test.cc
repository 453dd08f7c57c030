#include "ingest/batch/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "storage/base/base64.h"
#include "storage/base/error.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// "one\ntwo\n" and "three", each a stream of its own.
constexpr std::string_view kBzip2 =
    "QlpoOTFBWSZTWacUK3cAAALBgAAQAgGEgCAAIYAMAjj1G4u5IpwoSFOKFbuAQlpoOTFBWSZTWcLLsg4AAAIBgAJAFAAgACGMgzTQynF3JFOFCQwsuy"
    "Dg";
constexpr std::string_view kXz =
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAHb25lCnR3bwoAUauer1d1cEkAASAIuxnZux+"
    "2830BAAAAAARZWv03elhaAAAE5ta0RgIAIQEWAAAAdC/l"
    "owEABHRocmVlAAAAAItYiKYC2gt8AAEdBbgtgK8ftvN9AQAAAAAEWVo=";
// "one\ntwo\nthree" in a, "four\n" in b.
constexpr std::string_view kZip =
    "UEsDBBQAAAAIAAAAIVCeZm2GDwAAAA0AAAABAAAAYcvPS+UqKc/"
    "nKskoSk0FAFBLAwQUAAAACAAAACFQdMrzHAcAAAAFAAAAAQAAAGJLyy8t4gIAUEsB"
    "AhQDFAAAAAgAAAAhUJ5mbYYPAAAADQAAAAEAAAAAAAAAAAAAAIABAAAAAGFQSwECFAMUAAAACAAAACFQdMrzHAcAAAAFAAAAAQAAAAAAAAAAAAAAgA"
    "Eu"
    "AAAAYlBLBQYAAAAAAgACAF4AAABUAAAAAAA=";

class LineReaderTest : public testing::TestWithParam<std::pair<const char*, std::string_view>> {
 protected:
  std::vector<std::string> read(const std::string& bytes) {
    const auto path = folder_.path() / (std::string("file") + GetParam().first);
    std::ofstream(path, std::ios::binary) << bytes;
    const auto reader = open_lines(path);
    std::vector<std::string> lines;
    while (const auto line = reader->next()) lines.emplace_back(*line);
    bytes_read_ = reader->bytes_read();
    return lines;
  }

  TemporaryFolder folder_;
  std::uint64_t bytes_read_ = 0;
};

/// Builds may lack a library: they say so.
TEST_P(LineReaderTest, UnpacksStreamsBehindEachOther) {
  const std::string packed = *base64_bytes(GetParam().second);
  try {
    EXPECT_THAT(read(packed), ElementsAre("one", "two", "three"));
    EXPECT_EQ(bytes_read_, packed.size());
  } catch (const Error& error) {
    ASSERT_EQ(error.category(), ErrorCategory::kUnsupported) << error.what();
    GTEST_SKIP() << error.what();
  }
}

TEST_P(LineReaderTest, NoticesFilesThatAreCutOffOrNone) {
  const std::string packed = *base64_bytes(GetParam().second);
  for (const std::size_t size : {packed.size() - 1, packed.size() / 2 - 1, std::size_t{5}, std::size_t{0}})
    EXPECT_THROW(read(packed.substr(0, size)), Error) << size;
  EXPECT_THROW(read(std::string(200, 'x')), Error);
}

INSTANTIATE_TEST_SUITE_P(All, LineReaderTest,
                         testing::Values(std::pair{".bz2", kBzip2}, std::pair{".xz", kXz}, std::pair{".zip", kZip}));

}  // namespace
}  // namespace sarsen::ingest
