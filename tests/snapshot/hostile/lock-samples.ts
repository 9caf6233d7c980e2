/**
 * A lockfile of each format as its tool writes it: several packages that need each other, so that a piece that goes
 * missing is one that is missed.
 */
import { berry, COMMIT, json, npmLock, pnpm, SHA256, SHA512 } from '../../checks/locked-files.ts'

const python = (name: string, fields: string) => `[[package]]\nname = "${name}"\nversion = "1.0"\n${fields}\n`
const wheel = (name: string) => `{ file = "${name}-1.0-py3-none-any.whl", hash = "sha256:${SHA256}" }`

/** Path → text. The name decides the reader; the folder only keeps two of one name apart. */
export const lockSamples: Readonly<Record<string, string>> = {
  'package-lock.json': npmLock('a', '1.0.0'),
  'old/package-lock.json': json({
    lockfileVersion: 1,
    dependencies: {
      a: { version: '1.0.0', integrity: SHA512, requires: { b: '^1' }, dependencies: { b: { version: '1.0.0' } } },
      g: { version: `git+ssh://git@h.example/o/g.git#${COMMIT}` },
    },
  }),
  'yarn.lock': `# yarn lockfile v1\n\n\n"@s/a@^1.0.0", "@s/a@^1.1.0":\n  version "1.2.0"\n  resolved "https://r.example/a/-/a-1.2.0.tgz#${COMMIT}"\n  integrity ${SHA512}\n  dependencies:\n    b "^2.0.0"\n    "@s/c" "~3"\n\n"@s/c@~3":\n  version "3.0.0"\n\nb@^2.0.0:\n  version "2.0.0"\n  optionalDependencies:\n    "@s/c" "~3"\n`,
  'berry/yarn.lock': berry('  checksum: 10c0/abc\n  dependencies:\n    app: "workspace:."\n'),
  'pnpm-lock.yaml': `${pnpm('.')}    engines: {node: '>=18'}\n\n  b@2.0.0:\n    resolution: {integrity: ${SHA512}}\n\nsnapshots:\n\n  a@1.2.0:\n    dependencies:\n      b: 2.0.0\n\n  b@2.0.0: {}\n`,
  'bun.lock': `{\n  "lockfileVersion": 1,\n  "workspaces": { "": { "name": "app", "dependencies": { "a": "^1" } } },\n  "packages": {\n    "a": ["a@1.0.0", "", { "dependencies": { "b": "^1" } }, "${SHA512}"],\n\n    "b": ["b@1.0.0", "", {}, "${SHA512}"],\n  }\n}\n`,
  'deno.lock': json({
    version: '5',
    specifiers: { 'jsr:@a/b@1': '1.0.0', 'npm:c@^2': '2.0.0_d@1' },
    jsr: { '@a/b@1.0.0': { integrity: SHA256 } },
    npm: { 'c@2.0.0_d@1': { integrity: SHA512 } },
    remote: { 'https://h.example/mod.ts': SHA256 },
  }),
  'uv.lock': `version = 1\nrevision = 3\n\n${python('a', `source = { editable = "." }\ndependencies = [\n    { name = "b" },\n]\n`)}\n${python('b', `source = { registry = "https://r.example" }\nwheels = [\n    { url = "https://r.example/b.whl", hash = "sha256:${SHA256}" },\n]\n`)}`,
  'poetry.lock': `${python('a', `files = [\n    ${wheel('a')},\n]\n\n[package.dependencies]\nb = ">=1"\n`)}\n${python('b', `files = [${wheel('b')}]\n`)}\n[metadata]\nlock-version = "2.1"\n`,
  'pdm.lock': `[metadata]\ngroups = ["default"]\n\n${python('a', `files = [\n    ${wheel('a')},\n]\n`)}\n${python('b', `git = "https://h.example/b"\nrevision = "${COMMIT}"\n`)}`,
  'pylock.toml': `lock-version = "1.0"\n\n[[packages]]\nname = "a"\nversion = "1"\nwheels = [{ url = "https://r.example/a.whl", hashes = { sha256 = "${SHA256}" } }]\n\n[[packages]]\nname = "b"\nvcs = { type = "git", url = "https://h.example/b", commit-id = "${COMMIT}" }\n`,
  'Pipfile.lock': json({
    _meta: {},
    default: { a: { version: '==1', hashes: [`sha256:${SHA256}`] } },
    develop: { b: { git: 'https://h.example/b', ref: COMMIT } },
  }),
  'go.sum':
    'h.example/a v1.0.0 h1:AAA=\nh.example/a v1.0.0/go.mod h1:BBB=\nh.example/b/v2 v2.0.1 h1:CCC=\nh.example/b/v2 v2.0.1/go.mod h1:DDD=\n',
  'Cargo.lock': `version = 4\n\n${python('a', 'dependencies = [\n "b",\n "c 1.0",\n]\n')}\n${python('b', `source = "registry+https://r.example"\nchecksum = "${SHA256}"\n`)}\n${python('c', `source = "git+https://h.example/c#${COMMIT}"\n`)}`,
  'Gemfile.lock': `GIT\n  remote: https://h.example/g\n  revision: ${COMMIT}\n  specs:\n    g (1.0)\n\nGEM\n  remote: https://r.example/\n  specs:\n    rack (3.1)\n    rake (13.2.1)\n      rack (>= 3)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  g!\n  rake\n\nCHECKSUMS\n  rake (13.2.1) sha256=${SHA256}\n\nBUNDLED WITH\n   2.6.0\n`,
  'composer.lock': json({ packages: [{ name: 'v/a', version: '1', dist: { shasum: COMMIT } }], 'packages-dev': [] }),
  'packages.lock.json': json({
    version: 1,
    dependencies: {
      net9: {
        A: { type: 'Direct', resolved: '1.0.0', contentHash: 'x', dependencies: { B: '1.0.0' } },
        B: { type: 'Transitive', resolved: '1.0.0', contentHash: 'y' },
      },
    },
  }),
  'lockfile.json': json({
    dependencies: [
      {
        groupId: 'g',
        artifactId: 'a',
        version: '1',
        checksum: SHA256,
        children: [{ groupId: 'g', artifactId: 'b', version: '2', checksum: SHA256 }],
      },
    ],
  }),
  'gradle/verification-metadata.xml': `<?xml version="1.0"?>\n<verification-metadata xmlns="https://h.example">\n  <components>\n    <component group="g" name="a" version="1">\n      <artifact name="a.jar">\n        <sha256 value="${SHA256}" origin="x"/>\n      </artifact>\n    </component>\n    <component group="g" name="b" version="2"/>\n  </components>\n</verification-metadata>\n`,
  'gradle.lockfile': '# Written by Gradle\ng:a:1=compileClasspath,runtimeClasspath\ng:b:2=runtimeClasspath\nempty=\n',
  'gradle/dependency-locks/compileClasspath.lockfile': '# Written by Gradle\ng:a:1\ng:b:2\n',
  'pubspec.lock': `packages:\n  http:\n    dependency: "direct main"\n    description:\n      name: http\n      sha256: "${SHA256}"\n      url: "https://r.example"\n    source: hosted\n    version: "1.2.0"\n  meta:\n    dependency: transitive\n    source: hosted\n    version: "1.0.0"\nsdks:\n  dart: "3"\n`,
  'mix.lock': `%{\n  "a": {:hex, :a, "1.0", "${SHA256}", [:mix], [{:b, "~> 1.0", [hex: :b, repo: "hexpm", optional: false]}], "hexpm", "${SHA256}"},\n  "b": {:hex, :b, "1.0", "${SHA256}", [:mix], [], "hexpm", "${SHA256}"},\n  "c": {:git, "https://h.example/c", "${COMMIT}", []},\n}\n`,
  'Package.resolved': json({
    pins: [
      { identity: 'a', kind: 'remoteSourceControl', location: 'https://h.example/a', state: { revision: COMMIT } },
      { identity: 'b', kind: 'registry', location: '', state: { version: '1.0.0' } },
    ],
    version: 2,
  }),
  'Podfile.lock': `PODS:\n  - A (1.0):\n    - B/X\n  - B/X (1.0)\n\nDEPENDENCIES:\n  - A\n\nEXTERNAL SOURCES:\n  B:\n    :git: https://h.example/b\n\nSPEC CHECKSUMS:\n  A: ${COMMIT}\n\nCOCOAPODS: 1.15.2\n`,
  '.terraform.lock.hcl':
    '# Written by terraform\n\nprovider "r.example/h/aws" {\n  version     = "5.1.0"\n  constraints = "~> 5.0"\n  hashes = [\n    "h1:abc=",\n    "zh:abc",\n  ]\n}\n\nprovider "r.example/h/random" {\n  version = "3.0.0"\n}\n',
  'Chart.lock': `dependencies:\n- name: db\n  repository: https://r.example\n  version: 1.2.3\n- name: own\n  repository: file://../own\n  version: 0.1.0\ndigest: sha256:${SHA256}\ngenerated: "2026-01-01T00:00:00Z"\n`,
  'flake.lock': json({
    nodes: {
      a: { locked: { narHash: 'sha256-x=', rev: COMMIT, type: 'github' } },
      root: { inputs: { a: 'a', b: ['a', 'b'] } },
    },
    root: 'root',
    version: 7,
  }),
  'conda-lock.yml': `version: 1\nmetadata:\n  platforms:\n  - linux-64\npackage:\n- name: a\n  version: "1"\n  manager: conda\n  platform: linux-64\n  dependencies:\n    b: '>=1'\n  url: https://r.example/a.conda\n  hash:\n    md5: ${'c'.repeat(32)}\n    sha256: ${SHA256}\n- name: b\n  version: "1"\n  manager: pip\n  hash:\n    sha256: ${SHA256}\n`,
  'MODULE.bazel.lock': json({
    lockFileVersion: 13,
    registryFileHashes: {
      'https://r.example/modules/a/1.0/MODULE.bazel': SHA256,
      'https://r.example/modules/a/1.0/source.json': SHA256,
      'https://r.example/modules/b/2.0/source.json': SHA256,
    },
  }),
}

/**
 * Formats that cannot tell by themselves that their end is missing when they are cut between two packages, with the
 * reason. What is cut within a package is refused or lacks its hash, which is seen; here nothing is left to be seen.
 */
export const blindToTheirEnd: Readonly<Record<string, string>> = {
  'pdm.lock': 'its metadata stands in front, and dependencies are ruled out by markers',
  'pylock.toml': 'its packages need not name what they need',
  'go.sum': 'a line stands for itself',
  'gradle.lockfile': 'until its first `=` it looks like a file of an older version',
  'gradle/dependency-locks/compileClasspath.lockfile': 'a line stands for itself',
  '.terraform.lock.hcl': 'a block stands for itself',
  'conda-lock.yml': 'its metadata stands in front, and the platforms differ',
  'pnpm-lock.yaml': 'until version 6 nothing follows the packages',
  'uv.lock': 'only what another package needs is missed',
  'Cargo.lock': 'only what another package needs is missed',
  'yarn.lock': 'only what another package needs is missed',
  'berry/yarn.lock': 'only what another package needs is missed',
}
