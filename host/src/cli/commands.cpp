#include "cli/command.hpp"
#include "cli/listed.hpp"

namespace paddock::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> table{
      run_command(),
      exec_command(),
      shell_command(),
      attach_command(),
      start_command(),
      restart_command(),
      warm_command(),
      ps_command(),
      logs_command(),
      inspect_command(),
      stats_command(),
      changes_command(),
      import_command(),
      share_command(),
      exports_command(),
      worktree_list_command(),
      worktree_fetch_command(),
      worktree_remove_command(),
      stop_command(),
      reset_command(),
      destroy_command(),
      verify_command(),
      receipt_command(),
      gc_command(),
      clean_command(),
      volume_list_command(),
      volume_rm_command(),
      plan_command(),
      image_list_command(),
      image_pull_command(),
      image_build_command(),
      image_import_command(),
      image_rm_command(),
      profile_list_command(),
      profile_show_command(),
      profile_validate_command(),
      profile_schema_command(),
      profile_new_command(),
      profile_approve_command(),
      plugin_list_command(),
      plugin_info_command(),
      doctor_command(),
      help_command(),
      completion_command(),
      version_command(),
      complete_command(),
      plugin_child_command(),
  };
  return table;
}

}  // namespace paddock::cli
