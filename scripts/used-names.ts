/**
 * `node scripts/used-names.ts npm COUNTS` or `pypi LIST`: renews the lists of the most used names that
 * `dependency-names-genuine` compares with. COUNTS is `counts.json` of the npm package download-counts (name → downloads
 * a month), LIST the JSON of hugovk/top-pypi-packages (`rows` of `project` and `download_count`, `last_update`).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { NamedEcosystem } from '#lib/snapshot/names/used-names.ts'

/** `targets`: how many are worth imitating; a name with fewer downloads a month than `least` is not taken as much used. */
const LISTS = { npm: { targets: 2_500, least: 30_000 }, pypi: { targets: 1_000, least: 0 } }

/** Fewer, and each flagged by the measure (`npm run bench -- names`) and looked at: a package of its own. */
const GENUINE: Readonly<Record<NamedEcosystem, readonly string[]>> = {
  npm: [
    'coloris',
    'esplint',
    'gglobby',
    'limier',
    'minimost',
    'newsapi',
    'nodeman',
    'ontime',
    'phpass',
    'playright',
    'recent',
    'tailwindscss',
    'thinky',
  ],
  pypi: [],
}

/** Below `least`, and still too many for a slip of the finger. */
const LEAST_OF_SAME = 1_000

export type NameList = { source: string; licence: string; date: string; downloads: [name: string, count: number][] }

function npmList(path: string): NameList {
  const counts = z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(path, 'utf8')))
  const manifest = readFileSync(join(dirname(path), 'package.json'), 'utf8')
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest))
  const day = /\.(\d{4})(\d\d)(\d\d)\./.exec(version)?.slice(1).join('-') ?? ''
  return { source: `download-counts ${version}`, licence: 'MIT', date: day, downloads: Object.entries(counts) }
}

function pypiList(path: string): NameList {
  const row = z.object({ project: z.string(), download_count: z.number() })
  const list = z.object({ last_update: z.string(), rows: z.array(row) }).parse(JSON.parse(readFileSync(path, 'utf8')))
  return {
    source: 'hugovk/top-pypi-packages: names in the order of their downloads',
    licence: 'facts; the figures are PyPI’s public download statistics',
    date: list.last_update.slice(0, 10),
    downloads: list.rows.map(({ project, download_count }) => [project, download_count]),
  }
}

/**
 * Names that differ from a target in separators alone and that some use. npm and PyPI have refused newcomers of this kind
 * since 2017: what is asked for by now are packages of their own, older than the rule.
 */
function sameButSeparators(targets: readonly string[], downloads: NameList['downloads']): string[] {
  const flat = (name: string) => name.replace(/[-_./@]/g, '')
  const wanted = new Set(targets.filter(name => !name.startsWith('@')).map(flat))
  return downloads.flatMap(([name, count]) => (count >= LEAST_OF_SAME && wanted.has(flat(name)) ? [name] : []))
}

/** The names of a registry with their downloads, the most used first. */
export function readNames(ecosystem: NamedEcosystem, path: string): NameList {
  const list = ecosystem === 'npm' ? npmList(path) : pypiList(path)
  const downloads = list.downloads
    .filter(([name]) => !/\s/.test(name))
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
  return { ...list, downloads }
}

/** A scope is its owner's: of one that no target has it is enough to know that it is used. Halves the list of npm. */
function scopeAlone(targets: readonly string[]): (name: string) => string {
  const scopeOf = (name: string) => name.slice(0, name.indexOf('/') + 1)
  const known = new Set(targets.map(scopeOf))
  return name => (name.startsWith('@') && !known.has(scopeOf(name)) ? scopeOf(name) : name)
}

function isEcosystem(word: string | undefined): word is NamedEcosystem {
  return word === 'npm' || word === 'pypi'
}

if (import.meta.main) {
  const [ecosystem, path] = process.argv.slice(2)
  if (!isEcosystem(ecosystem) || path === undefined) {
    process.stderr.write('Usage: node scripts/used-names.ts npm|pypi FILE\n')
    process.exit(2)
  }
  const { downloads, ...about } = readNames(ecosystem, path)
  const { least } = LISTS[ecosystem]
  const used = downloads.filter(([, count]) => count >= least).map(([name]) => name)
  const targets = used.slice(0, LISTS[ecosystem].targets)
  const same = sameButSeparators(targets, downloads)
  const names = [...new Set([...used.map(scopeAlone(targets)), ...same, ...GENUINE[ecosystem]])].sort()
  const list = { ...about, least, targets: targets.join(' '), used: names.join(' ') }
  const target = join(import.meta.dirname, `../lib/snapshot/names/${ecosystem}.json`)
  writeFileSync(target, `${JSON.stringify(list, null, 2)}\n`)
  process.stdout.write(`${target}: ${names.length} names\n`)
}
