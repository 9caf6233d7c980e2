import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import {
  app,
  berry,
  COMMIT,
  json,
  judge,
  manifest,
  npmLock,
  pnpm,
  SHA256,
  SHA512,
  yarnClassic,
} from '../../checks/locked-files.ts'

describe('hashed', () => {
  test.each<[string, FileMap]>([
    ['yarn classic by integrity', { ...app, 'yarn.lock': `${yarnClassic('"')}  integrity ${SHA512}\n` }],
    ['Berry by checksum', { ...app, 'yarn.lock': berry(`  checksum: 10c0/${'c'.repeat(128)}\n`) }],
    ['Berry without checksum for another platform', { ...app, 'yarn.lock': berry('  conditions: os=darwin\n') }],
    ['pnpm', { ...app, 'pnpm-lock.yaml': pnpm('.') }],
    [
      'pnpm with the lock of the environment in front',
      {
        ...app,
        'pnpm-lock.yaml': `---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    configDependencies: {}\n\n---\n${pnpm('.')}`,
      },
    ],
    [
      'a git dependency at a full commit',
      {
        'package.json': manifest({ a: 'github:o/a' }),
        'package-lock.json': npmLock('a', '1.0.0', { resolved: `git+ssh://git@host.example/o/a.git#${COMMIT}` }),
      },
    ],
    [
      'what is bundled in its parent',
      {
        ...app,
        'package-lock.json': npmLock('a', '1.2.0').replace(
          '\n  }\n}',
          `,\n    "node_modules/a/node_modules/b": { "version": "1.0.0", "inBundle": true }\n  }\n}`,
        ),
      },
    ],
    [
      'bun.lock',
      {
        ...app,
        'bun.lock': `{"lockfileVersion": 1, "workspaces": {"": {"name": "app", "dependencies": {"a": "^1.0.0",},},},\n"packages": {"a": ["a@1.2.0", "", {}, "${SHA512}"],}}`,
      },
    ],
    [
      'an alias',
      {
        'package.json': manifest({ x: 'npm:a@^1.0.0' }),
        'yarn.lock': `${yarnClassic('"').replace('a@^1.0.0', '"x@npm:a@^1.0.0"')}  integrity ${SHA512}\n`,
      },
    ],
    [
      'uv.lock',
      {
        'pyproject.toml': '[project]\nname = "x"\ndependencies = ["Foo_Bar>=1"]\n',
        'uv.lock': `version = 1\n[[package]]\nname = "foo-bar"\nversion = "1.2"\nsource = { registry = "https://r.example" }\nwheels = [{ url = "https://r.example/x.whl", hash = "sha256:${SHA256}" }]\n`,
      },
    ],
    [
      'a requirements file with hashes on continuation lines',
      { 'requirements.txt': `# made by hand\nfoo==1.0 ; python_version > "3" \\\n    --hash=sha256:${SHA256}\n-e .\n` },
    ],
    [
      'requirements in UTF-16',
      {
        'requirements.txt': `\uFFFD\uFFFD${[...`foo==1.0 --hash=sha256:${SHA256}\n`].map(letter => `${letter}\0`).join('')}`,
      },
    ],
    [
      'a source by what it is compiled to',
      {
        'requirements.in': 'foo\n',
        'requirements.txt': `foo==1.0 \\\n    --hash=sha256:${SHA256}\n    # via -r requirements.in\n`,
      },
    ],
    [
      'a pyproject by what it is compiled to',
      {
        'pyproject.toml': '[project]\nname = "x"\ndependencies = ["foo"]\n',
        'requirements.txt': `foo==1.0 \\\n    --hash=sha256:${SHA256}\n    # via x (pyproject.toml)\n`,
      },
    ],
    [
      'go.sum',
      {
        'go.mod':
          'module m\nrequire (\n\tx.example/a v1.0.0\n\tx.example/b v1.0.0 // indirect\n)\nreplace x.example/c => ../c\n',
        'go.sum': 'x.example/a v1.0.0 h1:AAA=\nx.example/b v1.0.0/go.mod h1:BBB=\n',
      },
    ],
    [
      'Cargo.lock, git at a revision',
      {
        'Cargo.toml':
          '[package]\nname = "x"\n[dependencies]\na = "1.2"\ng = { git = "https://h.example/g" }\nl = { path = "../l" }\n',
        'Cargo.lock': `version = 4\n[[package]]\nname = "x"\nversion = "0.1.0"\n[[package]]\nname = "a"\nversion = "1.3.0"\nsource = "registry+https://r.example"\nchecksum = "${SHA256}"\n[[package]]\nname = "g"\nversion = "0.1.0"\nsource = "git+https://h.example/g#${COMMIT}"\n`,
      },
    ],
    [
      'Gemfile.lock with CHECKSUMS',
      {
        Gemfile: 'gem "rake", "~> 13"\n',
        'Gemfile.lock': `GEM\n  remote: https://r.example/\n  specs:\n    rake (13.2.1)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  rake (~> 13)\n\nCHECKSUMS\n  rake (13.2.1) sha256=${SHA256}\n`,
      },
    ],
    [
      'composer.lock by commit, with a replaced name',
      {
        'composer.json': json({ require: { php: '>=8', 'ext-json': '*', 'v/a': '^1', 'v/part': '^1' } }),
        'composer.lock': json({
          packages: [
            {
              name: 'v/a',
              version: '1.0',
              dist: { type: 'zip', reference: COMMIT, shasum: '' },
              replace: { 'v/part': 'self.version' },
            },
          ],
        }),
      },
    ],
    [
      'packages.lock.json',
      {
        'a.csproj': '<Project><ItemGroup><PackageReference Include="A" Version="1.*" /></ItemGroup></Project>',
        'packages.lock.json': json({
          version: 1,
          dependencies: { net9: { A: { type: 'Direct', resolved: '1.0.0', contentHash: 'x/y==' } } },
        }),
      },
    ],
    [
      'Maven with checksums',
      {
        'pom.xml':
          '<project><artifactId>a</artifactId><dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId><version>1.0</version></dependency></dependencies></project>',
        '.mvn/checksums/checksums-central.sha256': '',
      },
    ],
    [
      'Gradle with verification metadata',
      {
        'app/build.gradle': "dependencies {\n  implementation 'g:a:1.0'\n}\n",
        'gradle/verification-metadata.xml': `<verification-metadata><components><component group="g" name="a" version="1.0"><artifact name="a.jar"><sha256 value="${SHA256}"/></artifact></component></components></verification-metadata>`,
      },
    ],
    [
      'Terraform, a module by the configuration that calls it',
      {
        'main.tf': 'module "m" {\n  source = "./m"\n}\n',
        'm/v.tf':
          'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "~> 5"\n    }\n  }\n}\n',
        '.terraform.lock.hcl':
          'provider "r.example/hashicorp/aws" {\n  version = "5.1.0"\n  hashes = [\n    "h1:abc=",\n  ]\n}\n',
      },
    ],
    [
      'mix.lock',
      {
        'mix.exs': 'defp deps do\n  [{:jason, "~> 1.4"}]\nend\n',
        'mix.lock': `%{\n  "jason": {:hex, :jason, "1.4.4", "${SHA256}", [:mix], [], "hexpm", "${SHA256}"},\n}\n`,
      },
    ],
    [
      'pubspec.lock',
      {
        'pubspec.yaml': 'name: x\ndependencies:\n  flutter:\n    sdk: flutter\n  http: ^1.0.0\n',
        'pubspec.lock': `packages:\n  http:\n    dependency: "direct main"\n    description:\n      name: http\n      sha256: "${SHA256}"\n    source: hosted\n    version: "1.2.0"\nsdks:\n  dart: "3"\n`,
      },
    ],
    [
      'Package.resolved',
      {
        'Package.swift':
          'let p = Package(dependencies: [\n  .package(url: "https://h.example/o/Kit.git", from: "1.0.0"),\n])\n',
        'Package.resolved': json({
          pins: [
            {
              identity: 'kit',
              kind: 'remoteSourceControl',
              location: 'https://h.example/o/Kit.git',
              state: { revision: COMMIT, version: '1.0.0' },
            },
          ],
          version: 3,
        }),
      },
    ],
    [
      'Package.resolved of the Xcode project that resolves local packages too',
      {
        'Package.swift':
          'let p = Package(dependencies: [\n  .package(url: "https://h.example/o/Kit.git", from: "1.0.0"),\n])\n',
        'Old.xcworkspace/xcshareddata/swiftpm/Package.resolved': json({ pins: [], version: 2 }),
        'App/App.xcodeproj/project.xcworkspace/xcshareddata/swiftpm/Package.resolved': json({
          pins: [
            { identity: 'kit', location: 'https://h.example/o/Kit.git', state: { revision: COMMIT, version: '1.0.0' } },
          ],
          version: 2,
        }),
      },
    ],
    [
      'flake.lock',
      {
        'flake.nix': '{\n  inputs.nixpkgs.url = "github:o/nixpkgs";\n}\n',
        'flake.lock': json({
          nodes: {
            nixpkgs: { locked: { narHash: 'sha256-x=', rev: COMMIT, type: 'github' } },
            root: { inputs: { nixpkgs: 'nixpkgs' } },
          },
          root: 'root',
          version: 7,
        }),
      },
    ],
    [
      'deno.lock',
      {
        'deno.json': json({ imports: { '@std/path': 'jsr:@std/path@^1' } }),
        'deno.lock': json({
          version: '5',
          specifiers: { 'jsr:@std/path@1': '1.0.9' },
          jsr: { '@std/path@1.0.9': { integrity: SHA256 } },
        }),
      },
    ],
    [
      'a chart whose archives are committed',
      {
        'Chart.yaml': 'name: x\ndependencies:\n  - name: db\n    version: ~1\n    repository: https://r.example\n',
        'Chart.lock':
          'dependencies:\n- name: db\n  repository: https://r.example\n  version: 1.2.3\ndigest: sha256:x\n',
        'charts/db-1.2.3.tgz': '',
      },
    ],
  ])('%s', (_, files) => {
    expect(judge(files)).toMatchObject({ outcome: 'pass', findings: [] })
  })
})
