import { defineCheck, type Finding, workflowOnMain } from '../check.ts'
import type { Unit } from '../snapshot/commands.ts'
import { deployStepsOf, environmentOf } from '../snapshot/deploy/deploy.ts'
import { evidenceOf, type Place } from '../snapshot/lines.ts'
import { publishStepsOf } from '../snapshot/publish/publish.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { workflowsOf } from '../snapshot/workflow.ts'

export const deploymentsGated = defineCheck({
  id: 'deployments-gated',
  item: 'build-pipeline',
  title: 'Jobs that deploy or publish go through an environment',
  severity: 'medium',
  version: 3,
  rationale:
    'Without an environment whoever can push a branch with a changed workflow can deploy and publish with its secrets. An environment keeps the secrets to the branches and tags that its rules name, and can ask a person first.',
  remediation:
    'Name an `environment:` in each job that deploys or publishes, move its secrets there, and protect it: allowed branches or tags, required reviewers.',
  mapsTo: { scorecard: [], zizmor: ['secrets-outside-env'], osps: [], slsa: [], cis: ['2.3.5', '5.2.3'] },
  references: [
    {
      id: 'environments',
      url: 'https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments',
    },
  ],
  reads: ['tree', 'workflows'],
  facts: { protectedEnvironments: 'adds' },

  run(repo) {
    const jobs = firstSteps(repo)
    const findings = [...jobs].flatMap(([unit, step]) => judge(repo, unit, step))
    const names = [...new Set([...jobs.keys()].flatMap(unit => environmentOf(unit)?.name ?? []))]
    // Protection is a setting; where it cannot be seen the environments that are named have to do.
    const isSeen = repo.settings !== null && repo.settings.protectedEnvironments !== null
    const notes =
      names.length > 0 && !isSeen
        ? [`Whether ${listed(names)} has protection rules could not be seen: that needs the settings.`]
        : []
    return { examined: jobs.size, findings, notes, unread: workflowsOf(repo).unread }
  },

  example: {
    failing: { '.github/workflows/deploy.yml': workflow('') },
    fixed: { '.github/workflows/deploy.yml': workflow('    environment: production\n') },
  },
})

type Shown = { by: string; place: Place; does: string }

/** The jobs that deploy or publish, each with the first step that shows it. */
function firstSteps(repo: Snapshot): Map<Unit, Shown> {
  const found = new Map<Unit, Shown>()
  const add = (unit: Unit, shown: Shown) => found.has(unit) || found.set(unit, shown)
  for (const { unit, by, call } of publishStepsOf(repo)) add(unit, { by, place: call.place, does: 'publishes' })
  for (const { unit, by, place } of deployStepsOf(repo)) add(unit, { by, place, does: 'deploys' })
  return found
}

function judge(repo: Snapshot, unit: Unit, { by, place, does }: Shown): Finding[] {
  const environment = environmentOf(unit)
  if (!environment) {
    const message = `The job \`${unit.name}\` ${does} (\`${by}\`) and names no \`environment:\`. Name one, and protect it by branch rules or reviewers.`
    return [{ message, evidence: evidenceOf(place) }]
  }
  const protectedNames = repo.settings?.protectedEnvironments ?? null
  if (protectedNames === null || environment.name === null) return []
  const { name } = environment
  if (protectedNames.some(one => one.toLowerCase() === name.toLowerCase())) return []
  const message = `The job \`${unit.name}\` ${does} through the environment \`${name}\`, which has no protection rule. Allow only the branches or tags that are released, or require a reviewer.`
  return [{ message, evidence: evidenceOf(environment.place) }]
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(name => `\`${name}\``)
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ')
}

function workflow(environment: string): string {
  return workflowOnMain(
    'Deploy',
    `  site:
    runs-on: ubuntu-24.04
${environment}    steps:
      - run: npx wrangler deploy
`,
  )
}
