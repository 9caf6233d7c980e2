import { hex } from '../digest.ts'
import { type FileMap, text, under } from '../files.ts'
import type { Posture } from '../posture.ts'
import { type Dependency, dependencies, lockedOf, lostHash, type Part, type PartOptions } from './part.ts'
import { registryOf } from './registry.ts'

/** A Bundler project; `exact` is a lock without the CHECKSUMS section. */
export function ruby(options: PartOptions): Part {
  const directory = options.directory ?? ''
  return {
    ecosystem: 'bundler',
    directory,
    files: posture => under(directory, files(options, posture)),
    setup: { uses: 'ruby/setup-ruby', with: { 'ruby-version': '3.4' } },
    install: installCommand,
    test: 'bundle exec rake test',
    audit: 'bundle exec bundler-audit check --update',
    ...(options.image && {
      image: posture => ({
        base: 'ruby',
        tag: '3.4-slim',
        take: 'Gemfile Gemfile.lock',
        run: installCommand(posture),
        command: '["bundle", "exec", "puma"]',
      }),
    }),
  }
}

function installCommand(posture: Posture): string {
  return posture.install === 'loose' ? 'bundle install' : 'bundle config set frozen true && bundle install'
}

function files({ name, uses, library }: PartOptions, posture: Posture): FileMap {
  const direct = dependencies(uses, posture.generation)
  return {
    Gemfile: text(
      `source "${registryOf('gem', posture)}/"`,
      '',
      direct.map(one => `gem "${one.name}", "~> ${one.version}"`),
    ),
    Rakefile: 'task(:test) { ruby "test/all.rb" }\n',
    ...(library && { [`${name}.gemspec`]: gemspec(name) }),
    ...(posture.lock !== 'none' && { 'Gemfile.lock': lockfile(posture, lockedOf(posture, direct)) }),
  }
}

function gemspec(name: string): string {
  return text(
    'Gem::Specification.new do |spec|',
    `  spec.name = "${name}"`,
    '  spec.version = "1.0.0"',
    '  spec.summary = "Money, rounded the way auditors like it"',
    '  spec.authors = ["Northwind Labs"]',
    'end',
  )
}

function lockfile(posture: Posture, locked: readonly Dependency[]): string {
  const sums = locked.map(({ name, version }, index) =>
    lostHash(posture, index) ? `  ${name} (${version})` : `  ${name} (${version}) sha256=${hex(`${name} ${version}`)}`,
  )
  return text(
    'GEM',
    `  remote: ${registryOf('gem', posture)}/`,
    '  specs:',
    locked.map(({ name, version }) => `    ${name} (${version})`),
    '',
    'PLATFORMS',
    '  ruby',
    '',
    'DEPENDENCIES',
    locked.map(({ name, version }) => `  ${name} (~> ${version})`),
    posture.lock !== 'exact' && ['', 'CHECKSUMS', ...sums],
    '',
    'BUNDLED WITH',
    '   2.7.1',
  )
}
