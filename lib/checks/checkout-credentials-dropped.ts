import { defineCheck, type Finding, type Patch } from '../check.ts'
import { judgeCheckouts, type KeptToken, persistEdit } from '../snapshot/checkout-token.ts'
import { evidenceOf } from '../snapshot/lines.ts'

export const checkoutCredentialsDropped = defineCheck({
  id: 'checkout-credentials-dropped',
  item: 'build-pipeline',
  title: 'Checkout leaves no token behind where artifacts are uploaded',
  severity: 'medium',
  version: 2,
  rationale:
    'actions/checkout writes the token of the job into `.git/config`, where every later step can read it, and an artifact that takes the folder in carries it to whoever downloads it. ArtiPACKED found live tokens of Google, Microsoft and Red Hat that way.',
  remediation:
    'Write `persist-credentials: false` under `with:` of the checkout. A step that pushes gets the token by itself, in its own `env:`.',
  mapsTo: { scorecard: [], zizmor: ['artipacked'], osps: [], slsa: [], cis: ['2.3.6'] },
  references: [{ id: 'checkout', url: 'https://github.com/actions/checkout#usage' }],
  reads: ['tree', 'workflows'],

  run(repo) {
    const { examined, kept, unread } = judgeCheckouts(repo)
    return { examined, findings: kept.map(findingOf), unread }
  },

  example: {
    failing: { '.github/workflows/build.yml': workflow('') },
    fixed: { '.github/workflows/build.yml': workflow('        with:\n          persist-credentials: false\n') },
  },
})

function findingOf(kept: KeptToken): Finding {
  const { checkout, upload, takesGit, pushes } = kept
  const how = takesGit
    ? `and \`${upload}\` takes the whole folder with it`
    : `where the steps before \`${upload}\` can read it`
  const push = pushes ? ' The job pushes by git later: give that step the token itself.' : ''
  const message = `The checkout leaves the token of the job in \`.git/config\`, ${how}. Add \`persist-credentials: false\`.${push}`
  const edit = persistEdit(kept)
  const patch: Patch | null = edit && {
    title: 'Let the checkout drop its token',
    safety: 'review',
    edits: [{ kind: 'replace', path: checkout.place.file.path, ...edit }],
  }
  return { message, evidence: evidenceOf(checkout.place), ...(patch ? { patch } : {}) }
}

function workflow(inputs: string): string {
  return `name: Build
on: push
permissions:
  contents: read
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
${inputs}      - run: make
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with:
          path: .
`
}
