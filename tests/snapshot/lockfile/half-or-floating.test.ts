import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { app, COMMIT, json, judge, manifest, member, npmLock, SHA256, yarnClassic } from '../../checks/locked-files.ts'
import { places } from '../../checks/verdict-of.ts'

describe('half', () => {
  test.each<[string, FileMap, string, RegExp]>([
    ['SHA-1 counts as no hash', { ...app, 'yarn.lock': yarnClassic(`#${COMMIT}"`) }, 'yarn.lock:4', /only SHA-1/],
    ['bun.lockb cannot be read', { ...app, 'bun.lockb': '' }, 'package.json:4', /is binary/],
    [
      'a Gemfile.lock without CHECKSUMS',
      {
        Gemfile: 'gem "rake"\n',
        'Gemfile.lock': 'GEM\n  remote: https://r.example/\n  specs:\n    rake (13.2.1)\n\nDEPENDENCIES\n  rake\n',
      },
      'Gemfile.lock:4',
      /rake@13\.2\.1/,
    ],
    [
      'requirements with == alone',
      { 'requirements.txt': `foo==1.0\nbar @ git+https://h.example/o/bar@${COMMIT}\n` },
      'requirements.txt:1',
      /foo, bar/,
    ],
    [
      'a constraint file settles versions',
      { 'requirements.txt': '-c pins.txt\nfoo\n', 'pins.txt': 'foo==1.0\n' },
      'requirements.txt:2',
      /without a hash/,
    ],
    [
      'exact versions of .NET',
      {
        'Directory.Packages.props':
          '<Project><ItemGroup><PackageVersion Include="A" Version="1.0.0" /></ItemGroup></Project>',
        'a.csproj': '<Project>\n<ItemGroup><PackageReference Include="A" /></ItemGroup></Project>',
      },
      'a.csproj:2',
      /packages\.lock\.json/,
    ],
    [
      'exact versions of Maven by a property',
      {
        'pom.xml': `<project>\n<artifactId>a</artifactId><properties><v>1.0</v></properties>\n<dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId><version>${'$'}{v}</version></dependency></dependencies></project>`,
      },
      'pom.xml:3',
      /g:b/,
    ],
    [
      'gradle.lockfile',
      {
        'build.gradle.kts': 'dependencies {\n  implementation("g:a:1.+")\n}\n',
        'gradle.lockfile': 'g:a:1.2=runtimeClasspath\n',
      },
      'build.gradle.kts:2',
      /gradle\.lockfile/,
    ],
  ])('%s', (_, files, place, words) => {
    const result = judge(files)
    expect(result).toMatchObject({ examined: 1, value: 0.5, findings: [{ weight: 0.5 }] })
    expect(places(result)).toEqual([place])
    expect(result.findings[0]?.message).toMatch(words)
  })
})

describe('floating', () => {
  test.each<[string, FileMap, string, RegExp]>([
    [
      'a dependency that the lock does not have',
      { 'package.json': manifest({ a: '^1.0.0', b: '^1.0.0' }), 'package-lock.json': npmLock('a', '1.2.0') },
      'package.json:5',
      /stale: `b`/,
    ],
    [
      'a version that the range does not allow',
      { ...app, 'package-lock.json': npmLock('a', '2.0.0') },
      'package.json:4',
      /locked at 2\.0\.0/,
    ],
    [
      'a workspace member that the lock does not have',
      { ...member, 'package-lock.json': npmLock('a', '1.0.0') },
      'packages/x/package.json:4',
      /workspace member `packages\/x` is absent/,
    ],
    [
      'a package beside somebody else’s workspace',
      {
        'package.json': json({ workspaces: ['packages/*'] }),
        'package-lock.json': npmLock('a', '1.0.0'),
        'tools/package.json': manifest({ a: '1.0.0' }),
      },
      'tools/package.json:4',
      /no lockfile covers it/,
    ],
    [
      'requirements with a range',
      { 'requirements.txt': 'foo>=1\n' },
      'requirements.txt:1',
      /does not fix the version of foo/,
    ],
    ['requirements with a wildcard', { 'requirements.txt': 'foo==1.*\n' }, 'requirements.txt:1', /foo/],
    [
      'requirements at a branch',
      { 'requirements.txt': 'git+https://h.example/o/bar@main#egg=bar\n' },
      'requirements.txt:1',
      /bar/,
    ],
    [
      'setup.py',
      { 'setup.py': 'setup(\n  name="x",\n  install_requires=[\n    "foo>=1",\n  ],\n)\n' },
      'setup.py:4',
      /foo/,
    ],
    ['setup.cfg', { 'setup.cfg': '[options]\ninstall_requires =\n    foo>=1\n' }, 'setup.cfg:3', /foo/],
    ['go.mod without go.sum', { 'go.mod': 'module m\n\nrequire x.example/a v1.0.0\n' }, 'go.mod:3', /go mod tidy/],
    [
      'a Maven range',
      {
        'pom.xml':
          '<project><artifactId>a</artifactId><dependencies>\n<dependency><groupId>g</groupId><artifactId>b</artifactId><version>[1,2)</version></dependency></dependencies></project>',
      },
      'pom.xml:2',
      /\[1,2\)/,
    ],
    [
      'a dynamic version of Gradle by the catalog',
      {
        'app/build.gradle.kts': 'dependencies {\n  implementation(libs.some.lib)\n}\n',
        'gradle/libs.versions.toml': '[libraries]\nsome-lib = "g:a:latest.release"\n',
      },
      'app/build.gradle.kts:2',
      /g:a/,
    ],
    [
      'a gemspec without a lock',
      { 'x.gemspec': 'Gem::Specification.new do |s|\n  s.add_dependency "rake", "~> 13"\nend\n' },
      'x.gemspec:2',
      /rake/,
    ],
  ])('%s', (_, files, place, words) => {
    const result = judge(files)
    expect(result).toMatchObject({ examined: 1, value: 0, outcome: 'fail' })
    expect(places(result)).toEqual([place])
    expect(result.findings[0]?.message).toMatch(words)
  })
})

test('an .in that its .txt does not have', () => {
  const files = {
    'requirements.in': 'foo\nnew\n',
    'requirements.txt': `foo==1.0 \\\n    --hash=sha256:${SHA256}\n`,
  }
  const result = judge(files)
  expect(result).toMatchObject({ examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['requirements.in:2'])
  expect(result.findings[0]?.message).toMatch(/`new` is absent/)
})
