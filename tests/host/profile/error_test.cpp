// The whole text of every error that a single profile file can cause.
#include <sys/stat.h>

#include <algorithm>
#include <chrono>

#include "base/render.hpp"
#include "host/profile/world.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

TEST_CASE("profile: an unknown key is an error at its own place (PR05)", "[profile][error]") {
  const World world;
  world.user("web", "[resources]\nmemroy = '2GiB'");
  CHECK(world.problem("web") ==
        "USER/web.toml:3:1: error[P0112]: unknown key 'memroy' in [resources]\n"
        "  3 | memroy = '2GiB'\n"
        "    | ^^^^^^\n"
        "  hint: did you mean 'memory'?\n");
  world.user("top", "[resource]\nmemory = '2GiB'");
  CHECK(world.problem("top") ==
        "USER/top.toml:2:2: error[P0112]: unknown key 'resource'\n"
        "  2 | [resource]\n"
        "    |  ^^^^^^^^\n"
        "  hint: did you mean 'resources'?\n");
  world.user("far", "[network]\nallow = []");
  CHECK(world.problem("far") ==
        "USER/far.toml:3:1: error[P0112]: unknown key 'allow' in [network]\n"
        "  3 | allow = []\n"
        "    | ^^^^^\n"
        "  hint: valid: mode, egress, publish\n");
  world.user("plugin", "hardener.baseline.kepe = []");
  CHECK(world.problem("plugin") ==
        "USER/plugin.toml:2:19: error[P0112]: unknown key 'kepe' in [hardener.baseline]\n"
        "  2 | hardener.baseline.kepe = []\n"
        "    |                   ^^^^\n"
        "  hint: did you mean 'keep'?\n");
}

TEST_CASE("profile: all problems of a file are reported, in the order of its lines",
          "[profile][error]") {
  const World world;
  world.user("many",
             "resources.pids = 'many'\n"
             "network.mode = 'brigde'\n"
             "[process]\nuid = 0\ncolour = 'red'\n");
  CHECK(world.problem("many") ==
        "USER/many.toml:2:18: error[P0113]: 'pids' in [resources] takes an integer, not a string\n"
        "  2 | resources.pids = 'many'\n"
        "    |                  ^^^^^^\n"
        "USER/many.toml:3:16: error[P0114]: 'brigde' is not a value of 'mode' in [network]\n"
        "  3 | network.mode = 'brigde'\n"
        "    |                ^^^^^^^^\n"
        "  hint: did you mean 'bridge'?\n"
        "USER/many.toml:5:7: error[P0114]: 'uid' in [process] is 0, below its minimum of 1\n"
        "  5 | uid = 0\n"
        "    |       ^\n"
        "USER/many.toml:6:1: error[P0112]: unknown key 'colour' in [process]\n"
        "  6 | colour = 'red'\n"
        "    | ^^^^^^\n"
        "  hint: valid: command, cwd, env, uid, gid, init, umask, hostname\n");
}

TEST_CASE("profile: wrong types say what is right (PR05)", "[profile][error]") {
  const World world;
  const auto what = [&](const std::string& text) {
    const auto resolved = world.resolve(world.user("wrong", text));
    return resolved ? std::string("loads") : resolved.error().what;
  };
  CHECK(what("resources.memory = true") ==
        "'memory' in [resources] takes a size such as \"512MiB\", not a boolean");
  CHECK(what("resources.cpus = 'two'") == "'cpus' in [resources] takes a number, not a string");
  CHECK(what("process.init = 1") == "'init' in [process] takes true or false, not an integer");
  CHECK(what("process.command = 'ls -l'") ==
        "'command' in [process] takes an array of strings, not a string");
  CHECK(what("process.command = ['ls', 1]") ==
        "'command' in [process] takes strings only, not an integer");
  CHECK(what("process.env = ['A=1']") ==
        "'env' in [process] takes a table of strings, not an array");
  CHECK(what("process.env.SECRET = 12") ==
        "'SECRET' in 'env' in [process] takes a string, not an "
        "integer");
  CHECK(what("process = 1") == "'process' takes a table, not an integer");
  CHECK(what("hardener.baseline = 1") == "'hardener.baseline' takes a table, not an integer");
  CHECK(what("mounts = {}") == "'mounts' takes an array of tables, not a table");
  CHECK(what("mounts = [1]") == "'mounts' takes an array of tables, not an integer in it");
  CHECK(what("resolve = 1") == "'resolve' takes a table, not an integer");
  CHECK(what("resolve.'/process/umask' = 1") ==
        "'/process/umask' in [resolve] takes a plugin id, not an integer");
  CHECK(what("description = 2026-01-01") == "a date or time stands where no key takes one");
}

TEST_CASE("profile: numbers and sizes are plain (PR05)", "[profile][error]") {
  const World world;
  const auto what = [&](const std::string& text) {
    const auto resolved = world.resolve(world.user("number", text));
    return resolved ? std::string("loads") : resolved.error().what;
  };
  CHECK(what("resources.memory = '-1'") == "'-1' is not a size");
  CHECK(what("resources.memory = '1e99'") == "'1e99' is not a size");
  CHECK(what("resources.memory = '１GiB'") == "'\\uff11GiB' is not a size");
  CHECK(what("resources.memory = '1.5GiB'") == "'1.5GiB' is not a size");
  CHECK(what("resources.memory = '99999999999TiB'") == "'99999999999TiB' is not a size");
  CHECK(what("resources.memory = -1") ==
        "'memory' in [resources] is -1, below its minimum of 8MiB");
  CHECK(what("resources.memory = '1KiB'") ==
        "'memory' in [resources] is 1KiB, below its minimum of 8MiB");
  CHECK(what("resources.cpus = 1e99") ==
        "'cpus' in [resources] is outside its range of 0.01 to 4096");
  CHECK(what("resources.cpus = nan") ==
        "'cpus' in [resources] is outside its range of 0.01 to 4096");
  CHECK(what("resources.cpus = 0.009") ==
        "'cpus' in [resources] is outside its range of 0.01 to 4096");
  CHECK(what("resources.cpus = 0") == "'cpus' in [resources] is outside its range of 0.01 to 4096");
  CHECK(what("resources.pids = 99999999") ==
        "'pids' in [resources] is 99999999, above its maximum of 4194304");
  CHECK(what("process.umask = '22'") == "'22' is not a value of 'umask' in [process]");
  CHECK(what("process.umask = '0888'") == "'0888' is not a value of 'umask' in [process]");
}

TEST_CASE("profile: schema_version is 1, and only an empty file may leave it out",
          "[profile][error]") {
  const World world;
  write_text(world.context.user_dir / "none.toml", "[process]\ninit = true\n");
  CHECK(world.problem("none") ==
        "USER/none.toml:1:1: error[P0104]: schema_version is missing\n"
        "  1 | [process]\n"
        "    | ^\n"
        "  hint: the first line of a profile is: schema_version = 1\n");
  world.user("later", "schema_version = 2");
  CHECK(world.problem("later") ==
        "USER/later.toml:1:18: error[P0104]: schema_version is 2, and this paddock reads 1\n"
        "  1 | schema_version = 2\n"
        "    |                  ^\n");
  write_text(world.context.user_dir / "comment.toml", "# nothing yet\n");
  CHECK(world.problem("comment").empty());
}

TEST_CASE("profile: what is not TOML is shown with its place", "[profile][error]") {
  const World world;
  world.user("broken", "[process\ninit = true");
  CHECK(world.problem("broken") ==
        "USER/broken.toml:2:9: error[P0101]: not TOML: table header: expected ']', saw '\\n'\n"
        "  2 | [process\n"
        "    |         ^\n");
  world.user("binary", std::string("a = '\xff'"));
  CHECK(world.problem("binary").find("error[P0101]: not TOML: ") != std::string::npos);
}

TEST_CASE("profile: a key that stands twice shows both, and hides nothing (PR05)",
          "[profile][error]") {
  const World world;
  world.user("twice",
             "[process]\ninit = true\nenv.A = 'x'\ninit = false # why\nuid = 0\n"
             "[network]\nmode = 'none'\n[process]\ngid = 0\n[resources]\npids = 'many'\n");
  CHECK(world.problem("twice") ==
        "USER/twice.toml:5:1: error[P0101]: not TOML: 'process.init' stands twice\n"
        "  5 | init = false # why\n"
        "    | ^^^^\n"
        "  first at USER/twice.toml:3:1: init = true\n"
        "USER/twice.toml:6:7: error[P0114]: 'uid' in [process] is 0, below its minimum of 1\n"
        "  6 | uid = 0\n"
        "    |       ^\n"
        "USER/twice.toml:9:2: error[P0101]: not TOML: 'process' stands twice\n"
        "  9 | [process]\n"
        "    |  ^^^^^^^\n"
        "  first at USER/twice.toml:2:2: [process]\n"
        "USER/twice.toml:12:8: error[P0113]: 'pids' in [resources] takes an integer, not a string\n"
        "  12 | pids = 'many'\n"
        "     |        ^^^^^^\n");
  const auto first = [&](const std::string& text) {
    const auto resolved = world.resolve(world.user("twice", text));
    REQUIRE_FALSE(resolved.has_value());
    std::vector<Error> all = resolved.error().others;
    all.insert(all.begin(), resolved.error());
    const auto slip = std::find_if(all.begin(), all.end(), [](const Error& error) {
      return error.code == ErrorCode::kTomlSyntax;
    });
    REQUIRE(slip != all.end());
    return slip->context.empty() ? slip->what : world.tidy(slip->context.front());
  };
  CHECK(first("process.'a\xc3\xa9'.b = 1\nprocess.'a\xc3\xa9'.b = 2") ==
        "first at USER/twice.toml:2:15: process.'a\xc3\xa9'.b = 1");
  CHECK(first("a.b = 1\na = 2") == "first at USER/twice.toml:2:1: a.b = 1");
  CHECK(first("a = 1\n[a]\nb = [\n [1],\n]\n[[hooks]]\nid = 1\n[hooks.x]\n[[hooks]]\n"
              "[hooks.x]\n") == "first at USER/twice.toml:2:1: a = 1");
  CHECK(first("[[hooks]]\nid = 'x'\n[[hooks]]\nid = 'a'\nid = 'b'") ==
        "first at USER/twice.toml:5:1: id = 'a'");
  // Within one line, and in a value of several lines, the parser's own words have to do.
  CHECK(first("process.env = { A = 'a', A = 'b' }") ==
        "not TOML: key-value pair: cannot redefine existing string 'A'");
  CHECK(first("process = { }\nprocess = [\n 1\n]") ==
        "not TOML: key-value pair: cannot redefine existing table 'process'");
  std::string many;
  for (int i = 0; i < 1000; ++i) {
    many += "a = 1\n";
  }
  world.user("twice", many);
  CHECK(world.resolve("twice").error().others.size() == 20);
}

TEST_CASE("profile: nothing wrong hides what else is wrong", "[profile][trust][error]") {
  const World world;
  const auto codes = [&](const std::string& file) {
    std::vector<ErrorCode> found;
    const auto resolved = world.resolve(file);
    REQUIRE_FALSE(resolved.has_value());
    found.push_back(resolved.error().code);
    for (const Error& other : resolved.error().others) {
      found.push_back(other.code);
    }
    return found;
  };
  using Codes = std::vector<ErrorCode>;
  // A missing version: the rest is read as version 1.
  write_text(world.context.cwd / "none.toml",
             "network.mode = 'bridge'\n[process]\nuid = 0\n[resources]\npids = 10_000\n");
  CHECK(codes("./none.toml") == Codes{ErrorCode::kSchemaVersion, ErrorCode::kWidening,
                                      ErrorCode::kBadValue, ErrorCode::kWidening});
  // A forbidden path, before and after the merge.
  const std::string wide = "network.mode = 'bridge'\n";
  CHECK(codes(world.project("repo", wide + "[[mounts]]\ntype = 'tmpfs'\ntarget = '/etc'\n")) ==
        Codes{ErrorCode::kWidening, ErrorCode::kForbiddenPath});
  CHECK(codes(world.project("repo", wide + "workspace.root = '../x'\n")) ==
        Codes{ErrorCode::kWidening, ErrorCode::kForbiddenPath});
  CHECK(codes(world.project("repo", wide + "workspace.root = '${cwd}/gone'\n")) ==
        Codes{ErrorCode::kWidening, ErrorCode::kPathMissing});
  // What was left out causes no further problem.
  CHECK(codes(world.project("repo",
                            "workspace = { root = '../x', folders = { a = 'rw' } }\n"
                            "process.env.A = '${workspace}'\n"
                            "[[mounts]]\nsource = '${workspace}/b'\ntarget = '/workspace/b'\n")) ==
        Codes{ErrorCode::kForbiddenPath});
  CHECK(codes(world.project("repo", "workspace = { root = 1 }\nprocess.cwd = '${workspace}'\n")) ==
        Codes{ErrorCode::kWrongType});
  // What a broken parent allows is not known.
  world.user("parent", "hardener.extra = 1");
  CHECK(codes(world.project("repo", "extends = ['parent']\nhardener.extra.x = 1\n")) ==
        Codes{ErrorCode::kUnknownPlugin, ErrorCode::kWrongType});
  CHECK(codes(world.project("repo", wide + "extends = [1, '../x', 'NO', 'quickstart']\n")) ==
        Codes{ErrorCode::kWrongType, ErrorCode::kExtendsPath, ErrorCode::kBadName});
  CHECK(codes(world.project("repo", wide + "description = 2026-01-01\nname = 2\n")) ==
        Codes{ErrorCode::kWidening, ErrorCode::kWrongType, ErrorCode::kWrongType});
}

TEST_CASE("profile: columns count bytes, carets count cells", "[profile][error]") {
  const World world;
  world.user("wide", "process = { env = { A = '漢字' }, cwd = 1 }");
  CHECK(world.problem("wide") ==
        "USER/wide.toml:2:43: error[P0113]: 'cwd' in [process] takes a string, not an integer\n"
        "  2 | process = { env = { A = '漢字' }, cwd = 1 }\n"
        "    |                                         ^\n");
}

TEST_CASE("profile: too large and too deep are refused unparsed (PR03)", "[profile][error]") {
  const World world;
  world.user("large", "# " + std::string(49 * 1024, 'x'));
  CHECK(world.problem("large") ==
        "paddock: error[P0103]: 'USER/large.toml' is larger than 48 KiB, the most that paddock "
        "reads\n");
  std::string deep = "a";
  for (int i = 0; i < 10'000; ++i) {
    deep += ".a";
  }
  world.user("deep", deep + " = 1");
  CHECK(world.problem("deep") ==
        "USER/deep.toml:2:32: error[P0103]: a key has more than 16 parts\n");
  world.user("nested", "a = " + std::string(10'000, '['));
  CHECK(world.problem("nested") ==
        "USER/nested.toml:2:37: error[P0103]: values are nested more than 32 deep\n");
  CHECK(world.problem("/dev/zero").find("error[P0102]") != std::string::npos);
  // 100 MB, and ten million keys.
  const auto start = std::chrono::steady_clock::now();
  world.user("huge", "");
  std::filesystem::resize_file(world.context.user_dir / "huge.toml", 100'000'000);
  CHECK(world.resolve("huge").error().code == ErrorCode::kFileTooLarge);
  std::string keys;
  for (int i = 0; i < 10'000'000; ++i) {
    keys += "a=1\n";
  }
  world.user("keys", keys);
  CHECK(world.resolve("keys").error().code == ErrorCode::kFileTooLarge);
  ::mkfifo((world.context.user_dir / "pipe.toml").c_str(), 0600);
  CHECK(world.resolve("pipe").error().code == ErrorCode::kFileUnreadable);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

TEST_CASE("profile: names are plain, and what is not is shown escaped (PR06)", "[profile][error]") {
  const World world;
  const auto what = [&](const std::string& text) {
    const auto resolved = world.resolve(world.user("named", text));
    return resolved ? std::string("loads") : resolved.error().what;
  };
  CHECK(what("name = '../x'") == "'../x' is not a profile's name");
  CHECK(what("name = 'a\xe2\x80\xae"
             "b'") == "the character U+202E may not stand in 'name'");
  CHECK(what("name = 'p\xd0\xb0"
             "ddock'") == "'p\\u0430ddock' is not a profile's name");
  CHECK(what("name = \"a\\u0000b\"") == "the character U+0000 may not stand in 'name'");
  CHECK(what("name = 'a\xe2\x80\x8b'") == "the character U+200B may not stand in 'name'");
  CHECK(what("name = '\xef\xbb\xbfx'") == "the character U+FEFF may not stand in 'name'");
  CHECK(what("'\xef\xbb\xbfname' = 'x'") == "unknown key '\\ufeffname'");
  CHECK(what("extends = ['--privileged']") == "'--privileged' is not a profile's name");
  CHECK(what("extends = ['$(id)']") == "'$(id)' is not a profile's name");
  CHECK(what("extends = ['quickstart', 'quickstart']") == "'quickstart' stands twice in 'extends'");
  CHECK(what("'pr\xd0\xbe"
             "cess' = 1") == "unknown key 'pr\\u043ecess'");
  CHECK(what("workspace.folders.'../x' = 'ro'") == "'../x' is not a workspace folder");
  CHECK(what("workspace.folders.'a/b' = 'ro'") == "'a/b' is not a workspace folder");
  world.user("named", "workspace.folders.'.git' = 'ro'");
  CHECK(world.problem("named") ==
        "USER/named.toml:2:19: error[P0117]: '.git' is not a workspace folder\n"
        "  2 | workspace.folders.'.git' = 'ro'\n"
        "    |                   ^^^^^^\n"
        "  hint: letters, digits, '.', '_' and '-', the first a letter or digit, at most 63, no "
        "'..'\n");
  CHECK(world.resolve("-v").error().hints.front() ==
        "small letters, digits, '.', '_' and '-', the first a letter or digit, at most 63, no "
        "'..'");
  CHECK(what("mounts = [{ target = '/a', mdoe = 'ro' }]") == "unknown key 'mdoe' in [[mounts]]");
  CHECK(what("process.env.'A B' = '1'") == "'A B' is not an environment variable");
  CHECK(what("process.env.A = \"\\u0000\"") ==
        "the character U+0000 may not stand in 'env' in [process]");
  CHECK(what("process.hostname = 'a_b'") == "'a_b' is not a host name");
  CHECK(what("process.cwd = 'work'") == "'cwd' in [process] is not an absolute path: 'work'");
  CHECK(what("backend.prefer = ['-v']") == "'-v' is not a plugin id");
  CHECK(what("hardener.basline.keep = []") == "no plugin has the id 'basline'");
  CHECK(what("host.'a b'.network.mode = 'none'") == "'a b' is not a pattern for a host");
  CHECK(what("resolve.'process.umask' = 'baseline'") ==
        "'process.umask' in [resolve] is not a leaf of the plan");
  CHECK(what("mounts = [{ target = '/a', type = 'tmpfs' }, { target = '/a', type = 'tmpfs' }]") ==
        "two mounts have the target '/a'");
}

TEST_CASE("profile: names on the command line are checked before any file (PR07)",
          "[profile][error]") {
  const World world;
  for (const std::string name : {"-v", "--privileged", "$(id)", "a\nb", "UPPER", "", ".", "a b"}) {
    INFO(name);
    CHECK(world.resolve(name).error().code == ErrorCode::kBadName);
  }
  CHECK(world.resolve(std::string(300, 'a')).error().code == ErrorCode::kBadName);
  CHECK(world.resolve("../x").error().code == ErrorCode::kUnknownProfile);
  CHECK(world.problem("quikstart") ==
        "paddock: error[P0135]: no profile is named 'quikstart'\n"
        "  hint: did you mean 'quickstart'?\n");
  CHECK(world.problem("./none.toml") == "paddock: error[P0135]: no profile is at './none.toml'\n");
}

TEST_CASE("profile: an unknown variable is an error with the list", "[profile][error]") {
  const World world;
  world.user("vars", "process.env.A = '${hom}'");
  CHECK(world.problem("vars") ==
        "USER/vars.toml:2:17: error[P0124]: no variable is named 'hom'\n"
        "  2 | process.env.A = '${hom}'\n"
        "    |                 ^^^^^^^^\n"
        "  hint: did you mean 'home'?\n");
  world.user("vars", "process.env.A = '${SECRET_TOKEN}'");
  CHECK(world.problem("vars") ==
        "USER/vars.toml:2:17: error[P0124]: no variable is named 'SECRET_TOKEN'\n"
        "  2 | process.env.A = '${SECRET_TOKEN}'\n"
        "    |                 ^^^^^^^^^^^^^^^^^\n"
        "  hint: valid: workspace, name, uid, gid, home, user, cwd, hostname\n");
  world.user("vars", "process.env.A = 'a${'");
  CHECK(world.resolve("vars").error().what == "'${' has no '}'");
  world.user("vars", "process.env.A = '${workspace}'");
  CHECK(world.resolve("vars").error().what ==
        "${workspace} is empty: no 'root' is set in [workspace]");
}

TEST_CASE("profile: what a variable brings in has to be in form", "[profile][error]") {
  World world;
  world.user("host", "process.hostname = '${cwd}'");
  CHECK(world.problem("host") ==
        "USER/host.toml:2:20: error[P0117]: 'PROJECT' is not a host name\n"
        "  2 | process.hostname = '${cwd}'\n"
        "    |                    ^^^^^^^^\n"
        "  hint: letters, digits, '.' and '-', at most 64\n");
  const auto what = [&](const std::string& text) {
    const auto resolved = world.resolve(world.user("form", text));
    return resolved ? std::string("loads") : resolved.error().what;
  };
  CHECK(what("process.hostname = '${name}'") == "loads");
  CHECK(what("process.hostname = '$${name}'") == "'${name}' is not a host name");
  CHECK(what("process.cwd = '${name}'") == "'cwd' in [process] is not an absolute path: 'box'");
  CHECK(what("process.cwd = '$x'") == "'cwd' in [process] is not an absolute path: '$x'");
  CHECK(what("process.cwd = '/nowhere/../../x'") ==
        "'cwd' in [process] holds '..': '/nowhere/../../x'");
  CHECK(what("process.cwd = '${cwd}/..x'") == "loads");
  world.context.hostname = "..";
  CHECK(what("process.cwd = '/a/${hostname}'") == "'cwd' in [process] holds '..': '/a/..'");
  world.context.user = "a\xe2\x80\xae";
  CHECK(what("process.cwd = '/home/${user}'") ==
        "the character U+202E may not stand in 'cwd' in [process]");
  // An escaped variable is text: it needs no workspace.
  CHECK(what("process.env.A = '$${workspace}'") == "loads");
  CHECK(world.value("form", "process.env.A") == "\"${workspace}\"");
}

TEST_CASE("profile: a quoted key is one name, dots and all", "[profile][error]") {
  World world;
  OptionSpec option;
  option.key = "user.limit";
  option.type = OptionType::kInteger;
  world.context.plugin_options["nested"] = {option};
  world.user("dots", "hardener.nested.\"user.limit\" = 5");
  CHECK(world.problem("dots") ==
        "USER/dots.toml:2:17: error[P0112]: unknown key 'user.limit' in [hardener.nested]\n"
        "  2 | hardener.nested.\"user.limit\" = 5\n"
        "    |                 ^^^^^^^^^^^^\n"
        "  hint: write user.limit, without quotes\n");
  CHECK(world.value(world.user("dots", "hardener.nested.user.limit = 5"), "hardener.nested") ==
        "{\"user\":{\"limit\":5}}");
}

TEST_CASE("profile: --set is checked like a file", "[profile][error]") {
  const World world;
  CHECK(world.problem("quickstart", {"resources.memroy=1GiB"}) ==
        "--set:1:1: error[P0112]: unknown key 'resources.memroy' in --set\n"
        "  1 | resources.memroy=1GiB\n"
        "    | ^^^^^^^^^^^^^^^^\n"
        "  hint: did you mean 'resources.memory'?\n");
  CHECK(world.problem("quickstart", {"resources.memory=lots"}) ==
        "--set:1:18: error[P0114]: 'lots' is not a size\n"
        "  1 | resources.memory=lots\n"
        "    |                  ^^^^\n"
        "  hint: write digits and a unit: KiB, MiB, GiB, TiB, KB, MB, GB or TB\n");
  CHECK(world.problem("quickstart", {"memory"}) ==
        "--set:1:1: error[P0001]: 'memory' is not KEY=VALUE\n"
        "  1 | memory\n"
        "    | ^^^^^^\n"
        "  hint: such as resources.memory=1GiB\n");
  CHECK(world.problem("quickstart", {"process.init=false", "workspace.mode=x"}) ==
        "--set:2:16: error[P0114]: 'x' is not a value of 'mode' in [workspace]\n"
        "  2 | workspace.mode=x\n"
        "    |                ^\n"
        "  hint: valid: ro, rw\n");
  CHECK(world.resolve("quickstart", {"resources.pids=many"}).error().what ==
        "'pids' in [resources] takes an integer, not a string");
  CHECK(world.resolve("quickstart", {"process.env.A B=1"}).error().what ==
        "'A B' is not an environment variable");
}

TEST_CASE("profile: without a current folder nothing is resolved", "[profile][error]") {
  World world;
  world.user("mine", "");
  CHECK(world.problem("mine").empty());
  world.context.cwd.clear();
  const auto refused = world.resolve("mine");
  REQUIRE_FALSE(refused);
  CHECK(render(refused.error()) ==
        "paddock: error[P0134]: the current folder does not exist any more, or cannot be reached\n"
        "  hint: change to the folder of the project\n");
}

}  // namespace
}  // namespace paddock::test
