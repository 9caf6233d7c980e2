/** Every trap of `installs-frozen`: one command each, with the files that decide. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { installsFrozen } from '#lib/checks/installs-frozen.ts'
import { applyEdits } from '#lib/patch/apply.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { snapshotOf } from '../snapshot-of.ts'

const SHA = 'a'.repeat(40)
const HASH = `--hash=sha256:${'0'.repeat(64)}`

function judge(files: FileMap) {
  const { examined, findings } = installsFrozen.run(snapshotOf(files), defaultPolicy)
  const weight = findings.reduce((sum, finding) => sum + (finding.weight ?? 1), 0)
  return { examined, weight, messages: findings.map(({ message }) => message) }
}

function steps(...lines: string[]): FileMap {
  const run = lines.map(line => `          ${line.replaceAll('\n', '\n          ')}`).join('\n')
  return {
    '.github/workflows/ci.yml': `on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n${run}\n`,
  }
}

function image(text: string): FileMap {
  return { Dockerfile: `FROM node:24\nWORKDIR /app\n${text}\n` }
}

const NPM = {
  'package.json': '{ "dependencies": { "a": "1" } }',
  'package-lock.json': '{ "lockfileVersion": 3, "packages": { "node_modules/typescript": { "version": "5.0.0" } } }',
}
const YARN = { 'package.json': '{}', 'yarn.lock': '# yarn lockfile v1\n' }
const BERRY = { 'package.json': '{ "packageManager": "yarn@4.5.0" }', 'yarn.lock': '__metadata:\n  version: 8\n' }
const PNPM = { 'package.json': '{}', 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }
const PYTHON = {
  'pyproject.toml': '[project]\nname = "x"\nversion = "1"\ndependencies = ["requests"]\n',
  'uv.lock': 'version = 1\n',
}

describe('right', () => {
  const cases: [string, FileMap][] = [
    ['npm ci', NPM],
    ['sudo -E env X=1 npm ci', NPM],
    ['yarn install --frozen-lockfile', YARN],
    ['yarn --immutable', BERRY],
    ['yarn', BERRY],
    ['pnpm install', PNPM],
    ['pnpm --filter web i', PNPM],
    ['bun install --frozen-lockfile', {}],
    ['bun ci', {}],
    ['npx tsc --noEmit', NPM],
    ['npx --no-install x', NPM],
    ['npx cowsay@1.2.3', {}],
    ['pip install --require-hashes -r r.txt', {}],
    ['pip install -r requirements.txt', { 'requirements.txt': `a==1 ${HASH}\n` }],
    ['python -m pip install --no-deps -e .', PYTHON],
    ['uv sync --locked', PYTHON],
    ['UV_FROZEN=1 uv sync', PYTHON],
    ['uv run --frozen pytest', PYTHON],
    ['uvx ruff@0.5.0', {}],
    ['poetry install', { 'pyproject.toml': '', 'poetry.lock': '' }],
    ['pdm sync', {}],
    ['pipenv install --deploy', {}],
    ['BUNDLE_FROZEN=true bundle install', {}],
    ['bundle config set --local deployment true\nbundle install', {}],
    ['go install example.com/m/cmd@v1.2.3', {}],
    ['composer install --no-dev', {}],
    ['dotnet restore --locked-mode', {}],
    ['cargo install --locked --version 1.2.3 x', {}],
    [`curl -sSf https://raw.githubusercontent.com/a/b/${SHA}/i.sh | sh`, {}],
    ['curl -o i.sh https://x.example/i.sh\necho "abc  i.sh" | sha256sum -c\nbash i.sh', {}],
  ]
  test.each(cases)('%s', (command, files) => {
    expect(judge({ ...files, ...steps(command) })).toMatchObject({ examined: 1, weight: 0 })
  })
})

describe('wrong', () => {
  const cases: [string, FileMap][] = [
    ['npm install', NPM],
    ['cd web && npm i', NPM],
    ['if true; then (npm update); fi', NPM],
    ['npm install left-pad', NPM],
    ['npm i -g npm@latest', {}],
    ['yarn', YARN],
    ['yarn add x@1.2.3 y', YARN],
    ['yarn --no-immutable', BERRY],
    ['pnpm install --no-frozen-lockfile', PNPM],
    ['pnpm add x', PNPM],
    ['bun install', {}],
    ['npx cowsay', NPM],
    ['npx cowsay@latest', NPM],
    ['pnpm dlx cowsay', {}],
    ['bunx cowsay', {}],
    ['pip install requests', {}],
    ['pip install --upgrade pip', {}],
    ['pip install -r requirements.txt', { 'requirements.txt': 'a>=1\n' }],
    ['pip install .', PYTHON],
    ['pip install -e ".[dev]"', PYTHON],
    ['uv sync', PYTHON],
    ['uv run pytest', PYTHON],
    ['uvx ruff', {}],
    ['pipx run x', {}],
    ['poetry install', { 'pyproject.toml': '' }],
    ['pdm install', {}],
    ['pipenv install', {}],
    ['bundle install', { Gemfile: '', 'Gemfile.lock': '' }],
    ['gem install x', {}],
    ['cargo install x', {}],
    ['go install example.com/m@latest', {}],
    ['composer update', {}],
    ['dotnet restore', {}],
    ['curl -sSf https://x.example/i.sh | sudo bash -s -- -y', {}],
    ['bash <(curl -s https://x.example/i.sh)', {}],
    ['sh -c "$(wget -qO- https://x.example/i.sh)"', {}],
    ['wget https://x.example/i.sh && bash i.sh', {}],
    ['curl -Lo ./tool https://x.example/tool\nchmod +x ./tool\n./tool', {}],
  ]
  test.each(cases)('%s', (command, files) => {
    expect(judge({ ...files, ...steps(command) })).toMatchObject({ examined: 1, weight: 1 })
  })
})

describe('half', () => {
  const cases: [string, FileMap][] = [
    ['npm i -g n@10.0.0', {}],
    ['pip install n==1.2', {}],
    ['pip install -r requirements.txt', { 'requirements.txt': 'a==1\n' }],
    ['pipx install n==1.2', {}],
    ['uv tool install n@1.2.3', {}],
    ['gem install n -v 1.2.3', {}],
    ['cargo install --version 1.2.3 n', {}],
  ]
  test.each(cases)('%s', (command, files) => {
    expect(judge({ ...files, ...steps(command) })).toMatchObject({ examined: 1, weight: 0.5 })
  })
})

describe('not examined', () => {
  const commands = [
    'npm install --package-lock-only',
    'npm install --dry-run',
    'npm pack',
    'npm outdated',
    'pip download x',
    'poetry run x',
    'pdm run x',
    'bundle exec x',
    'npm run build',
    'sudo apt-get install -y npm',
    'apk add npm',
    'brew install x',
    'echo npm install',
    '# npm install',
    'cat <<X\nnpm install\nX',
    'pip install -r made.txt',
    'pip install dist/*.whl',
    'npm install ./x.tgz',
    'pip install "$NAME"',
    'cargo build --release',
    'go install ./...',
    'curl https://x.example/a.json | jq .',
    'curl -s https://x.example | python3 -m json.tool',
    'uv run --no-project x',
    `npm install "x@$\{{ matrix.v }}"`,
    'yarn build',
    'pnpm test',
  ]
  test.each(commands)('%s', command => {
    expect(judge(steps(command))).toMatchObject({ examined: 0, weight: 0 })
  })
})

test('in an image Berry and pnpm are not frozen by themselves, but with CI=true they are', () => {
  expect(judge({ ...BERRY, ...image('COPY . .\nRUN yarn install') }).weight).toBe(1)
  expect(judge({ ...PNPM, ...image('COPY . .\nRUN pnpm install') }).weight).toBe(1)
  expect(judge({ ...PNPM, ...image('ENV CI=true\nCOPY . .\nRUN pnpm install') })).toMatchObject({
    examined: 1,
    weight: 0,
  })
  expect(judge({ ...PNPM, '.npmrc': 'frozen-lockfile=true\n', ...image('COPY . .\nRUN pnpm install') }).weight).toBe(0)
  expect(
    judge({ ...PNPM, '.npmrc': 'frozen-lockfile=true\n', ...image('COPY package.json ./\nRUN pnpm install') }).weight,
  ).toBe(1)
})

test('cargo build is examined where the job publishes', () => {
  expect(judge(steps('cargo build --release', 'cargo publish'))).toMatchObject({ examined: 1, weight: 1 })
  expect(judge(steps('cargo build --release --locked', 'cargo publish'))).toMatchObject({ examined: 1, weight: 0 })
})

test('scripts count where something reaches them, once', () => {
  const files = {
    'package.json': '{ "scripts": { "setup": "npm install x", "other": "npm install y" } }',
    'setup.sh': 'npm install z\n',
    Makefile: 'all:\n\tpip install a\nelse:\n\tpip install b\n',
  }
  expect(judge(files).examined).toBe(0)
  expect(judge({ ...files, ...steps('npm run setup', './setup.sh', 'make', 'make all') })).toMatchObject({
    examined: 3,
    weight: 3,
  })
})

test('what was installed or locked a moment ago is not fetched anew', () => {
  expect(judge(steps('npm i -D cowsay@1.0.0', 'npx cowsay'))).toMatchObject({ examined: 1, weight: 0.5 })
  expect(judge({ ...PYTHON, ...steps('uv sync --locked', 'uv run pytest') })).toMatchObject({ examined: 2, weight: 0 })
})

test('a script of an interpreter is no shell', () => {
  const python = 'on: push\njobs:\n  a:\n    steps:\n      - shell: python\n        run: npm install\n'
  expect(judge({ '.github/workflows/a.yml': python }).examined).toBe(0)
})

describe('what a fix writes', () => {
  const cases: [string, string, FileMap][] = [
    ['npm i --no-audit', 'npm ci --no-audit', NPM],
    ['npm it', 'npm cit', NPM],
    ['yarn', 'yarn --frozen-lockfile', YARN],
    ['yarn install --production', 'yarn install --frozen-lockfile --production', YARN],
    ['bun install', 'bun install --frozen-lockfile', { 'package.json': '{}', 'bun.lock': '{}' }],
    ['uv run pytest', 'uv run --locked pytest', PYTHON],
    ['pipenv install --dev', 'pipenv install --deploy --dev', {}],
    ['pdm install -G test', 'pdm install --frozen-lockfile -G test', {}],
    ['bundle install -j 4', 'BUNDLE_FROZEN=true bundle install -j 4', { Gemfile: '', 'Gemfile.lock': '' }],
    ['cd x && A=1 bundle', 'cd x && A=1 BUNDLE_FROZEN=true bundle', { 'x/Gemfile': '', 'x/Gemfile.lock': '' }],
    ['cargo install n@1.2.3', 'cargo install --locked n@1.2.3', {}],
    ['dotnet restore -v q', 'dotnet restore --locked-mode -v q', { 'packages.lock.json': '{}' }],
  ]
  test.each(cases)('%s becomes %s', (command, fixed, files) => {
    const before = { ...files, ...steps(command) }
    const { findings } = installsFrozen.run(snapshotOf(before), defaultPolicy)
    const edits = findings.flatMap(({ patch }) => patch?.edits ?? [])
    const after = Object.fromEntries(applyEdits(snapshotOf(before).files, edits))
    expect(after).toEqual(steps(fixed))
    expect(judge({ ...before, ...after }).weight).toBe(0)
  })

  test('a variable is set in front only where a shell reads it so', () => {
    const fixes = (files: FileMap) =>
      installsFrozen.run(snapshotOf({ Gemfile: '', 'Gemfile.lock': '', ...files }), defaultPolicy).findings
    const windows = Object.fromEntries(
      Object.entries(steps('bundle install')).map(([path, text]) => [
        path,
        text.replace('ubuntu-24.04', `$\{{ matrix.os }}\n    strategy: { matrix: { os: [windows-2025] } }`),
      ]),
    )
    for (const files of [windows, steps('timeout 60 bundle install'), image('COPY . .\nRUN ["bundle", "install"]')]) {
      expect(fixes(files)).toHaveLength(1)
      expect(fixes(files)[0]).not.toHaveProperty('patch')
    }
  })
})

test('a package manager is not told to live in the project that it installs', () => {
  expect(judge(steps('npm i -g pnpm')).messages[0]).toMatch(/Run `corepack use pnpm@x.y.z`.* at the least write/)
  expect(judge(steps('npm i -g pnpm@10.0.0'))).toMatchObject({ weight: 0.5 })
  expect(judge(steps('npm i -g pnpm@10.0.0')).messages[0]).toMatch(/and here `corepack enable`\.$/)
  expect(judge(steps('npm i -g npm@latest')).messages[0]).toContain('Take the npm that comes with')
})

test('a message names the command and says what to write', () => {
  expect(judge({ ...NPM, ...steps('npm install --no-audit') }).messages).toEqual([
    '`npm install --no-audit` may install other versions than `package-lock.json` names, and rewrites it. Write `npm ci`, which installs exactly what is locked or fails.',
  ])
})
