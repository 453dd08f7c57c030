// Rows by id: ascending, once each, however often a row holds an id.
#include "storage/bitmap/rows_by_id.h"

#include <gmock/gmock.h>

#include <array>

namespace sarsen::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RowsById, ListsEachIdsRows) {
  const std::array<std::uint32_t, 5> ids{2, 0, 2, 3, 0};
  const RowsById rows = RowsById::of(ids, 4);
  EXPECT_EQ(rows.ids(), 4U);
  EXPECT_EQ(rows.row_count(), 5U);
  EXPECT_THAT(rows.rows(0), ElementsAre(1, 4));
  EXPECT_THAT(rows.rows(1), IsEmpty());
  EXPECT_THAT(rows.rows(2), ElementsAre(0, 2));
  EXPECT_THAT(rows.rows(3), ElementsAre(3));
}

TEST(RowsById, KnowsAnIdOfARowOnce) {
  RowsById rows(2, 2);
  for (const std::uint32_t id : {1U, 1U, 0U, 1U}) rows.count(id);
  rows.begin_adding();
  rows.add(1, 0);
  rows.add(1, 0);
  rows.add(0, 1);
  rows.add(1, 1);
  EXPECT_THAT(rows.rows(0), ElementsAre(1));
  EXPECT_THAT(rows.rows(1), ElementsAre(0, 1));
}

TEST(RowsById, MayHaveNone) { EXPECT_EQ(RowsById::of({}, 0).ids(), 0U); }

}  // namespace
}  // namespace sarsen::storage
