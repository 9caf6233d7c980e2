import { indent, text } from '../files.ts'
import type { Posture } from '../posture.ts'

/** One job: its steps, and the lines that stand before them (environment, permissions, needs). */
export type Job = { id: string; before?: readonly string[]; steps: readonly string[] }

/** A workflow file. `on` are the lines below `on:`. */
export function workflow(name: string, on: readonly string[], posture: Posture, jobs: readonly Job[]): string {
  return text(
    `name: ${name}`,
    '',
    'on:',
    on.map(line => `  ${line}`),
    '',
    permissionsOf(posture),
    'jobs:',
    jobs.flatMap(job => [
      `  ${job.id}:`,
      '    runs-on: ubuntu-24.04',
      ...(job.before ?? []).map(line => `    ${line}`),
      '    steps:',
      ...job.steps.map(step => indent(step, 6)),
    ]),
  )
}

function permissionsOf(posture: Posture): string[] {
  if (posture.permissions === 'undeclared') return []
  if (posture.permissions === 'write-all') return ['permissions: write-all', '']
  return ['permissions:', '  contents: read', '']
}
