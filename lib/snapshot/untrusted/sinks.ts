/** Actions that run an input as code, and actions that hand on what outsiders wrote. */

/** Action → its inputs that are code. */
export const CODE_INPUTS: Readonly<Record<string, readonly string[]>> = {
  'actions/github-script': ['script'],
  'azure/cli': ['inlineScript'],
  'azure/powershell': ['inlineScript'],
  'nick-fields/retry': ['command', 'on_retry_command'],
  'nick-invision/retry': ['command'],
  'appleboy/ssh-action': ['script'],
  'addnab/docker-run-action': ['run'],
  'mikefarah/yq': ['cmd'],
  'devorbitus/yq-action-output': ['cmd'],
  'jannekem/run-python-script-action': ['script'],
  'amadevus/pwsh-script': ['script'],
  'reactivecircus/android-emulator-runner': ['script'],
  'gabrielbb/xvfb-action': ['run'],
  'coactions/setup-xvfb': ['run'],
  '8398a7/action-slack': ['custom_payload'],
}

/** Action → its outputs that are a branch name, a title or a text of the event. */
export const UNTRUSTED_OUTPUTS: Readonly<Record<string, RegExp>> = {
  'tj-actions/branch-names': /^(?:current_branch|head_ref_branch)$/,
  'xt0rted/pull-request-comment-branch': /^head_ref$/,
  'gotson/pull-request-comment-branch': /^head_ref$/,
  'alessbell/pull-request-comment-branch': /^head_ref$/,
  'eficode/resolve-pr-refs': /^head_ref$/,
  'potiuk/get-workflow-origin': /^(?:sourceheadbranch|pullrequesttitle)$/,
  'khan/pull-request-comment-trigger': /^comment_body$/,
  'jitterbit/get-changed-files': /^(?:all|added|modified|renamed|added_modified)$/,
  'trilom/file-changes-action': /^files/,
  'peter-murray/issue-body-parser-action': /^payload$/,
  'zentered/issue-forms-body-parser': /^data$/,
  'stefanbuck/github-issue-parser': /^(?:jsonstring|issueparser_.*)$/,
}
