import { defineCheck, type Finding, type Patch } from '../check.ts'
import { evidenceOf, lineAt, lineBreakOf, lineRange, linesOf } from '../snapshot/lines.ts'
import { permissionsToJob } from '../snapshot/permissions-edit.ts'
import { type Job, type Workflow, workflowsOf } from '../snapshot/workflow.ts'
import { endOf, entryOf } from '../snapshot/yaml.ts'

export const workflowPermissionsLeast = defineCheck({
  id: 'workflow-permissions-least',
  item: 'build-pipeline',
  title: 'Workflows give their token no more than read by default',
  severity: 'medium',
  version: 1,
  rationale:
    'The token of a workflow that declares no permissions can, in many organisations, push code and publish packages. Any step, and any action that a step calls, holds that token.',
  remediation:
    'Write `permissions:` with `contents: read` at the top of the workflow, and give single jobs the writes that they need.',
  mapsTo: {
    scorecard: ['Token-Permissions'],
    zizmor: ['excessive-permissions'],
    osps: ['OSPS-AC-04.01'],
    slsa: [],
    cis: ['2.3.6'],
  },
  references: [],
  reads: ['tree', 'workflows'],

  run(repo) {
    const { workflows, unread } = workflowsOf(repo)
    let examined = 0
    const findings: Finding[] = []
    for (const workflow of workflows) {
      const own = workflow.jobs.filter(job => job.permissions.declared)
      // Where every job declares its own the top level reaches none of them.
      const topMatters = own.length < workflow.jobs.length || workflow.jobs.length === 0
      examined += own.length + (topMatters ? 1 : 0)
      if (topMatters) findings.push(...judgeTop(workflow))
      findings.push(...own.flatMap(judgeJob))
    }
    return { examined, findings, unread }
  },

  example: {
    failing: { '.github/workflows/ci.yml': workflowText('') },
    fixed: { '.github/workflows/ci.yml': workflowText('permissions:\n  contents: read\n\n') },
  },
})

function judgeTop(workflow: Workflow): Finding[] {
  const { permissions, file, root } = workflow
  if (!permissions.declared) {
    const at = entryOf(root, 'permissions') ?? entryOf(root, 'jobs') ?? entryOf(root, 'on')
    const place = at ? { file, start: at.keyStart, end: at.keyEnd } : { file, start: root.start, end: root.start + 1 }
    const jobs = workflow.jobs.filter(job => !job.permissions.declared).map(job => `\`${job.id}\``)
    const whose = jobs.length === 0 ? 'its jobs' : named(jobs)
    const message = `The workflow declares no permissions, so ${whose} may get a token that can write. Add \`permissions:\` with \`contents: read\` at the top.`
    return [{ message, evidence: evidenceOf(place), ...patched(workflow) }]
  }
  const evidence = evidenceOf(permissions.place)
  if (permissions.all === 'write') {
    return [
      {
        message:
          'The workflow gives every job a token that can write everything (`write-all`). Say `contents: read` at the top and give single jobs what they need.',
        evidence,
        ...patched(workflow),
      },
    ]
  }
  if (permissions.writes.length === 0) return []
  const writes = named(permissions.writes.map(write => `\`${write}: write\``))
  const [only, ...others] = workflow.jobs
  const advice =
    only && others.length === 0
      ? `Move it under \`jobs.${only.id}\`, so that a job that is added later does not get it.`
      : 'Move it under the jobs that need it, and leave `contents: read` at the top.'
  const edits = permissionsToJob(workflow)
  const patch: Patch | null = edits && { title: 'Give the permissions to the job', safety: 'safe', edits }
  return [{ message: `The workflow gives every job ${writes}. ${advice}`, evidence, ...(patch ? { patch } : {}) }]
}

function judgeJob({ id, permissions }: Job): Finding[] {
  if (!permissions.declared || permissions.all !== 'write') return []
  const message = `The job \`${id}\` gets a token that can write everything (\`write-all\`). Name the permissions that it needs.`
  return [{ message, evidence: evidenceOf(permissions.place) }]
}

function named(words: readonly string[]): string {
  if (words.length > 4) return `${words.slice(0, 3).join(', ')} and ${words.length - 3} more`
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

function patched({ file, root }: Workflow): { patch?: Patch } {
  if (root.flow) return {}
  const lineBreak = lineBreakOf(file.text)
  const block = `permissions:${lineBreak}  contents: read`
  const title = 'Give the token no more than read'
  const declared = entryOf(root, 'permissions')
  if (declared) {
    const colon = file.text.indexOf(':', declared.keyEnd) + 1
    const { path } = file
    // An empty value stands behind the blanks, next to the comment.
    const end = declared.value.start === declared.value.end ? colon : Math.max(colon, declared.value.end)
    return {
      patch: {
        title,
        safety: 'review',
        edits: [{ kind: 'replace', path, start: declared.keyStart, end, text: block }],
      },
    }
  }
  const on = entryOf(root, 'on')
  if (!on) return {}
  const line = lineAt(file, Math.max(on.keyStart, Math.max(on.keyEnd, endOf(on.value)) - 1))
  const { end } = lineRange(file, line)
  const spaced = end < file.text.length && linesOf(file, line + 1, line + 1).trim() === ''
  const text = `${lineBreak}${spaced ? lineBreak : ''}${block}`
  return {
    patch: { title, safety: 'review', edits: [{ kind: 'replace', path: file.path, start: end, end, text, indent: 0 }] },
  }
}

function workflowText(permissions: string): string {
  return `name: CI
on: [push, pull_request]

${permissions}jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: make test
`
}
