#pragma once
// Raw input rows as filters want them: every field but __time is a string column with a dictionary that grows, whose
// rows may have several values; numbers are Java's text. Asked for as numbers, what is none is null, and nobody is
// blamed for it. Not thread-safe.

#include <memory>
#include <string>
#include <string_view>

#include "engine/vector/column_sources.h"
#include "engine/vector/growing_dictionary.h"
#include "engine/vector/kept_sources.h"
#include "engine/vector/raw_columns.h"

namespace sarsen::ingest {

/// Texts that dictionaries may gather before those who read them had better begin anew.
inline constexpr std::size_t kTextEntriesMax = 100'000;

class TextColumns final : public engine::ColumnSources, public engine::TextsOfRawRows {
 public:
  /// REQUIRES: `rows` outlives it.
  explicit TextColumns(engine::ColumnSources& rows);
  ~TextColumns() override;

  std::optional<engine::ColumnKind> kind(std::string_view column) const override;
  engine::NumericSource<std::int64_t>& longs(std::string_view column) override;
  engine::NumericSource<float>& floats(std::string_view column) override;
  engine::NumericSource<double>& doubles(std::string_view column) override;
  engine::StringSource* strings(std::string_view column) override;
  engine::ValueSource& values(std::string_view column) override;
  engine::ColumnSources& raw_rows() override { return rows_; }

  /// Strings that the dictionaries hold.
  std::size_t entry_count() const noexcept;

 private:
  class Texts;
  template <class T>
  class Numbers;

  engine::ColumnSources& rows_;
  engine::KeptSources<Texts> texts_;
  engine::KeptSources<engine::NumericSource<std::int64_t>> longs_;
  engine::KeptSources<engine::NumericSource<float>> floats_;
  engine::KeptSources<engine::NumericSource<double>> doubles_;
};

}  // namespace sarsen::ingest
