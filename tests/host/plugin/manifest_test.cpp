// manifest.toml: what is accepted, and every complaint with its place.
#include "plugin/manifest.hpp"

#include "base/render.hpp"
#include "plugin/manifest_record.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace paddock;          // NOLINT(google-build-using-namespace)
using namespace paddock::plugin;  // NOLINT(google-build-using-namespace)

namespace {

const std::string kHead =
    "id = 'x'\n"
    "kind = 'hardener'\n"
    "version = '1'\n"
    "abi = 1\n"
    "summary = 's'\n"
    "methods = ['adjust']\n";

std::string problems(const std::string& text) {
  const auto manifest = parse_manifest("x/manifest.toml", text);
  return manifest ? "" : render(manifest.error());
}

std::string row(const std::string& lines) {
  return kHead + "[[option]]\nkey = 'k'\ndoc = 'd'\n" + lines;
}

}  // namespace

TEST_CASE("manifest: everything is read", "[plugin]") {
  const auto manifest = parse_manifest("plugins/x/manifest.toml", kHead +
                                                                      "[[option]]\n"
                                                                      "key = 'limits.open'\n"
                                                                      "type = 'integer'\n"
                                                                      "narrowing = 'less'\n"
                                                                      "minimum = 1\n"
                                                                      "maximum = 10\n"
                                                                      "default = 5\n"
                                                                      "doc = 'open files'\n");
  REQUIRE(manifest);
  CHECK(manifest->id == "x");
  CHECK(manifest->kind == Kind::kHardener);
  CHECK(manifest->abi_major == 1);
  CHECK(manifest->answers("adjust"));
  CHECK_FALSE(manifest->answers("review"));
  CHECK(manifest->directory == "plugins/x");
  CHECK(manifest->library() == "plugins/x/libx.so");
  REQUIRE(manifest->options.size() == 1);
  const OptionSpec& option = manifest->options.front();
  CHECK(option.key == "limits.open");
  CHECK(option.type == OptionType::kInteger);
  CHECK(option.narrowing == Narrowing::kLess);
  CHECK(*option.minimum == 1);
  CHECK(*option.maximum == 10);
  CHECK(*option.default_value->integer() == 5);
}

TEST_CASE("manifest: an option that says nothing of layers may not change", "[plugin]") {
  const auto manifest = parse_manifest("x/manifest.toml", row("type = 'text'\n"));
  REQUIRE(manifest);
  CHECK(manifest->options.front().narrowing == Narrowing::kFixed);
}

TEST_CASE("manifest: all problems are told together, in the file's order", "[plugin][error]") {
  CHECK(problems("id = 'x'\n"
                 "kind = 'hardner'\n"
                 "version = 1\n"
                 "abi = 2\n"
                 "sumary = 's'\n"
                 "summary = 's'\n"
                 "methods = ['adjust']\n") ==
        "x/manifest.toml:2:8: error[P0114]: unknown kind 'hardner'\n"
        "  2 | kind = 'hardner'\n"
        "    |        ^^^^^^^^^\n"
        "  hint: did you mean 'hardener'?\n"
        "x/manifest.toml:3:11: error[P0113]: 'version' is a string, not an integer\n"
        "  3 | version = 1\n"
        "    |           ^\n"
        "x/manifest.toml:4:7: error[P0205]: this plugin speaks ABI 2, this paddock speaks ABI 1\n"
        "  4 | abi = 2\n"
        "    |       ^\n"
        "x/manifest.toml:5:1: error[P0112]: unknown key 'sumary'\n"
        "  5 | sumary = 's'\n"
        "    | ^^^^^^\n"
        "  hint: did you mean 'summary'?\n");
}

TEST_CASE("manifest: missing keys are named", "[plugin][error]") {
  const std::string text = problems("id = 'x'\n");
  for (const std::string key : {"kind", "version", "abi", "summary", "methods"}) {
    CHECK(text.find("error[P0116]: missing key '" + key + "'\n") != std::string::npos);
  }
}

TEST_CASE("manifest: the id is the directory's name and well formed", "[plugin][error]") {
  const auto with_id = [](const std::string& id) {
    return problems("id = '" + id + "'\n" + kHead.substr(kHead.find('\n') + 1));
  };
  CHECK(with_id("y") ==
        "x/manifest.toml:1:6: error[P0117]: plugin id 'y' is not the name of its directory, 'x'\n"
        "  1 | id = 'y'\n"
        "    |      ^^^\n");
  for (const std::string id : {"", "X", "a_b", "-a", "a-", "a--b", "../x", "a/b"}) {
    CHECK(with_id(id).find("error[P0117]: bad plugin id '" + id + "'\n") != std::string::npos);
  }
}

TEST_CASE("manifest: methods belong to the kind", "[plugin][error]") {
  CHECK(problems("id = 'x'\nkind = 'hook'\nversion = '1'\nabi = 1\nsummary = 's'\nmethods = "
                 "['run', 'probe']\n") ==
        "x/manifest.toml:6:19: error[P0114]: a hook has no method 'probe'\n"
        "  6 | methods = ['run', 'probe']\n"
        "    |                   ^^^^^^^\n"
        "  hint: valid: run\n");
}

TEST_CASE("manifest: option rows are checked", "[plugin][error]") {
  const auto complains = [](const std::string& lines, const std::string& what) {
    const std::string text = problems(row(lines));
    CAPTURE(lines, text);
    CHECK(text.find("]: " + what + "\n") != std::string::npos);
  };
  complains("type = 'txt'\n", "unknown type 'txt'");
  complains("type = 'text'\nnarrowing = 'les'\n", "unknown narrowing 'les'");
  complains("type = 'text'\nnarrowing = 'less'\n", "narrowing 'less' does not go with type 'text'");
  complains("type = 'text'\nnarrowing = 'stricter'\n",
            "narrowing 'stricter' needs 'choices', strictest first");
  complains("type = 'text'\nchoices = ['a']\ndefault = 'b'\n",
            "default 'b' is not among the choices");
  complains("type = 'integer'\nmaximum = 3\ndefault = 4\n", "default 4 is out of range");
  complains("type = 'integer'\nminimum = 4\nmaximum = 3\n", "'minimum' is above 'maximum'");
  complains("type = 'integer'\ndefault = 'x'\n", "default of option 'k' is not of type 'integer'");
  complains("type = 'size'\ndefault = '12 parsecs'\n",
            "default of option 'k' is not of type 'size'");
  complains("type = 'text'\nrequired = true\ndefault = 'x'\n",
            "option 'k' is required and has a default");
  complains("type = 'text'\nminimum = 1\n", "'minimum' goes with numbers only");
  complains("type = 'boolean'\nchoices = ['a']\n",
            "'choices' goes with types 'text' and 'texts' only");
  complains("type = 'text'\ntypo = 1\n", "unknown key 'typo' in [[option]]");
  complains("type = 'text'\n[[option]]\nkey = 'k'\ntype = 'text'\ndoc = 'd'\n",
            "option 'k' is declared twice");
  complains("type = 'text'\n[[option]]\nkey = 'k.a'\ntype = 'text'\ndoc = 'd'\n",
            "option 'k.a' and option 'k' lie in each other");
}

TEST_CASE("manifest: what is not TOML says where", "[plugin][error]") {
  const std::string text = problems("id = 'x'\nkind = \n");
  CHECK(text.find("x/manifest.toml:2:") == 0);
  CHECK(text.find("error[P0101]: not TOML: ") != std::string::npos);
  CHECK(problems("id = '\xff'\n") == "paddock: error[P0202]: 'x/manifest.toml' is not UTF-8\n");
  CHECK(problems("id = 1979-05-27\n").find("dates and times are not used here") !=
        std::string::npos);
}

TEST_CASE("manifest: columns count bytes", "[plugin][error]") {
  CHECK(problems(kHead + "x = \"é\" # é\n").find("x/manifest.toml:7:1: error[P0112]") == 0);
  CHECK(problems(kHead + "x = { \"é\" = 'ü', é = 1 }\n") ==
        "x/manifest.toml:7:20: error[P0101]: not TOML: keys beyond ASCII need quotes\n"
        "  7 | x = { \"é\" = 'ü', é = 1 }\n"
        "    |                  ^\n");
  CHECK(parse_manifest("x/manifest.toml", "\xef\xbb\xbf" + kHead + "# é\n"));
}

TEST_CASE("manifest: size and depth are bounded before parsing", "[plugin][error]") {
  CHECK(problems("#" + std::string(48 * 1024, 'x')) ==
        "paddock: error[P0103]: 'x/manifest.toml' is larger than 48 KiB\n");
  std::string dots = "a";
  for (int i = 0; i < 5000; ++i) {
    dots += ".a";
  }
  CHECK(problems(dots + " = 1\n").find("error[P0103]: a line holds more than 32 dots\n") !=
        std::string::npos);
  CHECK(problems("a = " + std::string(60, '[') + std::string(60, ']') + "\n")
            .find("error[P0103]: tables and arrays nest deeper than 32 levels\n") !=
        std::string::npos);
}

TEST_CASE("manifest record: what was written is read, and damage is seen", "[plugin]") {
  const auto manifest = parse_manifest(
      "x/manifest.toml", row("type = 'text-table'\ndefault = { a = 'b' }\n") +
                             "[[option]]\nkey = 'n'\ntype = 'number'\ndefault = 1.5\ndoc = 'd'\n");
  REQUIRE(manifest);
  const std::string record = to_record(*manifest);
  const auto again = from_record(record);
  REQUIRE(again);
  CHECK(to_record(*again) == record);
  CHECK(again->summary == manifest->summary);
  for (std::size_t size = 0; size < record.size(); size += 7) {
    CHECK_FALSE(from_record(std::string_view(record).substr(0, size)));
  }
  for (std::size_t at = 0; at < record.size(); ++at) {
    std::string damaged = record;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xFF);
    static_cast<void>(from_record(damaged));  // any answer, but no crash
  }
}

TEST_CASE("manifest: those of the shipped plugins are sound", "[plugin]") {
  for (const std::string path : {"backends/bubblewrap", "hardeners/baseline"}) {
    const auto file =
        std::filesystem::path(PADDOCK_SOURCE_DIR) / "plugins" / path / "manifest.toml";
    const auto manifest = parse_manifest(file, test::read_text(file));
    CHECK((manifest ? "" : render(manifest.error())) == "");
  }
}

TEST_CASE("manifest: API-14 a backend answers every method, a hook 'run'", "[plugin][error]") {
  CHECK(problems("id = 'x'\nkind = 'backend'\nversion = '1'\nabi = 1\nsummary = 's'\nmethods = "
                 "['probe', 'prepare', 'create', 'exec', 'inspect', 'stop']\n") ==
        "x/manifest.toml:6:11: error[P0114]: a backend must also answer 'remove'\n"
        "  6 | methods = ['probe', 'prepare', 'create', 'exec', 'inspect', 'stop']\n"
        "    |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n");
  CHECK(problems("id = 'x'\nkind = 'hook'\nversion = '1'\nabi = 1\nsummary = 's'\nmethods = "
                 "[]\n") ==
        "x/manifest.toml:6:11: error[P0114]: a hook must also answer 'run'\n"
        "  6 | methods = []\n"
        "    |           ^^\n");
  CHECK(problems("id = 'x'\nkind = 'hardener'\nversion = '1'\nabi = 1\nsummary = 's'\nmethods = "
                 "[]\n")
            .empty());
}
