/** What stands on the line and around it decides: constraints, groups, runners, variables, jobs that propose what they do. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { installsFrozen } from '#lib/checks/installs-frozen.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { snapshotOf } from '../snapshot-of.ts'

const SHA = 'b'.repeat(40)

function judge(files: FileMap) {
  const { examined, findings } = installsFrozen.run(snapshotOf(files), defaultPolicy)
  const weight = findings.reduce((sum, finding) => sum + (finding.weight ?? 1), 0)
  return { examined, weight, messages: findings.map(({ message }) => message), findings }
}

function job(run: string, more = '', env = ''): FileMap {
  return {
    '.github/workflows/ci.yml': `on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n          ${run.replaceAll('\n', '\n          ')}\n${env}${more}`,
  }
}

const PROPOSES = '      - uses: peter-evans/create-pull-request@v7\n'
const UV = { 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["a"]\n', 'uv.lock': '' }

describe('good, bad', () => {
  const pairs: [string, good: FileMap, weight: number, bad: FileMap][] = [
    [
      'a constraints file fixes what the line names',
      { ...job('pip install -c build.txt tox'), 'build.txt': 'tox==4.1.2\n' },
      0.5,
      { ...job('pip install -c build.txt tox'), 'build.txt': 'other==4.1.2\n' },
    ],
    [
      'a group of pyproject.toml',
      { ...job('pip install --group ci'), 'pyproject.toml': '[dependency-groups]\nci = ["tox==4.1.2"]\n' },
      0.5,
      {
        ...job('pip install --group ci'),
        'pyproject.toml': '[dependency-groups]\nci = [{ include-group = "b" }]\nb = ["tox"]\n',
      },
    ],
    [
      'options in front of the verb of pip',
      job('pip --no-cache-dir --proxy install list'),
      0,
      job('pip --no-cache-dir --proxy http://x install tox'),
    ],
    ['what a runner of an environment runs', job('pipenv run pytest'), 0, job('pipenv run pip install pytest')],
    ['conda runs it in an environment', job('conda run -n x python -V'), 0, job('conda run -n x pip install y')],
    [
      'flags in a variable that the environment tells',
      { ...UV, ...job('uv sync $UV_OPTIONS', '', '        env:\n          UV_OPTIONS: --frozen --all-extras\n') },
      0,
      { ...UV, ...job('uv sync $UV_OPTIONS', '', '        env:\n          UV_OPTIONS: --all-extras\n') },
    ],
    [
      'a commit in a variable of the address',
      job('curl https://raw.example/$TOOL_SHA/i.sh | bash', '', `        env:\n          TOOL_SHA: ${SHA}\n`),
      0,
      job('curl https://raw.example/$TOOL_SHA/i.sh | bash', '', '        env:\n          TOOL_SHA: main\n'),
    ],
    [
      'Composer installs what is locked only where there is a lock',
      { ...job('composer install'), 'composer.json': '{}', 'composer.lock': '{}' },
      0,
      { ...job('composer install'), 'composer.json': '{}' },
    ],
    [
      'pnpm in CI is frozen only where there is a lock',
      { ...job('pnpm install'), 'package.json': '{}', 'pnpm-lock.yaml': '' },
      0,
      { ...job('pnpm install'), 'package.json': '{}' },
    ],
    [
      'Yarn 1 lets a missing lock pass',
      { ...job('yarn install --frozen-lockfile'), 'package.json': '{}', 'yarn.lock': '' },
      0,
      { ...job('yarn install --frozen-lockfile'), 'package.json': '{}' },
    ],
    ['RubyGems itself', job('gem update --system 3.5.0 --local'), 0, job('gem update --system')],
    [
      'PowerShell runs what it fetches',
      job('iwr https://x.example/a.json -OutFile a'),
      0,
      job('irm https://x.example/i.ps1 | iex'),
    ],
  ]
  test.each(pairs)('%s', (_, good, weight, bad) => {
    expect(judge(good).weight).toBe(weight)
    expect(judge(bad)).toMatchObject({ weight: 1 })
  })
})

describe('a job that opens a pull request with what it updated', () => {
  const updates = [
    'pipenv update',
    'npm update',
    'yarn up "*"',
    'uv add x',
    'composer update',
    'bundle update',
    'npm install x',
  ]
  test.each(updates)('%s', command => {
    expect(judge(job(command, PROPOSES)).examined).toBe(0)
    expect(judge(job(`${command}\ngh pr create --fill`)).examined).toBe(0)
    expect(judge(job(command)).weight).toBe(1)
  })

  test('installs what it needs by the lock all the same', () => {
    expect(judge(job('npm install', PROPOSES)).weight).toBe(1)
    expect(judge(job('npm install -g x', PROPOSES)).weight).toBe(1)
    expect(judge(job('npm install --no-save x@29', PROPOSES)).weight).toBe(1)
    expect(judge(job('npm install --prefix /tmp/tool x@29', PROPOSES)).weight).toBe(1)
  })
})

describe('in an image', () => {
  const image = (text: string): FileMap => ({
    'app/Dockerfile': `FROM python:3.13\n${text}\n`,
    'app/requirements.txt': 'a\n',
  })

  test('a file that is copied to the working directory is found there', () => {
    const text = 'WORKDIR /srv\nCOPY requirements.txt /srv\nRUN pip install -r requirements.txt'
    expect(judge(image(text)).weight).toBe(1)
    expect(judge(image(text.replace('COPY requirements.txt', 'COPY made.txt'))).examined).toBe(0)
  })

  test.each(['COPY requirements.txt /', 'COPY . /opt', 'ADD requirements.txt /opt/'])('%s', copy => {
    const at = copy.includes('/opt') ? '/opt/requirements.txt' : '/requirements.txt'
    expect(judge(image(`${copy}\nRUN pip install -r ${at}`)).weight).toBe(1)
    expect(judge(image(`${copy}\nRUN pip install -r /elsewhere/requirements.txt`)).examined).toBe(0)
  })
})

test('flags in a variable that nobody tells are no finding', () => {
  expect(judge({ ...UV, ...job('uv sync $UV_OPTIONS') }).examined).toBe(0)
  expect(judge({ ...UV, ...job('uv sync') }).weight).toBe(1)
})

test('a doubled $ of make is one word with what stands around it', () => {
  const make = (version: string): FileMap => ({
    ...job('make tool'),
    Makefile: `tool:\n\t@cd . && go install example.com/m/cmd@${version}\n`,
  })
  expect(judge(make('v$${VERSION}')).examined).toBe(0)
  const [finding] = judge(make('latest # $$x')).findings
  expect(finding?.evidence).toMatchObject({ path: 'Makefile', startLine: 2 })
})

test('a fix behind a doubled $ lands where it belongs', () => {
  const { findings } = judge({
    'package.json': '{}',
    'package-lock.json': '{}',
    Makefile: 'tool:\n\t@cd $${HOME:+.} ; npm install\n',
    ...job('make tool'),
  })
  expect(findings.flatMap(({ patch }) => patch?.edits ?? [])).toEqual([])
  const [edit] = judge({
    'package.json': '{}',
    'package-lock.json': '{}',
    Makefile: 'tool:\n\t@echo $$HOME $$PWD ; npm install\n',
    ...job('make tool'),
  }).findings.flatMap(({ patch }) => patch?.edits ?? [])
  const file = 'tool:\n\t@echo $$HOME $$PWD ; npm install\n'
  expect(edit && 'start' in edit ? file.slice(edit.start, edit.end) : '').toBe('install')
})

test('pipenv told to pass the lock by is not told to deploy', () => {
  const [finding] = judge(job('pipenv install --skip-lock')).findings
  expect(finding?.message).toContain('Take `--skip-lock` out and write `pipenv sync`')
  expect(finding?.patch).toBeUndefined()
})

test.each([
  ['uv pip install --python-preference system --index https://x.example six', '`six`'],
  ['uv tool install --python-preference only-managed tox', '`tox`'],
  ['gem install bundler', 'Leave it out: RubyGems starts the version that `BUNDLED WITH`'],
  ['python -m pip install --upgrade pip', 'Leave it out: the image or setup-python brings one'],
  ['pip install -U pip build', 'Put `build` into a requirements file with hashes'],
  ['npm i -g corepack', 'at the least write an exact version, `corepack@x.y.z`'],
  ['npm i -g corepack@0.34.6', 'Take it from the devDependencies of a package.json with a lock.'],
  ['dotnet restore --force-evaluate', 'run `dotnet restore --locked-mode` here'],
])('what is told of `%s` can be done', (command, words) => {
  const [message] = judge(job(command)).messages
  expect(message).toContain(words)
})
