// paddock clean
#include <filesystem>

#include "cli/confirm.hpp"
#include "cli/image_common.hpp"
#include "cli/image_progress.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/plugin_view.hpp"

namespace paddock::cli {
namespace {

/// An image that paddock brought, and nobody needs.
struct Unused {
  plugin::Instance* engine;
  image::Record record;
  std::uint64_t size_bytes;
};

/// Those of one engine. What somebody else put there by now is not listed.
Result<std::vector<Unused>> unused_in(plugin::Instance& engine, const NamedImages& named) {
  std::vector<Unused> list;
  const auto records = open_records().load();
  if (!records) {
    return fail_as(records);
  }
  for (const image::Record& record : *records) {
    if (record.backend != engine.manifest().id || named.count(record.reference) != 0) {
      continue;
    }
    const auto found = image::find(engine, record.reference);
    if (!found) {
      return fail_as(found);
    }
    if (*found && (*found)->id == record.id) {
      list.push_back({&engine, record, (*found)->size_bytes});
    }
  }
  return list;
}

std::vector<Unused> find_unused(const std::vector<EnginePtr>& engines,
                                const NamedImages& named,
                                std::vector<Error>& problems) {
  std::vector<Unused> all;
  for (const EnginePtr& engine : engines) {
    auto some = unused_in(*engine, named);
    if (some) {
      all.insert(all.end(), some->begin(), some->end());
    } else {
      problems.push_back(some.error());
    }
  }
  return all;
}

std::string losses(const std::vector<Unused>& unused, const std::string& cache) {
  std::string text = "removes:\n";
  for (const Unused& one : unused) {
    text += "  image " + one.record.reference + " of " + one.record.backend + ", " +
            one.record.how + ", " + bytes_text(one.size_bytes) + "\n";
  }
  return text + (cache.empty() ? "" : "  cache '" + cache + "'\n");
}

/// The names that are gone.
Node::Array remove_images(const std::vector<Unused>& unused,
                          std::vector<Error>& problems,
                          std::string& lines) {
  Node::Array removed;
  for (const Unused& one : unused) {
    const std::string& reference = one.record.reference;
    if (auto gone = image::take_away(*one.engine, reference, open_records()); !gone) {
      problems.push_back(gone.error());
      continue;
    }
    removed.push_back(Node(Node::Table{{"reference", text_node(reference)},
                                       {"backend", text_node(one.record.backend)},
                                       {"size_bytes", Node(std::int64_t(one.size_bytes))}}));
    lines += reference + "\n";
  }
  return removed;
}

Result<int> remove(const std::vector<Unused>& unused,
                   const std::string& cache,
                   std::vector<Error> problems,
                   const Arguments& arguments) {
  std::string lines;
  auto removed = remove_images(unused, problems, lines);
  std::error_code failed;
  const bool emptied = !cache.empty() && std::filesystem::remove(cache, failed);
  if (failed) {
    problems.push_back(fail_errno(failed.value(), "cannot remove '" + cache + "'").value());
  }
  if (arguments.json) {
    print(json_line({{"images", Node(std::move(removed))}, {"cache", Node(emptied)}},
                    "paddock.clean/1"));
  } else if (!arguments.quiet) {
    print(lines + (emptied ? cache + "\n" : ""));
  }
  return status_of(std::move(problems));
}

Result<int> clean(const Arguments& arguments) {
  const auto registry = open_plugins();
  if (!registry) {
    return fail_as(registry);
  }
  std::vector<Error> problems;
  settle_images(*registry, problems);
  const auto engines = open_engines(*registry, arguments);  // none: there is the cache
  if (!engines && !arguments.value("backend").empty()) {
    return fail_as(engines);
  }
  const std::vector<EnginePtr> none;
  const auto unused =
      find_unused(engines ? *engines : none,
                  arguments.flag("all") ? NamedImages() : named_by_profiles(*registry), problems);
  std::error_code missing;
  std::string cache = registry->settings().cache_file;
  cache = std::filesystem::exists(cache, missing) ? cache : "";
  const bool nothing = unused.empty() && cache.empty();
  if (nothing && !arguments.json && !arguments.quiet) {
    print("nothing to clean\n");
  }
  if (auto sure =
          nothing ? Result<void>{} : confirm(losses(unused, cache), "remove them?", arguments);
      !sure) {
    return fail_as(sure);
  }
  return remove(unused, cache, std::move(problems), arguments);
}

}  // namespace

Command clean_command() {
  Command command;
  command.name = "clean";
  command.group = "CHANGE";
  command.summary = "remove unused images and caches of paddock's own";
  command.description =
      "Removes the images that paddock pulled, built or imported and that no profile of yours "
      "names, with --all also those that one names, and paddock's own cache. All of it comes back "
      "when it is needed. What it will remove is shown first; --yes answers for a script.\n\n"
      "Only names that paddock's records hold are touched, and only while they lead to what it "
      "brought. Sandboxes, workspaces, volumes, logs and receipts stay; so does an image that a "
      "container needs, with the engine's reason.\n\n"
      "Exit status: 6 when nobody confirms.";
  command.options = {{"all", 'a', "", "also images that a profile names"}, backend_option()};
  command.examples = {"paddock clean", "paddock clean --all --yes --backend docker"};
  command.run = clean;
  return command;
}

}  // namespace paddock::cli
