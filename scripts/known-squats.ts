/**
 * `node scripts/known-squats.ts CSV DATE`: renews the reported imitations of names. CSV is `typosquats.csv` of the
 * repository ecosyste-ms/typosquatting-dataset (CC0), DATE the day of its commit.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pythonName } from '#lib/snapshot/manifest/requirements.ts'

/** Looked at, and no imitation: a build of Pillow that many use, and what PyPI takes for the same name. */
const GENUINE = ['pillow-simd', 'my-package']

const [path, date] = process.argv.slice(2)
if (path === undefined || !/^20\d\d-\d\d-\d\d$/.test(date ?? '')) {
  process.stderr.write('Usage: node scripts/known-squats.ts CSV YYYY-MM-DD\n')
  process.exit(2)
}
const [, ...rows] = readFileSync(path, 'utf8').trim().split('\n')
const names: Record<string, Record<string, string>> = { npm: {}, pypi: {} }
for (const row of rows) {
  const [written = '', target = '', ecosystem = ''] = row.split(',')
  const name = ecosystem === 'pypi' ? pythonName(written) : written
  // What begins with a dash is an option that somebody took for a name: nobody writes it into a manifest.
  if (name !== target && !name.startsWith('-') && !GENUINE.includes(name)) {
    const known = names[ecosystem]
    if (known) known[name] = target
  }
}
const target = join(import.meta.dirname, '../lib/snapshot/names/known-squats.json')
const list = { source: 'ecosyste-ms/typosquatting-dataset', licence: 'CC0-1.0', date, ...names }
writeFileSync(target, `${JSON.stringify(list, null, 2)}\n`)
process.stdout.write(
  `${target}: ${Object.values(names).reduce((sum, one) => sum + Object.keys(one).length, 0)} names\n`,
)
