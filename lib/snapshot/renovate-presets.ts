/**
 * Renovate's built-in presets, as far as they switch managers or paths off or on, or say when, in which groups, how late
 * and to whom updates come. Source: lib/config/presets/internal of renovatebot/renovate, August 2026.
 */
import type { Table } from './workspaces.ts'

const TESTS_AND_MODULES = [
  '**/node_modules/**',
  '**/bower_components/**',
  '**/vendor/**',
  '**/examples/**',
  '**/__tests__/**',
  '**/test/**',
  '**/tests/**',
  '**/__fixtures__/**',
]
const DISABLE_IMAGES = Object.fromEntries(
  ['docker-compose', 'dockerfile', 'circleci'].map(manager => [manager, { enabled: false }]),
)

const PRESETS: Readonly<Record<string, Table>> = {
  'config:recommended': { extends: [':ignoreModulesAndTests'] },
  'config:base': { extends: ['config:recommended'] },
  'config:best-practices': { extends: ['config:recommended', 'security:minimumReleaseAgeNpm'] },
  'config:js-app': { extends: ['config:recommended'] },
  'config:js-lib': { extends: ['config:recommended'] },
  'config:semverAllMonthly': { extends: ['group:all', 'schedule:monthly'] },
  'config:semverAllWeekly': { extends: ['group:all', 'schedule:weekly'] },
  ':ignoreModulesAndTests': { ignorePaths: TESTS_AND_MODULES },
  ':includeNodeModules': { ignorePaths: [] },
  ':disableRenovate': { enabled: false },
  ':enableRenovate': { enabled: true },
  ':gitSubmodules': { 'git-submodules': { enabled: true } },
  ':enablePreCommit': { 'pre-commit': { enabled: true } },
  ':onlyNpm': { enabledManagers: ['npm'] },
  'docker:disable': DISABLE_IMAGES,
  'security:only-security-updates': { packageRules: [{ enabled: false, matchPackageNames: ['*'] }] },
  'security:minimumReleaseAgeNpm': lateFor('npm'),
  'security:minimumReleaseAgePypi': lateFor('pypi'),
  'security:minimumReleaseAgeCrate': lateFor('crate'),
  'npm:unpublishSafe': lateFor('npm'),
  'group:all': { packageRules: [{ groupName: 'all dependencies', matchPackageNames: ['*'] }] },
  'group:allNonMajor': {
    packageRules: [
      { groupName: 'all non-major dependencies', matchPackageNames: ['*'], matchUpdateTypes: ['minor', 'patch'] },
    ],
  },
  ':assignee': { assignees: ['named by an argument'] },
  ':reviewer': { reviewers: ['named by an argument'] },
  ':assignAndReview': { assignees: ['named by an argument'] },
  ...Object.fromEntries(
    Object.entries({
      daily: '* 0-3 * * *',
      earlyMondays: '* 0-3 * * 1',
      weekly: '* 0-3 * * 1',
      monthly: '* 0-3 1 * *',
      nonOfficeHours: '* 0-4,22-23 * * 1-5',
      officeHours: '* 8-17 * * 1-5',
      quarterly: '* * 1 */3 *',
      weekdays: '* * * * 1-5',
      weekends: '* * * * 0,6',
      yearly: '* * 1 */12 *',
    }).map(([name, cron]) => [`schedule:${name}`, { schedule: [cron] }]),
  ),
}

function lateFor(datasource: string): Table {
  return { packageRules: [{ matchDatasources: [datasource], minimumReleaseAge: '3 days' }] }
}

/** undefined where the name is none of Renovate's, `{}` where it is one that switches nothing. */
export function builtInPreset(name: string): Table | undefined {
  const plain = name.replace(/^default:/, ':').replace(/\(.*\)$/s, '')
  if (Object.hasOwn(PRESETS, plain)) return PRESETS[plain]
  return /^:|^(?:config|default|docker|group|helpers|mergeConfidence|monorepo|npm|packages|preview|replacements|schedule|security|workarounds|abandonments|customManagers|regexManagers|global):/.test(
    plain,
  )
    ? {}
    : undefined
}
