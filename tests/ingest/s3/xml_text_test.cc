#include "ingest/s3/xml_text.h"

#include <gtest/gtest.h>

namespace sarsen::ingest {
namespace {

TEST(XmlTextTest, FindsElementsOneAfterTheOther) {
  const std::string_view xml = "<a><k>1 &lt; 2</k><k/><k>b</k></a>";
  std::size_t at = 0;
  EXPECT_EQ(next_xml_element(xml, "k", at), "1 &lt; 2");
  EXPECT_EQ(next_xml_element(xml, "k", at), "b");
  EXPECT_EQ(next_xml_element(xml, "k", at), "");
  EXPECT_EQ(at, xml.size());
  EXPECT_EQ(xml_element(xml, "k"), "1 < 2");
  EXPECT_EQ(xml_element("<k>open", "k"), "");
}

TEST(XmlTextTest, ReadsEveryEntityOnce) {
  EXPECT_EQ(xml_plain("&lt;&gt;&quot;&apos;&amp;"), "<>\"'&");
  EXPECT_EQ(xml_plain("&amp;lt;"), "&lt;");
  EXPECT_EQ(xml_plain("&#34;&#x27;&#xE9;&#x1F600;"), "\"'é😀");
  EXPECT_EQ(xml_plain("a & b; &nbsp; &#; &#x110000; &"), "a & b; &nbsp; &#; &#x110000; &");
}

TEST(XmlTextTest, WritesWhatItReads) {
  EXPECT_EQ(xml_escaped("\"a\" & <b>"), "&quot;a&quot; &amp; &lt;b>");
  EXPECT_EQ(xml_plain(xml_escaped("\"a\" & <b>&lt;")), "\"a\" & <b>&lt;");
}

}  // namespace
}  // namespace sarsen::ingest
