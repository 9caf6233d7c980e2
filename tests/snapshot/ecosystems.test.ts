import { describe, expect, test } from 'vitest'
import { ecosystemsOf } from '#lib/snapshot/ecosystems.ts'
import { snapshotOf } from '../snapshot-of.ts'

const NPM = '{"dependencies":{"a":"1"}}'
const CSPROJ = '<Project><ItemGroup><PackageReference Include="A" Version="1.0.0" /></ItemGroup></Project>'

function pairs(files: Record<string, string>): string[] {
  return ecosystemsOf(snapshotOf(files)).map(({ ecosystem, directory }) => `${ecosystem} ${directory}`)
}

describe('each ecosystem by its manifest', () => {
  test.each<[string, Record<string, string>]>([
    ['npm /', { 'package.json': NPM }],
    ['npm /', { 'package.json': NPM, 'pnpm-lock.yaml': '' }],
    ['npm /', { 'package.json': '{"dependencies":' }],
    ['bun /', { 'package.json': NPM, 'bun.lock': '{}' }],
    ['deno /', { 'deno.json': '{"imports":{"a":"jsr:@a/b@1"}}' }],
    ['pip /', { 'requirements.txt': '# all\nflask==3\n' }],
    ['pip /', { 'requirements/dev.txt': 'flask==3\n' }],
    ['pip /', { 'requirements/requirements.txt': 'flask==3\n' }],
    ['pip /docs', { 'docs/dev-requirements.in': 'flask\n' }],
    ['pip /', { 'pyproject.toml': '[project]\ndependencies = ["flask"]\n' }],
    ['pip /', { 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3"\nflask = "*"\n' }],
    ['pip /', { 'pyproject.toml': '[dependency-groups]\ndev = ["pytest"]\n' }],
    ['pip /', { Pipfile: '[packages]\nflask = "*"\n' }],
    ['pip /', { 'setup.py': 'setup(install_requires=["flask"])' }],
    ['uv /', { 'pyproject.toml': '[project]\ndependencies = ["flask"]\n', 'uv.lock': '' }],
    ['gomod /', { 'go.mod': 'module a\n\nrequire b.c/d v1.0.0\n' }],
    ['cargo /', { 'Cargo.toml': '[dependencies]\nserde = "1"\n' }],
    ['bundler /', { Gemfile: 'gem "rails"\n' }],
    ['composer /', { 'composer.json': '{"require":{"php":">=8","monolog/monolog":"3"}}' }],
    ['nuget /src/A', { 'src/A/A.csproj': CSPROJ }],
    ['maven /', { 'pom.xml': '<project><dependencies><dependency></dependency></dependencies></project>' }],
    ['gradle /', { 'build.gradle.kts': 'dependencies { }' }],
    ['gradle /', { 'settings.gradle': '', 'gradle/libs.versions.toml': '[libraries]\na = "b:c:1"\n' }],
    ['pub /', { 'pubspec.yaml': 'dependencies:\n  http: ^1.0.0\n' }],
    ['mix /', { 'mix.exs': 'defp deps do\n' }],
    ['swift /', { 'Package.swift': '.package(url: "https://example.org/a", from: "1.0.0")' }],
    ['deno /', { 'deno.jsonc': '{ "workspace": ["./web", "!./x"] } // all', 'web/deno.json': '{ "imports": {} }' }],
    ['deno /x', { 'deno.json': '{ "workspace": { "members": ["web"] } }', 'x/deno.json': '{ "imports": {} }' }],
    ['docker /', { Dockerfile: 'FROM scratch\n' }],
    ['docker /ops', { 'ops/api.Dockerfile': 'FROM a\n' }],
    ['docker-compose /', { 'compose.prod.yaml': 'services:\n  a:\n    image: b\n' }],
    ['terraform /infra', { 'infra/main.tf': 'terraform {\n  required_providers {}\n}\n' }],
    ['terraform /', { 'main.tf': 'module "a" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n' }],
    ['helm /chart', { 'chart/Chart.yaml': 'name: a\ndependencies:\n  - name: b\n' }],
    ['gitsubmodule /', { '.gitmodules': '[submodule "a"]\n' }],
    ['devcontainers /', { '.devcontainer/devcontainer.json': '{"features": {"ghcr.io/a/b:1": {}}}' }],
    ['github-actions /', { '.github/workflows/ci.yml': 'on: push\n' }],
    ['github-actions /', { 'action.yml': 'runs: {}\n' }],
    ['github-actions /tools/x', { 'tools/x/action.yaml': 'runs: {}\n' }],
  ])('%s', (pair, files) => {
    expect(pairs(files)).toEqual([pair])
  })
})

describe('what declares nothing from elsewhere makes no pair', () => {
  test.each<[string, Record<string, string>]>([
    ['a package without dependencies', { 'package.json': '{"type":"module"}' }],
    ['peer dependencies alone', { 'package.json': '{"peerDependencies":{"a":"1"}}' }],
    ['own folders', { 'package.json': '{"dependencies":{"a":"workspace:*","b":"file:../b"}}' }],
    ['a build system alone', { 'pyproject.toml': '[build-system]\nrequires = ["hatchling"]\n' }],
    ['tool settings', { 'pyproject.toml': '[tool.ruff]\nline-length = 100\n' }],
    ['a module without requirements', { 'go.mod': 'module a\n\ngo 1.24\n' }],
    ['PHP itself', { 'composer.json': '{"require":{"php":">=8","ext-json":"*"}}' }],
    ['a project without packages', { 'a.csproj': '<Project />' }],
    ['own modules', { 'main.tf': 'module "a" {\n  source = "./a"\n}\n' }],
    ['services that are built', { 'compose.yml': 'services:\n  a:\n    build: .\n' }],
    ['an empty requirements file', { 'requirements.txt': '# none\n' }],
    ['a Dockerfile’s ignore file', { 'Dockerfile.dockerignore': 'x\n' }],
    ['a Dockerfile that a program fills in', { 'templates/Dockerfile.tpl': 'FROM {{image}}\n' }],
    ['a name in other letters', { 'Package.json': NPM }],
  ])('%s', (_, files) => {
    expect(pairs(files)).toEqual([])
  })

  test('a symbolic link', () => {
    const tree = [{ path: 'Dockerfile', mode: '120000' as const, oid: '', size: 1 }]
    expect(ecosystemsOf(snapshotOf({}, { tree }))).toEqual([])
  })
})

describe('members belong to the root of their workspace', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['npm', { 'package.json': '{"workspaces":["packages/*"]}', 'packages/a/package.json': NPM }, ['npm /']],
    [
      'npm, but not what is left out',
      {
        'package.json': '{"workspaces":["packages/*","!packages/b"]}',
        'packages/a/package.json': NPM,
        'packages/b/package.json': NPM,
      },
      ['npm /', 'npm /packages/b'],
    ],
    ['yarn’s object', { 'package.json': '{"workspaces":{"packages":["a/**"]}}', 'a/b/c/package.json': NPM }, ['npm /']],
    [
      'pnpm',
      {
        'pnpm-workspace.yaml': 'packages:\n  - "apps/*"\n',
        'package.json': '{}',
        'apps/a/package.json': NPM,
        'docs/package.json': NPM,
      },
      ['npm /', 'npm /docs'],
    ],
    [
      'cargo',
      {
        'Cargo.toml': '[workspace]\nmembers = ["a"]\nexclude = ["fuzz"]\n',
        'a/Cargo.toml': '[dependencies]\n',
        'fuzz/Cargo.toml': '[dependencies]\n',
      },
      ['cargo /', 'cargo /fuzz'],
    ],
    [
      'uv',
      {
        'pyproject.toml': '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
        'libs/a/pyproject.toml': '[project]\ndependencies = ["x"]\n',
        'uv.lock': '',
      },
      ['uv /'],
    ],
    [
      'maven',
      {
        'pom.xml': '<project><modules><module>a</module></modules></project>',
        'a/pom.xml': '<project><modules><module>b</module></modules></project>',
        'a/b/pom.xml': '<project><parent></parent></project>',
        'c/pom.xml': '<project><parent></parent></project>',
      },
      ['maven /', 'maven /c'],
    ],
    [
      'gradle',
      { 'settings.gradle.kts': '', 'app/build.gradle.kts': 'plugins { }', 'buildSrc/build.gradle.kts': 'plugins { }' },
      ['gradle /'],
    ],
    [
      '.NET',
      {
        'app.sln': 'Project("{X}") = "A", "src\\A\\A.csproj", "{Y}"\n',
        'src/A/A.csproj': CSPROJ,
        'tools/B.csproj': CSPROJ,
      },
      ['nuget /', 'nuget /tools'],
    ],
    [
      'bundler',
      { Gemfile: 'gemspec\n', 'lib/a/a.gemspec': 's.add_dependency "x"\n', 'tools/Gemfile': 'gem "y"\n' },
      ['bundler /', 'bundler /tools'],
    ],
    [
      'pub',
      { 'pubspec.yaml': 'workspace:\n  - a\n', 'a/pubspec.yaml': 'resolution: workspace\ndependencies:\n  http: 1\n' },
      ['pub /'],
    ],
  ])('%s', (_, files, expected) => {
    expect(pairs(files)).toEqual(expected)
  })

  test('a solution whose content is not known may list any project below it', () => {
    const repo = snapshotOf({ 'src/A/A.csproj': CSPROJ })
    const tree = [...repo.tree, { path: 'app.slnx', mode: '100644' as const, oid: '', size: 1 }]
    expect(ecosystemsOf({ ...repo, tree })).toMatchObject([
      { ecosystem: 'nuget', directory: '/', path: 'src/A/A.csproj' },
    ])
  })
})

test('thousands of members are read in a moment', () => {
  const members = Array.from({ length: 3_000 }, (_, index) => [`packages/p${index}/package.json`, NPM])
  const files = { 'package.json': '{"workspaces":["packages/*"]}', ...Object.fromEntries(members) }
  expect(pairs(files)).toEqual(['npm /'])
})
