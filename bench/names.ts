/**
 * `npm run bench -- names npm COUNTS` or `pypi LIST` (the files of scripts/used-names.ts): of how many names of a registry
 * `dependency-names-genuine` says that they imitate another. In bands by downloads, each judged as if only the names above
 * it were known to be much used: so the bulk of what people install stands for the packages that no list has. Every name
 * that is flagged is printed; `known` are reported imitations, and all others count as false alarms until looked at.
 */
import { knownSquat } from '#lib/snapshot/names/known-squats.ts'
import { lookAlike } from '#lib/snapshot/names/look-alike.ts'
import { isMuchUsed, type NamedEcosystem } from '#lib/snapshot/names/used-names.ts'
import { readNames } from '../scripts/used-names.ts'

/** Ranks at which a band ends. */
const BANDS = {
  npm: [2_500, 10_000, 30_000, 60_000, 100_000, 200_000],
  pypi: [1_000, 2_500, 5_000, 10_000, 15_000],
}

function measure(ecosystem: NamedEcosystem, path: string): void {
  const names = readNames(ecosystem, path).downloads.map(([name]) => name)
  const [first = 0, ...ends] = BANDS[ecosystem]
  const above = new Set(names.slice(0, first))
  for (const [at, end] of ends.entries()) {
    const from = BANDS[ecosystem][at] ?? first
    const band = names.slice(from, end)
    const isKnown = (name: string) => above.has(name) || (from >= LISTED[ecosystem] && isMuchUsed(ecosystem, name))
    const flagged = band.flatMap(name => {
      const like = lookAlike(ecosystem, name, isKnown)
      return like ? [{ name, ...like }] : []
    })
    const known = flagged.filter(({ name }) => knownSquat(ecosystem, name) !== null).length
    const rate = ((flagged.length - known) / Math.max(1, band.length)) * 1_000
    process.stdout.write(
      `${ecosystem} ranks ${from + 1}–${from + band.length}: ${flagged.length} flagged, ${known} of them known imitations: ${rate.toFixed(2)} false alarms in 1,000 at most\n`,
    )
    for (const { name, target, how } of flagged) process.stdout.write(`  ${name} like ${target} (${how})\n`)
    for (const name of band) above.add(name)
  }
}

/** Behind this rank the list that comes with us holds no more than what the script lets in for a reason. */
const LISTED = { npm: 60_000, pypi: 15_000 }

const [ecosystem, path] = process.argv.slice(2)
if ((ecosystem === 'npm' || ecosystem === 'pypi') && path !== undefined) measure(ecosystem, path)
else process.stderr.write('Usage: npm run bench -- names npm|pypi FILE\n')
