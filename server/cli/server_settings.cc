#include "server/cli/server_settings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <limits>
#include <string_view>
#include <utility>

#include "server/cli/historical_node.h"
#include "server/cli/setting_table.h"
#include "server/cli/setting_values.h"
#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/log.h"

namespace sarsen::server {
namespace {

using Setting = SettingOf<ServerSettings>;

void set_port(ServerSettings& settings, const std::string& name, const std::string& value) {
  settings.http.port = static_cast<std::uint16_t>(number(name, value, 0, std::numeric_limits<std::uint16_t>::max()));
}

void set_key_order(ServerSettings& settings, const std::string& name, const std::string& value) {
  if (value != "java8" && value != "java7") refuse(name, "java8 or java7", value);
  settings.query_limits.key_order = value == "java7" ? engine::KeyOrder::kJava7 : engine::KeyOrder::kJava8;
  settings.key_order_given = true;
}

/// The realtime node takes one file; a JSON array names several.
void set_spec_files(ServerSettings& settings, const std::string& name, const std::string& value) {
  if (!value.starts_with('[')) {
    settings.spec_files.push_back(value);
    return;
  }
  const std::vector<std::string> files = words(name, value, "a path or a JSON array of paths");
  settings.spec_files.insert(settings.spec_files.end(), files.begin(), files.end());
}

void set_laning(ServerSettings& settings, const std::string& name, const std::string& value) {
  if (value == "none")
    settings.scheduler.laning = LaningStrategy::kNone;
  else if (value == "hilo")
    settings.scheduler.laning = LaningStrategy::kHiLo;
  else if (value == "manual")
    settings.scheduler.laning = LaningStrategy::kManual;
  else
    refuse(name, "none, hilo or manual", value);
}

void set_prioritization(ServerSettings& settings, const std::string& name, const std::string& value) {
  if (value != "manual" && value != "threshold") refuse(name, "manual or threshold", value);
  settings.prioritizes_by_threshold = value == "threshold";
}

/// None stands for the default, as in Druid.
std::vector<std::string> http_protocols(const std::string& name, const std::string& value) {
  std::vector<std::string> protocols = words(name, value);
  for (const std::string& protocol : protocols)
    if (protocol != "http" && protocol != "https") refuse(name, "an array of http and https", value);
  return protocols.empty() ? ingest::HttpInputLimits().protocols : protocols;
}

void set_use_cache(ServerSettings& settings, const std::string& name, const std::string& value) {
  settings.query_limits.segment_cache.use = boolean(name, value);
}

void set_populate_cache(ServerSettings& settings, const std::string& name, const std::string& value) {
  settings.query_limits.segment_cache.populate = boolean(name, value);
}

void set_entry_bytes(ServerSettings& settings, const std::string& name, const std::string& value) {
  settings.query_limits.segment_cache.entry_bytes_max =
      number(name, value, 0, std::numeric_limits<std::int32_t>::max());
}

constexpr Setting kSettings[] = {
    {"druid.host", "the address to listen on (127.0.0.1)",
     [](ServerSettings& settings, const std::string&, const std::string& value) { settings.http.host = value; }},
    {"druid.plaintextPort", "the port to listen on (8082); 0: any", set_port},
    {"druid.port", "the same, by its older name", set_port},
    {"druid.server.http.numThreads", "queries at a time (32)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http.requests_max = number(name, value, 1, 1024);
     }},
    {"druid.server.http.defaultQueryTimeout", "milliseconds that a query may take that does not say; 0: any (300000)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.scheduler.timeout_default_ms = whole_number(name, value, 0, std::numeric_limits<std::int64_t>::max());
     }},
    {"druid.server.http.maxQueryTimeout", "milliseconds that no query may exceed (no limit)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.scheduler.timeout_max_ms = whole_number(name, value, 1, std::numeric_limits<std::int64_t>::max());
     }},
    {"druid.query.scheduler.numThreads", "queries at a time, those beyond are refused (all that HTTP lets in)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.scheduler.threads = number(name, value, 0, std::numeric_limits<std::int32_t>::max());
     }},
    {"druid.query.scheduler.laning.strategy", "none, hilo or manual (none)", set_laning},
    {"druid.query.scheduler.laning.maxLowPercent", "hilo: of all queries, those of negative priority (none)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.scheduler.low_percent_max = number(name, value, 1, 100);
     }},
    {"druid.query.scheduler.laning.isLimitPercent", "manual: the limits are percents of all queries (false)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.scheduler.lanes_are_percents = boolean(name, value);
     }},
    {"druid.query.scheduler.laning.lanes.*", "manual: how many queries at a time the lane of this name has (none)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.scheduler.lanes[name.substr(name.rfind(".lanes.") + 7)] =
           number(name, value, 1, std::numeric_limits<std::int32_t>::max());
     }},
    {"druid.query.scheduler.prioritization.strategy",
     "manual (the context's priority) or threshold (less for large queries) (manual)", set_prioritization},
    {"druid.query.scheduler.prioritization.periodThreshold", "threshold: how far back a query may begin (any)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.priorities.period_ms = age_ms(name, value);
     }},
    {"druid.query.scheduler.prioritization.durationThreshold", "threshold: how long its intervals may be (any)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.priorities.duration_ms = period_ms(name, value);
     }},
    {"druid.query.scheduler.prioritization.segmentCountThreshold", "threshold: how many segments it may read (any)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.priorities.segments =
           whole_number(name, value, 0, std::numeric_limits<std::int32_t>::max());
     }},
    {"druid.query.scheduler.prioritization.segmentRangeThreshold", "threshold: how long these may be together (any)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.priorities.segment_range_ms = period_ms(name, value);
     }},
    {"druid.query.scheduler.prioritization.adjustment", "threshold: what a query loses that exceeds one of these (5)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.priorities.adjustment = whole_number(name, value, std::numeric_limits<std::int32_t>::min(),
                                                                  std::numeric_limits<std::int32_t>::max());
     }},
    {"druid.server.http.maxIdleTime", "how long an idle connection stays open (PT5M)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http.idle_timeout = duration(name, value);
     }},
    {"druid.server.http.maxRequestHeaderSize", "bytes of a request's header (65536)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http.header_bytes_max = number(name, value, 1024, std::numeric_limits<std::int32_t>::max());
     }},
    {"druid.processing.numThreads", "threads that scan (one per processor)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.processing_threads = number(name, value, 1, 4096);
     }},
    {"druid.coordinator.period.indexingPeriod", "how often automatic compaction looks for work (PT1800S)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.compaction_period = std::chrono::milliseconds(period_ms(name, value));
       if (settings.compaction_period.count() == 0) refuse(name, "longer than nothing", value);
     }},
    {"druid.coordinator.kill.pendingSegments.on", "rows of pending segments that were left behind go (true)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.kill_pending_segments = boolean(name, value);
     }},
    {"druid.coordinator.period.metadataStoreManagementPeriod", "how often those are looked for (PT1H)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.metadata_period = duration(name, value);
       if (settings.metadata_period.count() == 0) refuse(name, "a period longer than nothing", value);
     }},
    {"druid.indexing.doubleStorage", "double, or float: with 32 bits, as Druid did up to 0.10 (double)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       if (value != "double" && value != "float") refuse(name, "double or float", value);
       settings.doubles_as_floats = value == "float";
     }},
    {"druid.worker.capacity", "tasks of the overlord at a time (processors less one)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.task_workers = number(name, value, 1, 1024);
     }},
    {"druid.coordinator.period", "how often the rules of retention are applied (PT60S)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.coordinator_period = duration(name, value);
       if (settings.coordinator_period.count() == 0) refuse(name, "a period longer than nothing", value);
     }},
    {"druid.broker.cache.useResultLevelCache", "whole answers from the cache (false)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.answer_cache.use = boolean(name, value);
     }},
    {"druid.broker.cache.populateResultLevelCache", "whole answers into the cache (false)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.answer_cache.populate = boolean(name, value);
     }},
    {"druid.broker.cache.resultLevelCacheLimit", "bytes of an answer in the cache (2147483647)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.answer_cache.entry_bytes_max = number(name, value, 0, std::numeric_limits<std::int32_t>::max());
     }},
    {"druid.broker.cache.useCache", "groups of single segments from the cache (false)", set_use_cache},
    {"druid.historical.cache.useCache", "the same", set_use_cache},
    {"druid.broker.cache.populateCache", "groups of single segments into the cache (false)", set_populate_cache},
    {"druid.historical.cache.populateCache", "the same", set_populate_cache},
    {"druid.broker.cache.maxEntrySize", "bytes of a segment's groups in the cache (1000000)", set_entry_bytes},
    {"druid.historical.cache.maxEntrySize", "the same", set_entry_bytes},
    {"druid.broker.cache.unCacheable", "types of queries that are not cached, a JSON array ([])",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.answer_cache.uncacheable = words(name, value);
       settings.query_limits.segment_cache.uncacheable = settings.answer_cache.uncacheable;
     }},
    {"druid.historical.cache.unCacheable", "the same, of single segments only",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.segment_cache.uncacheable = words(name, value);
     }},
    {"druid.cache.type", "caffeine or local: in memory, both the same here (caffeine)",
     [](ServerSettings&, const std::string& name, const std::string& value) {
       if (value != "caffeine" && value != "local") refuse(name, "caffeine or local", value);
     }},
    {"druid.cache.sizeInBytes", "bytes of memory for everything that is cached (67108864)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.cache_bytes = number(name, value, 0, std::uint64_t{1} << 50);
     }},
    {"druid.ingestion.http.allowedProtocols", "of URLs that the input source http fetches ([\"http\",\"https\"])",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http_input.protocols = http_protocols(name, value);
     }},
    {"druid.ingestion.http.allowedHeaders", "that the input source http may send, a JSON array ([])",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http_input.headers = words(name, value);
     }},
    {"druid.realtime.specFile", "a realtime specification, or a JSON array of several", set_spec_files},
    {"druid.storage.type", "deep storage: local or s3 (local)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       set_deep_storage_type(settings.storage, name, value);
     }},
    {"druid.storage.storageDirectory", "the folder of local deep storage (segments/ in the data folder)",
     [](ServerSettings& settings, const std::string&, const std::string& value) {
       settings.storage.deep_storage = value;
     }},
    {"druid.storage.zip", "true: segments as index.zip; false: as folders (false; true with s3)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.storage.zip = boolean(name, value);
     }},
    {"druid.publish.type", "metadata (metadata)",
     [](ServerSettings&, const std::string& name, const std::string& value) { set_publish_type(name, value); }},
    {"druid.segmentCache.locations",
     "where published segments are served from, [{\"path\":…,\"maxSize\":…}] (cache/ in the data folder)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       set_cache_locations(settings.storage, name, value);
     }},
    {"druid.segmentCache.infoDir", "files of what a coordinator has ordered here (info_dir in the first location)",
     [](ServerSettings& settings, const std::string&, const std::string& value) { settings.info_directory = value; }},
    {"druid.segmentCache.numLoadingThreads", "ordered segments that are loaded at a time (a sixth of the processors)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.loading_threads = number(name, value, 1, 1024);
     }},
    {"druid.segmentCache.dropSegmentDelayMillis", "how long a segment still answers that is announced no more (30000)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.hand_off.drop_delay = std::chrono::milliseconds(whole_number(name, value, 0, 86'400'000));
     }},
    {"druid.segment.handoff.pollDuration", "how often it is asked whether others serve what was published (PT60S)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.hand_off.poll = duration(name, value);
       if (settings.hand_off.poll.count() == 0) refuse(name, "a period longer than nothing", value);
     }},
    {"sarsen.segment.handoff",
     "who serves what is published: self; or other servers, as the coordinator says, or their announcements in "
     "ZooKeeper (self)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.hand_off.to = parse_hand_off_to(name, value);
     }},
    {"sarsen.data", "the data folder (sarsen-data)",
     [](ServerSettings& settings, const std::string&, const std::string& value) { settings.data = value; }},
    {"sarsen.server.http.maxRequestBytes", "bytes of a request's body (16777216)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http.body_bytes_max = number(name, value, 1024, std::numeric_limits<std::int32_t>::max());
     }},
    {"sarsen.server.http.maxConnections", "connections at a time (4096)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http.connections_max = number(name, value, 1, 1'000'000);
     }},
    {"sarsen.server.stopGrace", "how long a stop waits for running queries (PT10S)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.stop_grace = duration(name, value);
     }},
    {"sarsen.storage.blockCacheBytes", "bytes of memory for decoded blocks of all segments (1073741824)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.block_cache_bytes = number(name, value, 1 << 20, std::uint64_t{1} << 50);
     }},
    {"druid.processing.buffer.sizeBytes", "memory for the groups of one groupBy, before they spill or fail (1GiB)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.groups.memory_bytes_max = bytes(name, value, 1);
     }},
    {"druid.processing.tmpDir", "the folder for spilled groups (the system's)",
     [](ServerSettings& settings, const std::string&, const std::string& value) {
       settings.query_limits.groups.folder = value;
     }},
    {"druid.query.groupBy.maxOnDiskStorage", "disk for the groups of one groupBy; 0: nothing spills (0)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.groups.disk_bytes_max = bytes(name, value, 0);
     }},
    {"druid.query.groupBy.defaultOnDiskStorage", "the same where a query says nothing (maxOnDiskStorage)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.groups.disk_bytes_default =
           value == "-1" ? std::nullopt : std::optional(bytes(name, value, 0));
     }},
    {"druid.query.groupBy.maxMergingDictionarySize", "texts of one groupBy, as Druid counts them; 0: automatic (0)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       const std::uint64_t size = bytes(name, value, 0);
       if (size > 0) settings.query_limits.groups.dictionary_bytes_max = size;
     }},
    {"druid.query.groupBy.maxSelectorDictionarySize", "texts of one segment: nothing is limited here (0)",
     [](ServerSettings&, const std::string& name, const std::string& value) { bytes(name, value, 0); }},
    {"druid.query.groupBy.bufferGrouperMaxSize", "groups of one groupBy, before they spill or fail (2147483647)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.groups.groups_max = number(name, value, 0, std::numeric_limits<std::int32_t>::max());
     }},
    {"druid.query.scan.maxRowsQueuedForOrdering", "rows of a scan in order that need no merging (100000)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.rows_queued_max =
           static_cast<std::int64_t>(number(name, value, 1, std::numeric_limits<std::int32_t>::max()));
     }},
    {"druid.query.scan.maxSegmentPartitionsOrderedInMemory", "segments of a chunk of time that are merged for it (50)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.ordered_partitions_max =
           static_cast<std::int64_t>(number(name, value, 1, std::numeric_limits<std::int32_t>::max()));
     }},
    {"druid.server.http.maxSubqueryRows", "rows of the queries inside a query (100000)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.sub_query_rows_max =
           static_cast<std::int64_t>(number(name, value, 1, std::numeric_limits<std::int32_t>::max()));
     }},
    {"druid.server.http.maxSubqueryBytes", "bytes of them instead: a number, auto or disabled (disabled)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       if (value != "auto" && value != "disabled") number(name, value, 0, std::uint64_t{1} << 50);
       settings.query_limits.sub_query_bytes_max = value;
     }},
    {"sarsen.query.maxBytesPerQuery", "memory that one query may allocate (2GiB)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.query_bytes_max = bytes(name, value, 1);
     }},
    {"sarsen.query.maxMemoryBytes", "memory that all queries together may allocate (three quarters of the machine's)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.memory_bytes_max = static_cast<std::int64_t>(bytes(name, value, 1));
     }},
    {"sarsen.query.keyOrder",
     "order of keys in results: java8 (Druid 0.8 and later), java7 (Druid 0.7; the default with a realtime "
     "specification)",
     set_key_order},
    {"sarsen.log.level", "debug, info, warn, error or off (info)",
     [](ServerSettings&, const std::string&, const std::string& value) { set_log_level(parse_log_level(value)); }}};

/// Settings of a Java cluster: nothing here corresponds to them.
constexpr std::string_view kMeaningless[] = {"druid.announcer.",   "druid.broker.",         "druid.cache.",
                                             "druid.coordinator.", "druid.emitter",         "druid.extensions.",
                                             "druid.historical.",  "druid.indexer.",        "druid.metadata.",
                                             "druid.monitoring.",  "druid.processing.",     "druid.publish.",
                                             "druid.selectors.",   "druid.server.priority", "druid.server.tier",
                                             "druid.service",      "druid.startup.",        "druid.storage.",
                                             "druid.zk.",          "druid.segmentCache.",   "druid.server.http."};

/// "some.prefix.*" stands for every name with that prefix.
bool is_family(std::string_view pattern, std::string_view name) noexcept {
  if (!pattern.ends_with('*')) return false;
  pattern.remove_suffix(1);
  return name.starts_with(pattern) && name.size() > pattern.size();
}

/// Names of Druid that look like ours and are others: of other kinds of storage, of users and threads.
constexpr std::string_view kOthers[] = {"druid.announcer.skipDimensionsAndMetrics",
                                        "druid.announcer.skipLoadSpec",
                                        "druid.metadata.storage.connector.host",
                                        "druid.metadata.storage.connector.port",
                                        "druid.segmentCache.announceIntervalMillis",
                                        "druid.segmentCache.deleteOnRemove",
                                        "druid.segmentCache.lazyLoadOnStart",
                                        "druid.segmentCache.locationSelector.strategy",
                                        "druid.segmentCache.numBootstrapThreads",
                                        "druid.zk.paths.connectorPath",
                                        "druid.zk.paths.propertiesPath"};

bool is_another(std::string_view name) noexcept {
  for (const std::string_view other : kOthers)
    if (name == other) return true;
  return false;
}

const Setting* find(std::string_view name) noexcept {
  for (const Setting& setting : kSettings)
    if (setting.name == name || is_family(setting.name, name)) return &setting;
  return nullptr;
}

bool is_meaningless(std::string_view name) noexcept {
  for (const std::string_view prefix : kMeaningless)
    if (name.starts_with(prefix)) return true;
  return false;
}

/// A name that is nearly one of ours is a slip, not one of Druid's others.
void pass_over(const std::string& name) {
  std::vector<std::string> known;
  for (const Setting& setting : kSettings) known.emplace_back(setting.name);
  for (const auto& names : {describe_metadata(), describe_s3(), describe_announcement()})
    for (const auto& [known_name, doc] : names) known.push_back(known_name);
  const std::string hint = suggestion(name, known);
  if (!is_another(name) && (!is_meaningless(name) || !hint.empty()))
    throw Error(ErrorCategory::kInvalidInput, "Unknown setting: " + name + hint);
  log_info("The setting {} of Druid has no meaning here", name);
}

/// As Druid's druid.server.hiddenProperties, more or less.
bool is_secret(std::string_view name, std::string_view value) noexcept {
  if (value.find("assword=") != std::string_view::npos) return true;  // in a URI
  for (const std::string_view part : {"assword", "pwd", "secretKey", "accessKey"})
    if (name.find(part) != std::string_view::npos) return true;
  return false;
}

/// Thresholds count under their strategy only.
void settle_priorities(ServerSettings& settings) {
  engine::PriorityThresholds& thresholds = settings.query_limits.priorities;
  if (!settings.prioritizes_by_threshold) {
    thresholds = {};
  } else if (!thresholds.period_ms && !thresholds.duration_ms && !thresholds.segments && !thresholds.segment_range_ms) {
    throw Error(ErrorCategory::kInvalidInput,
                "druid.query.scheduler.prioritization: periodThreshold, durationThreshold, segmentCountThreshold or "
                "segmentRangeThreshold must be set");
  }
}

std::int64_t machine_bytes() noexcept {
  const std::int64_t pages = ::sysconf(_SC_PHYS_PAGES);
  return pages > 0 ? pages * ::sysconf(_SC_PAGESIZE) : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

ServerSettings read_settings(const Properties& properties) {
  ServerSettings settings;
  settings.http.port = 8082;
  settings.query_limits.memory_bytes_max = machine_bytes() / 4 * 3;
  for (const auto& [name, value] : properties) {
    const Setting* setting = find(name);
    if (setting != nullptr)
      setting->apply(settings, name, value);
    else if (!set_metadata(settings.storage.metadata, name, value) && !set_s3(settings.storage.s3, name, value) &&
             !set_announcement(settings.announcement, name, value))
      pass_over(name);
    if (!is_secret(name, value)) settings.effective[name] = value;
  }
  check_storage(settings.storage);
  check_announcement(settings.announcement);
  check_historical(settings);
  check_hand_off(settings.hand_off, settings.announcement);
  check_settings(settings.scheduler);
  settle_priorities(settings);
  return settings;
}

std::string describe_settings() {
  std::string text;
  const auto describe = [&text](std::string_view name, std::string_view doc) {
    constexpr std::size_t kNameWidth = 40;
    const std::string_view gap = name.size() < kNameWidth ? "" : "\n";
    text += fmt::format("  {:<{}}{}{:<{}}{}\n", name, kNameWidth, gap, "", gap.empty() ? 0 : kNameWidth + 2, doc);
  };
  for (const Setting& setting : kSettings) describe(setting.name, setting.doc);
  for (const auto& names : {describe_metadata(), describe_s3(), describe_announcement()})
    for (const auto& [name, doc] : names) describe(name, doc);
  return text;
}

}  // namespace sarsen::server
