// Runs a fuzz target without libFuzzer: every seed of a folder, and a fixed number of changed copies of each. The same
// inputs on every machine and every run, so that a failure can be shown again: it is named by its seed and number.
//
// usage: TARGET_fuzz FOLDER [COPIES [SEED-FILE NUMBER]]

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fuzz/mutation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// From the sanitizers' runtime, where it is linked: they end the process without a signal.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace sarsen {
namespace {

// What is running, for the last words of a crash.
std::string current_input;

void say_last_words() {
  std::cerr << "\nfuzz: failed on " << current_input << '\n';
  std::cerr.flush();
}

void on_signal(int signal) {
  say_last_words();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

void run_one(const std::string& input) {
  // A copy of exactly this size: reading one byte past its end is then seen.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::vector<std::filesystem::path> seeds_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) seeds.push_back(entry.path());
  }
  std::ranges::sort(seeds);
  return seeds;
}

// Number 0 is the seed itself.
void run_numbered(const std::filesystem::path& seed, const std::string& text, unsigned long number) {
  current_input = seed.filename().string() + ", copy " + std::to_string(number);
  run_one(number == 0 ? text : mutate(text, number));
}

int replay(const std::filesystem::path& folder, unsigned long copies) {
  const std::vector<std::filesystem::path> seeds = seeds_of(folder);
  if (seeds.empty()) {
    std::cerr << "fuzz: no seeds in " << folder << '\n';
    return 1;
  }
  for (const std::filesystem::path& seed : seeds) {
    const std::string text = read_file(seed);
    for (unsigned long number = 0; number <= copies; ++number) run_numbered(seed, text, number);
  }
  std::cout << "fuzz: " << seeds.size() << " seeds with " << copies << " changed copies each\n";
  return 0;
}

}  // namespace
}  // namespace sarsen

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3 && argc != 5) {
    std::cerr << "usage: " << argv[0] << " FOLDER [COPIES [SEED-FILE NUMBER]]\n";
    return 2;
  }
  for (int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, sarsen::on_signal);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(sarsen::say_last_words);
  const std::filesystem::path folder = argv[1];
  if (argc == 5) {
    const std::filesystem::path seed = folder / argv[3];
    sarsen::run_numbered(seed, sarsen::read_file(seed), std::strtoul(argv[4], nullptr, 10));
    return 0;
  }
  return sarsen::replay(folder, argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0);
}
