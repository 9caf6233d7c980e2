/** Renovate's built-in presets, only as far as they switch managers or paths off or on. */
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
  'config:best-practices': { extends: ['config:recommended'] },
  'config:js-app': { extends: ['config:recommended'] },
  'config:js-lib': { extends: ['config:recommended'] },
  'config:semverAllMonthly': { extends: ['config:recommended'] },
  'config:semverAllWeekly': { extends: ['config:recommended'] },
  ':ignoreModulesAndTests': { ignorePaths: TESTS_AND_MODULES },
  ':includeNodeModules': { ignorePaths: [] },
  ':disableRenovate': { enabled: false },
  ':enableRenovate': { enabled: true },
  ':gitSubmodules': { 'git-submodules': { enabled: true } },
  ':enablePreCommit': { 'pre-commit': { enabled: true } },
  ':onlyNpm': { enabledManagers: ['npm'] },
  'docker:disable': DISABLE_IMAGES,
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
