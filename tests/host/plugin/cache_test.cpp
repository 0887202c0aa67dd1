// The cache of manifests is a hint: stale, damaged or foreign, it changes nothing.
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "host/plugin/broken_plugin.hpp"
#include "plugin/manifest_cache.hpp"
#include "plugin/scan.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace paddock;          // NOLINT(google-build-using-namespace)
using namespace paddock::plugin;  // NOLINT(google-build-using-namespace)
using paddock::test::BrokenPlugin;

namespace {

/// A candidate whose file looks as if it changed long ago.
Candidate settled(const BrokenPlugin& plugin) {
  Candidate candidate = scan(plugin.settings().search).front();
  candidate.stamp.ctime_s -= 100;
  return candidate;
}

/// A cache file with one entry.
std::filesystem::path make_cache(const BrokenPlugin& plugin, const Candidate& candidate) {
  const auto file = plugin.search() / "cache" / "manifests";
  ManifestCache cache(file);
  cache.keep(candidate, *parse_candidate(candidate));
  cache.save();
  return file;
}

}  // namespace

TEST_CASE("manifest cache: gives back what it was given", "[plugin]") {
  const BrokenPlugin plugin;
  const Candidate candidate = settled(plugin);
  const auto cached = ManifestCache(make_cache(plugin, candidate)).take(candidate);
  REQUIRE(cached);
  CHECK(cached->id == "broken");
  CHECK(cached->summary == "breaks the contract as its table says");
  CHECK(cached->methods.size() == 6);
  CHECK(cached->directory == plugin.directory());
}

TEST_CASE("manifest cache: an entry is for one version of one file", "[plugin]") {
  const BrokenPlugin plugin;
  const Candidate candidate = settled(plugin);
  const auto file = make_cache(plugin, candidate);
  const auto misses = [&](const std::function<void(Candidate&)>& change) {
    Candidate other = candidate;
    change(other);
    return !ManifestCache(file).take(other).has_value();
  };
  CHECK(misses([](Candidate& c) { c.stamp.inode++; }));
  CHECK(misses([](Candidate& c) { c.stamp.device++; }));
  CHECK(misses([](Candidate& c) { c.stamp.size++; }));
  CHECK(misses([](Candidate& c) { c.stamp.mtime_ns++; }));
  CHECK(misses([](Candidate& c) { c.stamp.ctime_ns++; }));
  CHECK(misses([](Candidate& c) { c.manifest = "/elsewhere/broken/manifest.toml"; }));
  CHECK(misses([](Candidate& c) { c.id = "other"; }));
}

TEST_CASE("manifest cache: a file that changed just now is not kept", "[plugin]") {
  const BrokenPlugin plugin;
  const Candidate fresh = scan(plugin.settings().search).front();
  CHECK_FALSE(ManifestCache(make_cache(plugin, fresh)).take(fresh));
}

TEST_CASE("manifest cache: damage anywhere makes it empty", "[plugin]") {
  const BrokenPlugin plugin;
  const Candidate candidate = settled(plugin);
  const auto file = make_cache(plugin, candidate);
  const std::string sound = test::read_text(file);
  for (std::size_t at = 0; at < sound.size(); at += 11) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    test::write_text(file, damaged);
    CHECK_FALSE(ManifestCache(file).take(candidate));
    test::write_text(file, sound.substr(0, at));
    CHECK_FALSE(ManifestCache(file).take(candidate));
  }
}

TEST_CASE("manifest cache: one that others can write is ignored", "[plugin]") {
  const BrokenPlugin plugin;
  const Candidate candidate = settled(plugin);
  const auto file = make_cache(plugin, candidate);
  REQUIRE(::chmod(file.c_str(), 0666) == 0);
  CHECK_FALSE(ManifestCache(file).take(candidate));
}

TEST_CASE("manifest cache: a lying entry does not reach what is loaded", "[plugin]") {
  const BrokenPlugin plugin;
  // Made old, so that the entry below is believed by the listing.
  const Candidate candidate = scan(plugin.settings().search).front();
  Manifest lie = *parse_candidate(candidate);
  lie.summary = "harmless";
  lie.kind = Kind::kBackend;
  lie.options.clear();
  auto settings = plugin.settings();
  settings.cache_file = plugin.search() / "cache" / "manifests";
  while (::time(nullptr) <= candidate.stamp.ctime_s + 1) {
    const timespec moment{0, 50'000'000};
    ::nanosleep(&moment, nullptr);
  }
  ManifestCache cache(settings.cache_file);
  cache.keep(candidate, lie);
  cache.save();
  const auto registry = Registry::discover(settings);
  REQUIRE(registry->manifests().size() == 1);
  CHECK(registry->manifests().front()->summary == "harmless");  // as said: for showing only
  CHECK((*registry->find("broken"))->options.size() == 2);
  CHECK(registry->of_kind(Kind::kBackend).empty());
  CHECK(registry->of_kind(Kind::kHardener).size() == 1);
}

TEST_CASE("manifest cache: a plugin of the listing is loaded by its real manifest", "[plugin]") {
  const BrokenPlugin plugin;
  const auto registry = Registry::discover(plugin.settings());
  const auto instance = registry->load(*registry->manifests().front(), "{}");
  REQUIRE(instance);
  CHECK((*instance)->manifest().text == test::broken_manifest());
  CHECK(registry->check(*registry->manifests().front()));
}

TEST_CASE("manifest cache: a second listing is the same as the first", "[plugin]") {
  const BrokenPlugin plugin;
  auto settings = plugin.settings();
  settings.cache_file = plugin.search() / "cache" / "manifests";
  for (int i = 0; i < 2; ++i) {
    const auto registry = Registry::discover(settings);
    REQUIRE(registry->manifests().size() == 1);
    CHECK(registry->manifests().front()->version == "1.0.0");
    CHECK(registry->manifests().front()->options.empty());
  }
}
