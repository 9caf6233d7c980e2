import type { FileMap } from '../files.ts'
import { text } from '../files.ts'
import type { Posture } from '../posture.ts'
import type { RepositoryDescription } from '../repository.ts'
import { action, checkout, prepare, run } from './step.ts'
import { type Job, workflow } from './workflow.ts'

/** Tests of every part on pull requests and pushes; audits beside them, or in a workflow of their own. */
export function continuousIntegration(repository: RepositoryDescription, posture: Posture): FileMap {
  const branch = repository.branch ?? 'main'
  const on = ['pull_request:', 'push:', `  branches: [${branch}]`]
  const weekly = [...on, 'schedule:', "  - cron: '23 5 * * 1'"]
  const jobs = testJobs(repository, posture)
  return {
    ...(jobs.length > 0 && { '.github/workflows/ci.yml': workflow('CI', on, posture, jobs) }),
    ...(posture.audit === 'weekly' && {
      '.github/workflows/audit.yml': workflow('Audit', weekly, posture, auditJobs(repository, posture)),
    }),
    ...(posture.triage !== 'none' && { '.github/workflows/triage.yml': triage(posture) }),
  }
}

function testJobs(repository: RepositoryDescription, posture: Posture): Job[] {
  const audited = posture.audit === 'pull-requests' || posture.audit === 'ignored'
  const ignored = posture.audit === 'ignored' ? ' || true' : ''
  return (repository.parts ?? []).map((part, index) => ({
    id: part.directory === '' ? 'test' : part.directory.replaceAll('/', '-'),
    steps: [
      checkout(posture),
      ...prepare(part, posture),
      run('Test', part.test, part.directory),
      ...(audited ? [run('Audit', part.audit + ignored, part.directory)] : []),
      ...(index === 0 ? [action('codecov/codecov-action', posture)] : []),
      ...(index === 0 ? [action('actions/upload-artifact', posture, { name: 'reports', path: 'reports' })] : []),
    ],
  }))
}

function auditJobs(repository: RepositoryDescription, posture: Posture): Job[] {
  return (repository.parts ?? []).map(part => ({
    id: part.directory === '' ? 'audit' : `audit-${part.directory.replaceAll('/', '-')}`,
    steps: [checkout(posture), ...prepare(part, posture), run('Audit', part.audit, part.directory)],
  }))
}

function triage(posture: Posture): string {
  const unsafe = text('- name: Note the title', `  run: echo "New issue - \${{ github.event.issue.title }}"`)
  const safe = text(
    '- name: Note the title',
    '  env:',
    `    TITLE: \${{ github.event.issue.title }}`,
    '  run: echo "New issue - $TITLE"',
  )
  const steps = [posture.triage === 'unsafe' ? unsafe : safe]
  return workflow('Triage', ['issues:', '  types: [opened]'], posture, [{ id: 'label', steps }])
}
