/** Half-merged, self-containing and wrongly encoded files: what the owner reads, and that nothing else is lost by them. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { scan } from '#lib/scan.ts'
import { snapshotOf } from '../snapshot-of.ts'

const NOW = new Date('2026-06-01T00:00:00Z')
const SIX = CHECKS.filter(
  ({ severity, id }) => severity && /locked|frozen|audited|scripts|pinned$|automated|signed$/.test(id),
)

function report(files: FileMap) {
  return scan(snapshotOf(files), SIX, defaultPolicy, NOW)
}

function told(files: FileMap): string[] {
  const { couldNotRead, checks } = report(files)
  expect(checks.filter(({ outcome }) => outcome === 'error')).toEqual([])
  return [
    ...couldNotRead.map(({ path, reason }) => `${path}: ${reason}`),
    ...checks.flatMap(({ findings }) => findings.map(({ message }) => message)),
  ]
}

const CONFLICT = (ours: string, theirs: string) => `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> topic\n`

describe('merge conflict markers', () => {
  test.each<[string, FileMap, RegExp]>([
    [
      'package.json',
      { 'package.json': CONFLICT('{ "dependencies": { "a": "1" } }\n', '{}\n') },
      /^package\.json: merge conflict markers \(line 1\)$/,
    ],
    [
      'requirements',
      { 'requirements.txt': CONFLICT('a==1\n', 'a==2\n') },
      /^requirements\.txt: merge conflict markers \(line 1\)$/,
    ],
    [
      'pyproject.toml',
      { 'pyproject.toml': `[project]\n${CONFLICT('name = "a"\n', 'name = "b"\n')}` },
      /^pyproject\.toml: merge conflict markers \(line 2\)$/,
    ],
    [
      'a lock of YAML',
      {
        'package.json': '{ "dependencies": { "a": "1" } }',
        'pnpm-lock.yaml': `lockfileVersion: '9.0'\n${CONFLICT('a: 1\n', 'a: 2\n')}`,
      },
      /^pnpm-lock\.yaml: merge conflict markers \(line 2\)$/,
    ],
    [
      'a workflow',
      { '.github/workflows/ci.yml': `on: push\n${CONFLICT('jobs: {}\n', 'jobs: { a: 1 }\n')}` },
      /^\.github\/workflows\/ci\.yml: .*line 2/,
    ],
    [
      'the settings of Dependabot',
      { 'go.mod': 'module a\nrequire b v1.0.0\n', '.github/dependabot.yml': CONFLICT('version: 2\n', 'version: 2\n') },
      /`\.github\/dependabot\.yml` is invalid and covers nothing: not YAML: .*line 1/,
    ],
    [
      'the settings of Renovate',
      { 'go.mod': 'module a\nrequire b v1.0.0\n', 'renovate.json': CONFLICT('{}\n', '{ "a": 1 }\n') },
      /`renovate\.json` is invalid and covers nothing: .*line 1/,
    ],
  ])('%s', (_, files, words) => {
    expect(told(files)).toContainEqual(expect.stringMatching(words))
  })

  test('one such workflow leaves the others judged', () => {
    const good = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{ uses: actions/checkout@v4 }]\n'
    const files = {
      '.github/workflows/a.yml': good,
      '.github/workflows/b.yml': CONFLICT('on: push\n', 'on: pull_request\n'),
    }
    expect(told(files)).toContainEqual(expect.stringContaining('`actions/checkout` is pinned to the tag `v4`'))
  })
})

test('a fault of JSON is told with its line, however short the file', () => {
  const files = { 'package.json': '{\n  "dependencies": { a: "1" }\n}\n' }
  expect(told(files)).toContainEqual(expect.stringMatching(/^package\.json: not valid JSON: .*\(line 2\)$/))
})

describe('what contains itself is read once', () => {
  const DEPENDS = '"dependencies": { "a": "1" }'
  test.each<[string, FileMap, number]>([
    [
      'npm workspaces',
      { 'package.json': `{ "workspaces": ["**", "."], ${DEPENDS} }`, 'x/package.json': `{ "name": "x", ${DEPENDS} }` },
      2,
    ],
    ['pnpm workspaces', { 'package.json': `{ ${DEPENDS} }`, 'pnpm-workspace.yaml': 'packages: [".", "**"]\n' }, 1],
    [
      'Cargo members',
      { 'Cargo.toml': '[workspace]\nmembers = ["*", "."]\n[package]\nname = "a"\n[dependencies]\nb = "1"\n' },
      1,
    ],
    [
      'uv members',
      { 'pyproject.toml': '[project]\nname = "a"\ndependencies = ["b"]\n[tool.uv.workspace]\nmembers = ["*", "."]\n' },
      1,
    ],
    [
      'Maven modules',
      {
        'pom.xml':
          '<project><artifactId>a</artifactId><modules><module>.</module></modules><dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId><version>1</version></dependency></dependencies></project>',
      },
      1,
    ],
    ['requirements', { 'requirements.txt': '-r requirements.txt\n-c requirements.txt\na>=1\n' }, 1],
  ])('%s', (_, files, manifests) => {
    const { checks } = report(files)
    expect(checks.filter(({ outcome }) => outcome === 'error')).toEqual([])
    expect(checks.find(({ id }) => id === 'dependencies-locked')).toMatchObject({
      outcome: 'fail',
      examined: manifests,
    })
    expect(checks.find(({ id }) => id === 'updates-automated')).toMatchObject({ outcome: 'fail', examined: 1 })
  })

  test('a reusable workflow, an action, a script and a target that call themselves', () => {
    const files: FileMap = {
      '.github/workflows/a.yml':
        'on: [workflow_call, push]\njobs:\n  a:\n    uses: ./.github/workflows/a.yml\n  b:\n    runs-on: x\n    steps:\n      - uses: ./act\n      - run: make x && npm run x && ./x.sh\n',
      'act/action.yml':
        'runs:\n  using: composite\n  steps:\n    - uses: ./act\n    - run: pip install one\n      shell: bash\n',
      Makefile: 'x: x\n\tmake x\n\tpip install two\n',
      'package.json': '{ "scripts": { "x": "npm run x; pip install three" } }',
      'x.sh': './x.sh\npip install four\n',
    }
    const frozen = report(files).checks.find(({ id }) => id === 'installs-frozen')
    const names = frozen?.findings.map(({ message }) => /pip install (\w+)/.exec(message)?.[1]).sort()
    expect(names).toEqual(['four', 'one', 'three', 'two'])
  })
})
