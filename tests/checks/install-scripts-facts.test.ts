/** Which fact decides whether scripts run, where several speak: it is named, in the note as in the finding. */
import { expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { installScriptsDisabled } from '#lib/checks/install-scripts-disabled.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { scan } from '#lib/scan.ts'
import { snapshotOf } from '../snapshot-of.ts'

function job(...steps: string[]): FileMap {
  return {
    '.github/workflows/ci.yml': `on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.map(step => `      - ${step}\n`).join('')}`,
  }
}

function packageJson(more: object): FileMap {
  return { 'package.json': JSON.stringify({ dependencies: { a: '1' }, ...more }) }
}

const PNPM = (version: string) => packageJson({ packageManager: `pnpm@${version}` })
const SETUP = (version: string) => `{ uses: pnpm/action-setup@v4, with: { version: "${version}" } }`
const ENGINES = { engines: { npm: '>=12' } }

test.each<[string, FileMap, isOff: boolean, words: string]>([
  [
    'npm of packageManager',
    { ...packageJson({ packageManager: 'npm@12.0.1' }), ...job('run: npm ci') },
    true,
    'npm 12.0.1 (`packageManager` in `package.json`) blocks them by default',
  ],
  [
    'an older one',
    { ...packageJson({ packageManager: 'npm@11.6.0' }), ...job('run: npm ci') },
    false,
    'npm 11.6.0 (`packageManager` in `package.json`) runs them by default',
  ],
  [
    'one that was installed before',
    {
      ...packageJson({ packageManager: 'npm@11.6.0' }),
      ...job('run: npm i -g npm@12.1.0 --ignore-scripts', 'run: npm ci'),
    },
    true,
    'npm 12.1.0 (`npm i -g npm@12.1.0 --ignore-scripts` before it) blocks',
  ],
  [
    'devEngines',
    { ...packageJson({ devEngines: { packageManager: { name: 'npm', version: '^12.0.0' } } }), ...job('run: npm ci') },
    true,
    'npm 12.0.0 (`devEngines` in `package.json`) blocks',
  ],
  [
    'engines alone',
    { ...packageJson(ENGINES), ...job('run: npm ci') },
    false,
    'no npm of version 12 or later is named',
  ],
  [
    'engines that are strict',
    { ...packageJson(ENGINES), '.npmrc': 'engine-strict=true\n', ...job('run: npm ci') },
    true,
    'npm 12 (`engines.npm` with `engine-strict`) blocks',
  ],
  [
    'npm 12 told to allow all',
    { ...packageJson({ packageManager: 'npm@12.0.1' }), ...job('run: npm ci --dangerously-allow-all-scripts') },
    false,
    '`dangerously-allow-all-scripts` lets npm run them all',
  ],
  [
    'a flag before a version',
    { ...packageJson({ packageManager: 'npm@12.0.1' }), ...job('run: npm ci --ignore-scripts=false') },
    false,
    'the flag `--ignore-scripts=false`',
  ],
  [
    'the environment before a file',
    {
      ...packageJson({}),
      '.npmrc': 'ignore-scripts=true\n',
      ...job('{ run: npm ci, env: { npm_config_ignore_scripts: "false" } }'),
    },
    false,
    '`NPM_CONFIG_IGNORE_SCRIPTS: false` in its environment',
  ],
  [
    'pnpm of packageManager',
    { ...PNPM('10.1.0'), ...job('run: pnpm i') },
    true,
    'pnpm 10.1.0 (`packageManager` in `package.json`) blocks',
  ],
  [
    'pnpm of the setup action',
    { ...packageJson({}), ...job(SETUP('11'), 'run: pnpm i') },
    true,
    'pnpm 11 (`version` of pnpm/action-setup) blocks',
  ],
  [
    'a new pnpm hands over to the one of packageManager',
    { ...PNPM('9.15.0'), ...job('run: npm i -g pnpm@10.4.0 --ignore-scripts', 'run: pnpm i') },
    false,
    'pnpm 9.15.0 (`packageManager` in `package.json`) runs',
  ],
  [
    'an older one does not',
    { ...PNPM('10.1.0'), ...job(SETUP('8'), 'run: pnpm i') },
    false,
    'pnpm 8 (`version` of pnpm/action-setup) runs',
  ],
  [
    'a setup action that comes later',
    { ...packageJson({}), ...job('run: pnpm i', SETUP('10')) },
    false,
    'no version of pnpm is named',
  ],
  [
    'an allow-list of pnpm',
    { ...packageJson({}), 'pnpm-workspace.yaml': 'allowBuilds: { esbuild: true, x: false }\n', ...job('run: pnpm i') },
    true,
    '`allowBuilds` in `pnpm-workspace.yaml` allows only `esbuild`',
  ],
  [
    'an empty one',
    { ...packageJson({}), 'pnpm-workspace.yaml': 'onlyBuiltDependencies: []\n', ...job('run: pnpm i') },
    true,
    '`onlyBuiltDependencies` in `pnpm-workspace.yaml` allows no package',
  ],
  [
    'Yarn of yarnPath before packageManager',
    {
      ...packageJson({ packageManager: 'yarn@4.5.0' }),
      '.yarnrc.yml': 'yarnPath: .yarn/releases/yarn-4.14.1.cjs\n',
      ...job('run: yarn'),
    },
    true,
    'Yarn 4.14.1 (`yarnPath`) blocks',
  ],
  [
    'Yarn 1',
    { ...packageJson({ packageManager: 'yarn@1.22.22' }), ...job('run: yarn') },
    false,
    'Yarn 1 runs them by default',
  ],
])('%s', (_, files, isOff, words) => {
  const { findings, notes = [] } = installScriptsDisabled.run(snapshotOf(files), defaultPolicy)
  const told = isOff ? notes : findings.map(({ message }) => message)
  expect(findings).toHaveLength(isOff ? 0 : 1)
  expect(told.join('\n')).toContain(words)
})

test('a file that could not be read matters where an install may stand in it', () => {
  const outcome = (path: string) => {
    const repo = snapshotOf(
      { ...PNPM('10.1.0'), ...job('run: pnpm i') },
      { unread: [{ part: 'files', path, reason: 'It is not text.' }] },
    )
    return scan(repo, [installScriptsDisabled], defaultPolicy, new Date(0)).checks[0]?.outcome
  }
  for (const path of ['spec/x.gemspec', 'go.sum', 'docs/a.tf']) expect(outcome(path)).toBe('pass')
  for (const path of ['web/package.json', '.npmrc', 'web/Dockerfile.dev', 'build/x.sh', 'Makefile'])
    expect(outcome(path)).toBe('unknown')
})
