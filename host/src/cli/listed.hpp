// The functions that make each Command, one file each; commands.cpp lists them in order.
#pragma once

#include "cli/command.hpp"

namespace paddock::cli {

Command run_command();
Command exec_command();
Command shell_command();
Command attach_command();
Command start_command();
Command restart_command();
Command warm_command();
Command ps_command();
Command logs_command();
Command inspect_command();
Command stats_command();
Command changes_command();
Command import_command();
Command share_command();
Command exports_command();
Command worktree_list_command();
Command worktree_fetch_command();
Command worktree_remove_command();
Command stop_command();
Command reset_command();
Command destroy_command();
Command verify_command();
Command receipt_command();
Command gc_command();
Command clean_command();
Command volume_list_command();
Command volume_rm_command();
Command plan_command();
Command image_list_command();
Command image_pull_command();
Command image_build_command();
Command image_import_command();
Command image_rm_command();
Command profile_list_command();
Command profile_show_command();
Command profile_validate_command();
Command profile_schema_command();
Command profile_new_command();
Command profile_approve_command();
Command plugin_list_command();
Command plugin_info_command();
Command doctor_command();
Command help_command();
Command completion_command();
Command version_command();
Command complete_command();
Command plugin_child_command();

}  // namespace paddock::cli
