// Expressions of plywood, as Turnilo and its kin make them, asked through plywood-druid-requester.
// usage: node plywood_calls.js URL; prints one JSON line a call. NODE_PATH leads to the packages.
"use strict";

const { $, External, ply } = require("plywood");
const { druidRequesterFactory } = require("plywood-druid-requester");

const START = new Date("2024-02-28T00:00:00Z");
const END = new Date("2024-03-02T00:00:00Z");
const main = $("main").filter($("time").in({ start: START, end: END }));

const CALLS = {
  "totals": ply()
    .apply("rows", main.count())
    .apply("qty", main.sum("$qty"))
    .apply("most", main.max("$price"))
    .apply("users", main.countDistinct("$user"))
    .apply("phones", main.filter($("device").is("phone")).count()),
  "split on a string": main.split("$city", "City").apply("rows", main.count()).sort("$rows", "descending").limit(6),
  "split on a string by name": main.split("$level", "Level").apply("rows", main.count()).sort("$Level", "ascending").limit(9),
  "split on a set": main.split("$tags", "Tag").apply("rows", main.count()).sort("$rows", "descending").limit(8),
  "split on time": main.split($("time").timeBucket("PT6H", "Europe/Paris"), "Time").apply("qty", main.sum("$qty"))
    .sort("$Time", "ascending"),
  "split on part of the time": main.split($("time").timePart("HOUR_OF_DAY", "Etc/UTC"), "Hour").apply("rows", main.count())
    .sort("$rows", "descending").limit(5),
  "split on a number": main.split($("qty").numberBucket(25, 0), "Qty").apply("rows", main.count())
    .sort("$rows", "descending").limit(5),
  "two splits": main.split({ Device: "$device", Level: "$level" }).apply("rows", main.count()).apply("price", main.sum("$price"))
    .sort("$rows", "descending").limit(10),
  "nested splits": ply().apply("rows", main.count()).apply("Devices",
    main.split("$device", "Device").apply("rows", main.count()).sort("$rows", "descending").limit(3)
      .apply("Times", main.split($("time").timeBucket("P1D", "Etc/UTC"), "Time").apply("rows", main.count())
        .sort("$Time", "ascending"))),
  "derived dimensions": main.split($("path").extract("^/([a-zA-Z]+)/"), "Kind").apply("rows", main.count())
    .sort("$rows", "descending").limit(5),
  "substrings and fallbacks": main.split($("code").substr(0, 1).fallback("none"), "Code").apply("rows", main.count())
    .sort("$rows", "descending").limit(5),
  "filters": ply().apply("rows", main.filter($("city").in(["東京", "Łódź"]).or($("user").match("[0-3]$"))
    .and($("flag").in(["true"]).not()).and($("path").contains("shop", "ignoreCase"))).count()),
  "filters on numbers": ply().apply("rows", main.filter($("qty").greaterThan(10).and($("price").lessThan(60.5))).count()),
  "arithmetic on measures": main.split("$device", "Device").apply("mean", main.sum("$price").divide(main.count()))
    .sort("$mean", "descending").limit(5),
  "an average": ply().apply("rows", main.average("$price")),
  "raw rows": main.filter($("device").is("phone")).select("time", "user", "tags", "qty").limit(5),
};

async function answers(url) {
  const requester = druidRequesterFactory({ host: url.replace("http://", "") });
  const external = External.fromJS({
    engine: "druid", version: "33.0.0", source: "events", timeAttribute: "time", allowSelectQueries: true, allowEternity: true,
  }, requester);
  const found = await external.introspect();
  console.log(JSON.stringify({ call: "introspect", result: found.toJS().attributes }));
  for (const [call, expression] of Object.entries(CALLS)) {
    const result = await expression.compute({ main: found }).then(
      (value) => (value && value.toJS ? value.toJS() : value), (error) => `refused: ${error.message}`);
    console.log(JSON.stringify({ call, result }));
  }
}

answers(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
