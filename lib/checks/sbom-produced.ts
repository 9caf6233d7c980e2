import { defineCheck, type Evidence, type Finding } from '../check.ts'
import { type Call, isCommand } from '../snapshot/commands.ts'
import { deployStepsOf } from '../snapshot/deploy/deploy.ts'
import { evidenceOf, evidenceOfFile, lineAt } from '../snapshot/lines.ts'
import { untoldArguments } from '../snapshot/publish/image-provenance.ts'
import { type PublishStep, publishStepsOf } from '../snapshot/publish/publish.ts'
import { sbomsOf } from '../snapshot/publish/sbom.ts'
import type { Snapshot, Unread } from '../snapshot/snapshot.ts'
import { workflowsOf } from '../snapshot/workflow.ts'
import { inputEdit } from '../snapshot/workflow-edits.ts'

export const sbomProduced = defineCheck({
  id: 'sbom-produced',
  item: 'dependencies',
  title: 'A bill of materials is made and kept',
  severity: 'low',
  version: 3,
  rationale:
    'When the next vulnerability is known, the question is which of your releases holds the package. A bill of materials (SBOM) that is kept with each release answers in minutes, also for what was built a year ago.',
  remediation:
    'Make one where you build (`anchore/sbom-action`, `npm sbom`, `syft`, `cdxgen`, `sbom: true` of docker/build-push-action) and upload, release or attest it.',
  mapsTo: { scorecard: ['SBOM'], zizmor: [], osps: ['OSPS-QA-02.02'], slsa: [], cis: ['2.4.5', '3.1.6'] },
  references: [],
  reads: ['tree', 'workflows'],

  run(repo) {
    const { unread } = workflowsOf(repo)
    const need = whatNeedsOne(repo)
    if (!need) return { examined: 0, findings: [], unread }
    const made = sbomsOf(repo)
    if (made.some(({ kept }) => kept)) return { examined: 1, findings: [], unread }
    const [dropped] = made
    if (dropped) {
      const message = `\`${dropped.by}\` makes a bill of materials that goes away with the runner. Upload it, release it with the files, or attest it (\`actions/attest\` with \`sbom-path\`).`
      return { examined: 1, findings: [{ message, evidence: evidenceOf(dropped.call.place), weight: 0.5 }], unread }
    }
    const untold = publishStepsOf(repo).flatMap(step => untoldBy(step) ?? [])
    if (untold.length > 0) return { examined: 0, findings: [], unread: [...unread, ...untold] }
    const message = `${need.words}, and no workflow makes a bill of materials. Add \`anchore/sbom-action\` (or \`npm sbom\`, \`syft\`; for images \`sbom: true\`) and keep what it writes with the release.`
    return { examined: 1, findings: [{ message, evidence: need.evidence, ...fixFor(need.call) }], unread }
  },

  example: {
    failing: { '.github/workflows/release.yml': workflow('') },
    fixed: {
      '.github/workflows/release.yml': workflow(
        '      - run: npm sbom --sbom-format=spdx > plumb.spdx.json\n',
        ' plumb.spdx.json',
      ),
    },
  },
})

type Need = { words: string; evidence: Evidence; call: Call | null }

/** What goes out of here: a publish step, a deployment of software, or releases. Pages and infrastructure hold no packages. */
function whatNeedsOne(repo: Snapshot): Need | null {
  const [published] = publishStepsOf(repo)
  if (published)
    return { words: `\`${published.by}\` publishes`, evidence: evidenceOf(published.call.place), call: published.call }
  const deployed = deployStepsOf(repo).find(({ to }) => !/^(?:pages|infrastructure|environment)$/.test(to))
  if (deployed) return { words: `\`${deployed.by}\` deploys`, evidence: evidenceOf(deployed.place), call: null }
  const [release] = repo.releases ?? []
  const file = repo.files.get('README.md') ?? [...repo.files.values()][0]
  return release && file ? { words: `${release.tag} is released`, evidence: evidenceOfFile(file), call: null } : null
}

/** An image build whose arguments only the run can tell may well ask for one. */
function untoldBy({ call }: PublishStep): Unread | null {
  const word = untoldArguments(call)
  const { file, start } = call.place
  const reason = `what \`${word}\` adds to the image build at line ${lineAt(file, start)} only the run can tell`
  return word === null ? null : { part: 'workflows', path: file.path, reason }
}

/** BuildKit writes one beside the image that it pushes, where it is asked to. */
function fixFor(call: Call | null): Pick<Finding, 'patch'> {
  if (call === null || isCommand(call) || !/^docker\/(?:build-push|bake)-action$/.test(call.name)) return {}
  const edits = inputEdit(call, 'sbom', 'true')
  return edits ? { patch: { title: 'Push a bill of materials beside the image', safety: 'review', edits } } : {}
}

function workflow(make: string, files = ''): string {
  return `name: Release
on:
  push:
    tags: ["v*"]
permissions:
  contents: read
jobs:
  release:
    runs-on: ubuntu-24.04
    environment: release
    permissions:
      contents: write
    steps:
      - run: npm pack
${make}      - run: gh release create "$GITHUB_REF_NAME" plumb.tgz${files}
`
}
