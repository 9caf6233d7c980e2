/**
 * `node scripts/used-names.ts npm COUNTS` or `pypi LIST`: renews the lists of the most used names that
 * `dependency-names-genuine` compares with. COUNTS is `counts.json` of the npm package download-counts (name → downloads
 * a month), LIST the JSON of hugovk/top-pypi-packages (`rows` of `project` and `download_count`, `last_update`).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** `targets`: how many are worth imitating; a name with fewer downloads a month than `least` is not taken as much used. */
const LISTS = { npm: { targets: 2_500, least: 30_000 }, pypi: { targets: 1_000, least: 0 } }

type List = { source: string; licence: string; date: string; downloads: [name: string, count: number][] }

function npmList(path: string): List {
  const counts = z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(path, 'utf8')))
  const manifest = readFileSync(join(dirname(path), 'package.json'), 'utf8')
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest))
  const day = /\.(\d{4})(\d\d)(\d\d)\./.exec(version)?.slice(1).join('-') ?? ''
  return { source: `download-counts ${version}`, licence: 'MIT', date: day, downloads: Object.entries(counts) }
}

function pypiList(path: string): List {
  const row = z.object({ project: z.string(), download_count: z.number() })
  const list = z.object({ last_update: z.string(), rows: z.array(row) }).parse(JSON.parse(readFileSync(path, 'utf8')))
  return {
    source: 'hugovk/top-pypi-packages: names in the order of their downloads',
    licence: 'facts; the figures are PyPI’s public download statistics',
    date: list.last_update.slice(0, 10),
    downloads: list.rows.map(({ project, download_count }) => [project, download_count]),
  }
}

const [ecosystem, path] = process.argv.slice(2)
if ((ecosystem !== 'npm' && ecosystem !== 'pypi') || path === undefined) {
  process.stderr.write('Usage: node scripts/used-names.ts npm|pypi FILE\n')
  process.exit(2)
}
const { downloads, ...about } = ecosystem === 'npm' ? npmList(path) : pypiList(path)
const { targets, least } = LISTS[ecosystem]
const names = downloads
  .filter(([, count]) => count >= least)
  .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
  .map(([name]) => name)
  .filter(name => !/\s/.test(name))
const list = { ...about, least, targets: names.slice(0, targets).join(' '), used: names.sort().join(' ') }
const target = join(import.meta.dirname, `../lib/snapshot/names/${ecosystem}.json`)
writeFileSync(target, `${JSON.stringify(list, null, 2)}\n`)
process.stdout.write(`${target}: ${names.length} names\n`)
