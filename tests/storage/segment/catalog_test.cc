#include "storage/segment/catalog.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sarsen::storage {
namespace {

void add(Timeline& timeline, std::int64_t start) {
  TimelineEntry entry;
  entry.id = {"demo", {start, start + 10}, "v", 0};
  timeline.add(std::move(entry));
}

TEST(Catalog, PublishesChangesAndKeepsOldPictures) {
  Catalog catalog;
  const auto empty = catalog.snapshot();
  catalog.update("demo", [](Timeline& timeline) { add(timeline, 0); });
  const auto one = catalog.snapshot();
  catalog.update("demo", [](Timeline& timeline) { add(timeline, 10); });
  EXPECT_TRUE(empty->empty());
  EXPECT_EQ(one->at("demo")->entries().size(), 1u);
  EXPECT_EQ(catalog.snapshot()->at("demo")->entries().size(), 2u);
}

TEST(Catalog, ForgetsADataSourceWithoutSegments) {
  Catalog catalog;
  catalog.update("demo", [](Timeline& timeline) { add(timeline, 0); });
  catalog.update("demo", [](Timeline& timeline) { timeline.remove({"demo", {0, 10}, "v", 0}); });
  EXPECT_TRUE(catalog.snapshot()->empty());
}

TEST(Catalog, PublishesNothingOfAChangeThatFails) {
  Catalog catalog;
  const auto failing = [](Timeline& timeline) {
    add(timeline, 0);
    throw std::runtime_error("no");
  };
  EXPECT_THROW(catalog.update("demo", failing), std::runtime_error);
  EXPECT_TRUE(catalog.snapshot()->empty());
}

}  // namespace
}  // namespace sarsen::storage
