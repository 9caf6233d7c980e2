/** `node scripts/faults.ts` writes docs/faults.md: what GitHub may do wrong, and what people then see. From what is tested. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crawlWords } from '#components/crawls/words.ts'
import { ROWS, type Row } from '#tests/crawl/fault-table.ts'

export const FILE = join(import.meta.dirname, '../docs/faults.md')

/** The page as it has to be. */
export function faultsPage(): string {
  return `# When GitHub fails

Written by \`node scripts/faults.ts\` from \`tests/crawl/fault-table.ts\`, whose every row a test plays through against the pretend
GitHub; a test fails while this page is out of date. Each time the fault meets one repository of three: the others are read whole,
and the crawl ends. Repositories that could not be read stand on the page of crawls under *Could not be read*, with the sentence below and
what to do; a run that was stopped shows its sentence there, and the next run takes it up.

| what GitHub does | the repository is | what people see |
|---|---|---|
${ROWS.map(row => `| ${row.fault} | ${endOf(row)} | ${seenOf(row)} |`).join('\n')}
`
}

function endOf({ becomes, stops }: Row): string {
  if (stops !== undefined) return 'as it was: the run stops'
  return becomes === undefined ? 'read whole' : crawlWords(becomes).word
}

function seenOf({ becomes, stops, says = '', lists }: Row): string {
  if (lists !== undefined) return `${lists} With the run; what is not listed is not taken for gone.`
  if (stops === undefined && becomes === undefined) return 'nothing; at most the crawl takes longer'
  const hint = becomes === undefined ? '' : crawlWords(becomes).hint
  return [...says.split('\n'), hint].filter(sentence => sentence !== '').join(' ')
}

if (import.meta.main) {
  writeFileSync(FILE, faultsPage())
  console.log(`Wrote ${ROWS.length} faults to docs/faults.md.`)
}
