// bloom: the column's value may be in a Bloom filter that the query brings along, in Hive's format as Druid's extension
// druid-bloom-filter writes it: the number of hash functions (u8), the number of words (i32), the words (i64), all big
// endian, as base64.

#include <bit>

#include "engine/filter/leaf_matcher.h"
#include "storage/base/base64.h"

namespace sarsen::engine {
namespace {

constexpr std::size_t kHeaderBytes = 5;
constexpr std::uint32_t kBlockWords = 8;
constexpr std::uint64_t kNullHash = 2862933555777941757U;
constexpr std::uint64_t kSeed = 104729;
constexpr std::uint64_t kC1 = 0x87c37b91114253d5U;
constexpr std::uint64_t kC2 = 0x4cf5ad432745937fU;

std::uint64_t finished(std::uint64_t hash, std::uint64_t size) noexcept {
  hash ^= size;
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdU;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33);
}

std::uint64_t scrambled(std::uint64_t word) noexcept { return std::rotl(word * kC1, 31) * kC2; }

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) noexcept {
  return std::rotl(hash ^ scrambled(word), 27) * 5 + 0x52dce729;
}

/// Hive's Murmur3.hash64, one lane of 64 bits.
std::uint64_t hash_of(std::string_view bytes) noexcept {
  std::uint64_t hash = kSeed;
  std::size_t position = 0;
  for (; position + 8 <= bytes.size(); position += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = 8; i-- > 0;) word = word << 8 | static_cast<unsigned char>(bytes[position + i]);
    hash = mixed(hash, word);
  }
  if (position < bytes.size()) {
    std::uint64_t word = 0;
    for (std::size_t i = bytes.size(); i-- > position;) word = word << 8 | static_cast<unsigned char>(bytes[i]);
    hash ^= scrambled(word);
  }
  return finished(hash, bytes.size());
}

std::uint64_t byte_swapped(std::uint64_t value) noexcept {
  std::uint64_t swapped = 0;
  for (int i = 0; i < 8; ++i) swapped = swapped << 8 | ((value >> (8 * i)) & 0xFF);
  return swapped;
}

std::uint64_t hash_of(std::int64_t value) noexcept {
  return finished(mixed(kSeed, byte_swapped(static_cast<std::uint64_t>(value))), 8);
}

class BloomBits {
 public:
  BloomBits(std::uint8_t functions, std::vector<std::uint64_t> words)
      : functions_(functions), words_(std::move(words)) {}

  /// All bits of a hash lie in one block of eight words.
  bool has(std::uint64_t hash) const noexcept {
    const auto low = static_cast<std::uint32_t>(hash);
    const auto high = static_cast<std::uint32_t>(hash >> 32);
    const std::size_t block = positive(low + high) % (words_.size() / kBlockWords) * kBlockWords;
    for (std::uint32_t i = 1; i <= functions_; ++i) {
      const std::uint32_t combined = positive(low + (i + 1) * high);
      const std::uint64_t word = words_[block + combined % kBlockWords];
      if (((word >> (combined / kBlockWords % 64)) & 1) == 0) return false;
    }
    return true;
  }

 private:
  static std::uint32_t positive(std::uint32_t hash) noexcept {
    return static_cast<std::int32_t>(hash) < 0 ? ~hash : hash;
  }

  std::uint8_t functions_;
  std::vector<std::uint64_t> words_;
};

class Bloom final : public Filter {
 public:
  Bloom(std::string dimension, std::shared_ptr<const BloomBits> bits, ExtractionPtr function)
      : dimension_(std::move(dimension)), bits_(std::move(bits)), function_(std::move(function)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    const Answer null_answer = bits_->has(kNullHash) ? Answer::kTrue : Answer::kUnknown;
    const TextTest test = [bits = bits_, null_answer](std::optional<std::string_view> text) {
      return text ? answer_of(bits->has(hash_of(*text))) : null_answer;
    };
    if (function_ != nullptr) return bind_text_leaf(columns, dimension_, use, function_, test);
    return bind_leaf(
        columns, dimension_, use, null_answer, [&](StringSource& source) { return match_answers(source, test); },
        [&]<class T>(NumericSource<T>& source) {
          return match_distinct<T>(
              source, [bits = bits_](T value) { return answer_of(bits->has(number_hash(value))); }, null_answer);
        });
  }

 private:
  static std::uint64_t number_hash(std::int64_t value) noexcept { return hash_of(value); }
  static std::uint64_t number_hash(double value) noexcept {
    const auto nan = std::int64_t{0x7ff8000000000000};
    return hash_of(value != value ? nan : std::bit_cast<std::int64_t>(value));
  }
  /// A float is hashed as its four bytes, little endian.
  static std::uint64_t number_hash(float value) noexcept {
    const std::uint32_t bits = value != value ? 0x7fc00000U : std::bit_cast<std::uint32_t>(value);
    std::string bytes;
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>((bits >> (8 * i)) & 0xFF);
    return hash_of(bytes);
  }

  std::string dimension_;
  std::shared_ptr<const BloomBits> bits_;
  ExtractionPtr function_;
};

std::shared_ptr<const BloomBits> parse_bits(const JsonField& json) {
  const std::optional<std::string> bytes = base64_bytes(json.string());
  if (!bytes) json.fail("is no base64");
  if (bytes->size() < kHeaderBytes) json.fail("is too short for a Bloom filter");
  const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>((*bytes)[i])}; };
  std::uint64_t count = 0;
  for (std::size_t i = 1; i < kHeaderBytes; ++i) count = count << 8 | byte(i);
  if (count == 0 || count % kBlockWords != 0 || (bytes->size() - kHeaderBytes) / 8 < count)
    json.fail("is no Bloom filter: its number of words is " + std::to_string(count));
  std::vector<std::uint64_t> words(count);
  for (std::size_t i = 0; i < count * 8; ++i) words[i / 8] = words[i / 8] << 8 | byte(kHeaderBytes + i);
  return std::make_shared<BloomBits>(static_cast<std::uint8_t>(byte(0) & 0x7F), std::move(words));
}

FilterPtr parse_bloom(const JsonField& json) {
  return std::make_shared<Bloom>(json["dimension"].string(), parse_bits(json["bloomKFilter"]),
                                 parse_optional_extraction(json["extractionFn"]));
}

}  // namespace

void register_bloom(FilterRegistry& registry) {
  registry.add(
      {.type = "bloom", .parse = parse_bloom, .doc = "`dimension` may be in the Bloom filter `bloomKFilter`."});
}

}  // namespace sarsen::engine
