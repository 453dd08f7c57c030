#include "engine/vector/kinds_only.h"

#include "engine/vector/growing_dictionary.h"

namespace sarsen::engine {
namespace {

template <class T>
class NoNumbers final : public NumericSource<T> {
 public:
  NumericVector<T> read(std::uint32_t, std::uint32_t) override { return {nullptr, nullptr}; }
};

class NoStrings final : public StringSource {
 public:
  explicit NoStrings(bool multiple_values) : multiple_values_(multiple_values) {}
  const storage::Dictionary& dictionary() const override { return dictionary_; }
  bool grows() const override { return true; }
  bool multiple_values() const override { return multiple_values_; }
  const std::uint32_t* read_ids(std::uint32_t, std::uint32_t) override { return nullptr; }
  storage::StringReader::Lists read_lists(std::uint32_t, std::uint32_t) override { return {nullptr, nullptr}; }

 private:
  GrowingDictionary dictionary_;
  bool multiple_values_;
};

class NoValues final : public ValueSource {
 public:
  ValueView value(std::uint32_t) override { return {}; }
};

class KindsOnly final : public ColumnSources {
 public:
  explicit KindsOnly(const ColumnSources* columns) noexcept : columns_(columns) {}

  std::optional<ColumnKind> kind(std::string_view column) const override {
    return columns_ != nullptr ? columns_->kind(column) : std::nullopt;
  }
  NumericSource<std::int64_t>& longs(std::string_view) override { return longs_; }
  NumericSource<float>& floats(std::string_view) override { return floats_; }
  NumericSource<double>& doubles(std::string_view) override { return doubles_; }
  StringSource* strings(std::string_view column) override {
    const std::optional<ColumnKind> found = kind(column);
    if (!found || found->type != storage::ValueType::kString) return nullptr;
    return found->multiple_values ? &lists_ : &strings_;
  }
  ValueSource& values(std::string_view) override { return values_; }

 private:
  const ColumnSources* columns_;
  NoNumbers<std::int64_t> longs_;
  NoNumbers<float> floats_;
  NoNumbers<double> doubles_;
  NoStrings strings_{false};
  NoStrings lists_{true};
  NoValues values_;
};

}  // namespace

std::unique_ptr<ColumnSources> kinds_only(const ColumnSources* columns) { return std::make_unique<KindsOnly>(columns); }

}  // namespace sarsen::engine
