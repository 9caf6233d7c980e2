/** A scan's report for people and for scripts. */
import { ITEMS, SECTIONS } from '#lib/check.ts'
import type { CheckResult, ReportedFinding, ScanReport } from '#lib/scan.ts'

/** What `scan --json` prints. People script against it: names and shapes stay. */
export function jsonReport(report: ScanReport) {
  const { repository, commit, score, grade, itemsMet, hardening, inventory, leftOut, couldNotRead } = report
  return {
    repository,
    commit,
    score,
    grade,
    itemsMet,
    hardening,
    checks: report.checks.map(jsonCheck),
    inventory,
    leftOut,
    couldNotRead,
  }
}

function jsonCheck({ id, item, version, outcome, reason, examined, findings, notes }: CheckResult) {
  return {
    id,
    item,
    version,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    examined,
    notes,
    findings: findings.map(jsonFinding),
  }
}

function jsonFinding({ evidence, message, weight, fingerprint, patch, diff }: ReportedFinding) {
  const fix = patch ? { patch: { title: patch.title, safety: patch.safety, diff } } : {}
  return { ...evidence, message, weight, fingerprint, ...fix }
}

/** Colours a stretch of text, or leaves it as it is where the output takes none. */
export type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'magenta', text: string) => string

const MARKS = { pass: '✓', fail: '✗', waived: '~', 'not-applicable': '–', unknown: '?', error: '!' } as const
const COLOURS = {
  pass: 'green',
  fail: 'red',
  waived: 'dim',
  'not-applicable': 'dim',
  unknown: 'yellow',
  error: 'magenta',
} as const
const MOST_SHOWN = 20

/** For a terminal. Text of the repository loses its control characters: it must not be able to steer the terminal. */
export function textReport(report: ScanReport, titles: ReadonlyMap<string, string>, paint: Paint): string {
  const score =
    report.score === null
      ? 'no score: nothing of the checklist applies'
      : `${report.score} of 100 · grade ${report.grade}`
  const lines = [
    `${paint('bold', shown(report.repository))}${report.commit === '' ? '' : paint('dim', ` at ${report.commit.slice(0, 12)}`)}`,
    `${paint('bold', score)} · ${report.itemsMet} of ${ITEMS.length} items met${report.hardening === null ? '' : ` · hardening ${report.hardening}`}`,
  ]
  for (const { id, title } of [...ITEMS, ...SECTIONS]) {
    const checks = report.checks.filter(check => check.item === id)
    if (checks.length === 0) continue
    lines.push('', paint('bold', title))
    for (const check of checks) lines.push(...checkLines(check, titles.get(check.id) ?? check.id, paint))
  }
  for (const { files, reason } of report.leftOut)
    lines.push('', `Left out: ${files} ${files === 1 ? 'file' : 'files'} in ${shown(reason)}`)
  if (report.couldNotRead.length > 0) lines.push('', paint('yellow', 'Could not be read'))
  for (const { path, reason } of report.couldNotRead)
    lines.push(`  ${path === null ? '' : `${shown(path)}: `}${shown(reason)}`)
  return lines.join('\n')
}

function checkLines(check: CheckResult, title: string, paint: Paint): string[] {
  const { outcome, examined, findings, reason, notes } = check
  const counted =
    outcome === 'fail' ? ` (${findings.length} of ${examined})` : outcome === 'pass' ? ` (${examined})` : ''
  const lines = [`  ${paint(COLOURS[outcome], MARKS[outcome])} ${title}${paint('dim', `${counted} ${check.id}`)}`]
  if (reason !== undefined) lines.push(`      ${shown(reason)}`)
  for (const { evidence, message, patch } of findings.slice(0, MOST_SHOWN)) {
    lines.push(
      `      ${shown(evidence.path)}:${evidence.startLine}${patch ? paint('dim', ' [fix known]') : ''}`,
      `        ${shown(message)}`,
    )
  }
  if (findings.length > MOST_SHOWN) lines.push(`      and ${findings.length - MOST_SHOWN} more; --json lists them all`)
  lines.push(...notes.map(note => `      ${shown(note)}`))
  return lines
}

function shown(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '�')
}
