/** Jobs that update dependencies on purpose and propose what they did in a pull request: there it is looked at. */
import { type Command, onceForUnit, type Unit } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { npmCommandOf } from './npm-family.ts'

const PROPOSES =
  /^(?:peter-evans\/create-pull-request|gr2m\/create-or-update-pull-request-action|repo-sync\/pull-request|devops-infra\/action-pull-request|vsoch\/pull-request-action|int128\/create-pull-request-action|technote-space\/create-pr-action)$/

const proposes = onceForUnit(
  ({ actions, commands }: Unit): boolean =>
    actions.some(({ name }) => PROPOSES.test(name)) ||
    commands.some(({ argv }) => /^(?:gh pr create|hub pull-request)\b/.test(argv.slice(0, 3).join(' '))),
)

/** True for a command that changes the lock where the job then opens a pull request with what changed. */
export function isProposedUpdate(repo: Snapshot, command: Command): boolean {
  return changesLock(command) && proposes(command.unit, repo)
}

function changesLock(command: Command): boolean {
  const npm = npmCommandOf(command)
  // What is put elsewhere, or not written down, is in no pull request.
  if (npm) return /^(?:add|update)$/.test(npm.verb) && !npm.isGlobal && npm.cwd !== null && !npm.flags.has('--no-save')
  const [program = '', ...rest] = command.argv
  const verb = rest.find(word => !word.startsWith('-')) ?? ''
  switch (program) {
    case 'bundle':
    case 'pipenv':
    case 'poetry':
    case 'pdm':
    case 'uv':
    case 'composer':
      return /^(?:update|upgrade|add|require|u|r)$/.test(verb)
    case 'dotnet':
      return rest.includes('--force-evaluate')
    default:
      return false
  }
}
