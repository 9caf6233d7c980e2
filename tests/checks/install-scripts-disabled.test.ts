/** Every setting that decides whether installed packages run code, and the traps beside it. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { installScriptsDisabled } from '#lib/checks/install-scripts-disabled.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { snapshotOf } from '../snapshot-of.ts'

function judge(files: FileMap) {
  const { examined, findings, notes } = installScriptsDisabled.run(snapshotOf(files), defaultPolicy)
  return { examined, wrong: findings.length, messages: findings.map(({ message }) => message), notes }
}

function job(steps: string, more = ''): FileMap {
  return {
    '.github/workflows/ci.yml': `on: push\n${more}jobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.replace(/^/gm, '      ')}\n`,
  }
}

const PACKAGE = { 'package.json': '{ "dependencies": { "a": "1" } }' }
const manager = (name: string): FileMap => ({
  'package.json': `{ "packageManager": "${name}", "dependencies": { "a": "1" } }`,
})
const BERRY = { ...manager('yarn@4.5.0'), 'yarn.lock': '__metadata:\n  version: 8\n' }

describe('scripts are off', () => {
  const cases: [string, FileMap][] = [
    ['flag', { ...PACKAGE, ...job('- run: npm ci --ignore-scripts') }],
    ['.npmrc', { ...PACKAGE, '.npmrc': 'ignore-scripts = true\n', ...job('- run: npm ci') }],
    [
      '.npmrc of the workspace root',
      {
        'package.json': '{ "workspaces": ["web"] }',
        'web/package.json': '{}',
        '.npmrc': 'ignore-scripts=true',
        ...job('- run: npm i\n  working-directory: web'),
      },
    ],
    ['env of the workflow', { ...PACKAGE, ...job('- run: npm ci', 'env:\n  NPM_CONFIG_IGNORE_SCRIPTS: true\n') }],
    ['env of the step', { ...PACKAGE, ...job('- run: npm ci\n  env:\n    npm_config_ignore_scripts: "true"') }],
    ['export', { ...PACKAGE, ...job('- run: |\n    export npm_config_ignore_scripts=true\n    npm ci') }],
    [
      'GITHUB_ENV',
      { ...PACKAGE, ...job('- run: echo "npm_config_ignore_scripts=true" >> "$GITHUB_ENV"\n- run: npm ci') },
    ],
    ['config set', { ...PACKAGE, ...job('- run: npm config set ignore-scripts true\n- run: npm ci') }],
    ['npm 12 by packageManager', { ...manager('npm@12.0.1'), ...job('- run: npm ci') }],
    [
      'npm 12 installed before',
      { ...PACKAGE, ...job('- run: npm config set ignore-scripts true\n- run: npm install -g npm@12\n- run: npm ci') },
    ],
    ['Yarn 1 by .npmrc', { ...PACKAGE, 'yarn.lock': '', '.npmrc': 'ignore-scripts=true', ...job('- run: yarn') }],
    ['Berry by setting', { ...BERRY, '.yarnrc.yml': 'enableScripts: false\n', ...job('- run: yarn') }],
    ['Berry by mode', { ...BERRY, ...job('- run: yarn install --mode=skip-build') }],
    ['Berry by env', { ...BERRY, ...job('- run: yarn', 'env:\n  YARN_ENABLE_SCRIPTS: false\n') }],
    ['Berry 4.14', { ...manager('yarn@4.14.0'), ...job('- run: yarn') }],
    ['Berry lock 9', { ...PACKAGE, 'yarn.lock': '__metadata:\n  version: 9\n', ...job('- run: yarn') }],
    ['pnpm 10', { ...manager('pnpm@10.1.0'), ...job('- run: pnpm i') }],
    [
      'pnpm by setup action',
      { ...PACKAGE, ...job('- uses: pnpm/action-setup@v4\n  with:\n    version: 10\n- run: pnpm i') },
    ],
    [
      'pnpm allow-list',
      { 'package.json': '{ "pnpm": { "onlyBuiltDependencies": ["esbuild"] } }', ...job('- run: pnpm i') },
    ],
    ['Bun', { ...PACKAGE, ...job('- run: bun install') }],
  ]
  test.each(cases)('%s', (_, files) => {
    const { examined, wrong, notes } = judge(files)
    expect(wrong).toBe(0)
    expect(examined).toBeGreaterThan(0)
    expect(notes).toHaveLength(examined)
  })
})

describe('scripts run', () => {
  const cases: [string, FileMap][] = [
    ['nothing said', { ...PACKAGE, ...job('- run: npm ci') }],
    ['flag false', { ...PACKAGE, '.npmrc': 'ignore-scripts=true', ...job('- run: npm ci --ignore-scripts=false') }],
    ['global does not read .npmrc', { ...PACKAGE, '.npmrc': 'ignore-scripts=true', ...job('- run: npm i -g x@1.0.0') }],
    [
      'another package root',
      {
        ...PACKAGE,
        '.npmrc': 'ignore-scripts=true',
        'web/package.json': '{}',
        ...job('- run: npm ci\n  working-directory: web'),
      },
    ],
    ['allowScripts of an older npm', { 'package.json': '{ "allowScripts": {} }', ...job('- run: npm ci') }],
    ['Berry does not read .npmrc', { ...BERRY, '.npmrc': 'ignore-scripts=true', ...job('- run: yarn') }],
    [
      'Berry 4.14 with scripts on',
      { ...manager('yarn@4.14.0'), '.yarnrc.yml': 'enableScripts: true\n', ...job('- run: yarn') },
    ],
    ['pnpm 9', { ...manager('pnpm@9.15.0'), ...job('- run: pnpm i') }],
    ['pnpm lock 9.0 alone', { ...PACKAGE, 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n", ...job('- run: pnpm i') }],
    [
      'pnpm 10 allowing all',
      {
        ...manager('pnpm@10.1.0'),
        'pnpm-workspace.yaml': 'dangerouslyAllowAllBuilds: true\n',
        ...job('- run: pnpm i'),
      },
    ],
    ['a deny-list', { 'package.json': '{ "pnpm": { "neverBuiltDependencies": ["x"] } }', ...job('- run: pnpm i') }],
    ['config set after', { ...PACKAGE, ...job('- run: npm ci\n- run: npm config set ignore-scripts true') }],
  ]
  test.each(cases)('%s', (_, files) => {
    expect(judge(files)).toMatchObject({ examined: 1, wrong: 1 })
  })
})

describe('what an install without scripts would miss', () => {
  const locked = (packages: Record<string, object>, more: object = {}): FileMap => ({
    'package.json': JSON.stringify({ dependencies: { a: '1' }, ...more }),
    'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } }, null, 2),
    ...job('- run: npm ci'),
  })
  const patchOf = (files: FileMap) =>
    installScriptsDisabled.run(snapshotOf(files), defaultPolicy).findings.map(({ patch }) => patch?.safety)
  const plain = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }

  test('the packages that bring a script are named', () => {
    const files = locked({ ...plain, 'node_modules/b/node_modules/c': { version: '2.0.0', hasInstallScript: true } })
    expect(judge(files).messages[0]).toContain(
      'The one locked package with a script is `c`; where it is needed, run `npm rebuild c` after it.',
    )
    expect(patchOf(files)).toEqual(['review'])
  })

  test('where the lock knows of none the flag changes nothing else', () => {
    expect(judge(locked(plain)).messages[0]).toContain('No locked package has a script')
    expect(patchOf(locked(plain))).toEqual(['safe'])
  })

  test("the project's own scripts, members and a lock that does not tell want a look", () => {
    const own = locked(plain, { scripts: { prepare: 'husky' } })
    expect(judge(own).messages[0]).toContain('Its own `prepare` then runs only by `npm run`.')
    expect(patchOf(own)).toEqual(['review'])
    expect(patchOf(locked(plain, { workspaces: ['web'] }))).toEqual(['review'])
    expect(patchOf({ ...PACKAGE, ...job('- run: npm ci') })).toEqual(['review'])
  })
})

test('a bare rebuild undoes it, one by name does not', () => {
  const files = (rebuild: string) => ({ ...PACKAGE, ...job(`- run: npm ci --ignore-scripts\n- run: ${rebuild}`) })
  expect(judge(files('npm rebuild')).wrong).toBe(1)
  expect(judge(files('npm rebuild esbuild')).wrong).toBe(0)
})

describe('in an image a settings file applies where a COPY before takes it in', () => {
  const files = (dockerfile: string, ignore = ''): FileMap => ({
    ...PACKAGE,
    '.npmrc': 'ignore-scripts=true',
    '.dockerignore': ignore,
    Dockerfile: `FROM node:24 AS a\nWORKDIR /app\n${dockerfile}\n`,
  })
  test('by name, by all, in an earlier stage, by env', () => {
    expect(judge(files('COPY package.json .npmrc ./\nRUN npm ci'))).toMatchObject({ examined: 1, wrong: 0 })
    expect(judge(files('COPY . .\nRUN npm ci'))).toMatchObject({ examined: 1, wrong: 0 })
    expect(judge(files('COPY . .\nFROM a\nRUN npm ci'))).toMatchObject({ examined: 1, wrong: 0 })
    expect(judge(files('ENV npm_config_ignore_scripts=true\nCOPY package.json ./\nRUN npm ci'))).toMatchObject({
      examined: 1,
      wrong: 0,
    })
  })
  test('not where it comes later, or .dockerignore keeps it out', () => {
    expect(judge(files('COPY package*.json ./\nRUN npm ci\nCOPY . .'))).toMatchObject({ examined: 1, wrong: 1 })
    expect(judge(files('COPY . .\nRUN npm ci', '.npmrc\n'))).toMatchObject({ examined: 1, wrong: 1 })
    expect(judge(files('COPY package*.json ./\nRUN npm ci')).messages[0]).toContain('not copied into the image')
  })
})

test('without an install command each package root is judged, members belong to their root', () => {
  const files = {
    'package.json': '{ "workspaces": ["web"], "dependencies": { "a": "1" } }',
    'web/package.json': '{ "dependencies": { "b": "1" } }',
    'docs/package.json': '{ "dependencies": { "c": "1" } }',
    'docs/.npmrc': 'ignore-scripts=true\n',
  }
  expect(judge(files)).toMatchObject({ examined: 2, wrong: 1 })
  expect(judge({ 'package.json': '{ "name": "x" }' })).toMatchObject({ examined: 0, wrong: 0 })
})

test('a folder that cannot be told, or flags in a variable, are no alarm', () => {
  const files = (run: string) => ({ 'package.json': '{}', ...job(`- run: ${run}`) })
  expect(judge(files('cd "$DIR" && npm ci'))).toMatchObject({ examined: 0, wrong: 0 })
  expect(judge(files('npm ci $NPM_FLAGS'))).toMatchObject({ examined: 0, wrong: 0 })
  const foreign =
    '- uses: actions/checkout@v4\n- uses: actions/checkout@v4\n  with: { repository: a/b, path: x }\n- run: npm ci\n  working-directory: x'
  expect(judge({ 'package.json': '{}', ...job(foreign) })).toMatchObject({ examined: 0, wrong: 0 })
})

test('the newest pnpm, installed before, blocks scripts; one named by devEngines counts too', () => {
  expect(judge({ ...PACKAGE, ...job('- run: npm i -g pnpm --ignore-scripts\n- run: pnpm i') }).wrong).toBe(0)
  const engines = { 'package.json': '{ "devEngines": { "packageManager": { "name": "pnpm", "version": "^10.2.0" } } }' }
  expect(judge({ ...engines, ...job('- run: pnpm i') })).toMatchObject({ examined: 1, wrong: 0 })
})

test('npx belongs to another check', () => {
  expect(judge({ 'package.json': '{}', ...job('- run: npx x') }).examined).toBe(0)
})
