import { defineCheck, type Finding } from '../check.ts'
import { isAside } from '../snapshot/aside.ts'
import { composeServicesOf } from '../snapshot/compose/read.ts'
import { deployStepsOf } from '../snapshot/deploy/deploy.ts'
import { runsImages } from '../snapshot/deploy/runs-images.ts'
import { type DockerInstruction, type DockerStage, isDockerfilePath } from '../snapshot/dockerfile/read.ts'
import { type RunImage, runImagesOf } from '../snapshot/dockerfile/run-images.ts'
import { startOf } from '../snapshot/dockerfile/user.ts'
import { verifiesAtStart } from '../snapshot/dockerfile/verified-start.ts'
import { fileGuardOf } from '../snapshot/kubernetes/file-guard.ts'
import { manifestsOf } from '../snapshot/kubernetes/read.ts'
import { readOnlyEdit, type ServiceContainer, serviceContainersOf } from '../snapshot/kubernetes/read-only.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import type { Snapshot, Unread } from '../snapshot/snapshot.ts'
import { folderOf } from '../snapshot/workspaces.ts'

export const runtimeIntegrity = defineCheck({
  id: 'runtime-integrity',
  item: 'runtime-integrity',
  title: 'A running service can tell that its files changed, or cannot change them',
  severity: 'low',
  version: 3,
  rationale:
    'Whoever breaks into a service writes there: a web shell, another binary, a line in a script, so as to stay. A file system that cannot be written stops that, and a manifest of hashes that is checked at start makes it seen.',
  remediation:
    'Give the containers of pods `securityContext: { readOnlyRootFilesystem: true }` with an `emptyDir` for what has to be written, or write a manifest of SHA-256 sums at build and verify it at start (`sha256sum -c`).',
  mapsTo: {
    scorecard: [],
    zizmor: [],
    osps: [],
    slsa: ['verifying-artifacts'],
    cis: ['docker-5.13', 'kubernetes-5.6.3'],
  },
  references: [
    { id: 'security-context', url: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/' },
  ],
  reads: ['tree', 'workflows'],

  run(repo) {
    const unread = [...manifestsOf(repo).unread, ...repo.unread.filter(decides)]
    const images = runImagesOf(repo).images.filter(({ stage }) => whatStarts(stage) !== null)
    const containers = images.length > 0 ? serviceContainersOf(repo) : []
    const deploys = images.length > 0 && containers.length === 0 ? deployStepsOf(repo).filter(runsImages) : []
    if (containers.length === 0 && deploys.length === 0) return { examined: 0, findings: [], unread }
    const examined = containers.length > 0 ? containers.length : images.length
    const guard = fileGuardOf(repo)
    if (guard !== null) return { examined, findings: [], notes: [`${guard} watches over the files.`], unread }
    const unchecked = images.filter(({ file, stage }) => !verifiesAtStart(repo, file, stage))
    if (unchecked.length === 0) return { examined, findings: [], unread }
    const findings =
      containers.length > 0
        ? containers.filter(({ readOnly }) => !readOnly).map(writable)
        : unchecked.filter(one => !isReadOnlyInCompose(repo, one)).map(unverified)
    return { examined, findings, unread }
  },

  example: {
    failing: { Dockerfile: 'FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]\n', 'k8s/app.yaml': deployment('') },
    fixed: {
      Dockerfile: 'FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]\n',
      'k8s/app.yaml': deployment('          securityContext:\n            readOnlyRootFilesystem: true\n'),
    },
  },
})

/** Unread files that can hold a manifest or an image build. */
function decides({ part, path }: Unread): boolean {
  return part === 'files' && (path === null || isDockerfilePath(path) || (/\.ya?ml$/.test(path) && !isAside(path)))
}

function isReadOnlyInCompose(repo: Snapshot, { file }: RunImage): boolean {
  const beside = composeServicesOf(repo).services.filter(
    one => one.builds && folderOf(one.file.path) === folderOf(file.path),
  )
  return beside.length > 0 && beside.every(({ readOnly }) => readOnly)
}

function whatStarts(stage: DockerStage): DockerInstruction | null {
  return startOf(stage, 'ENTRYPOINT') ?? startOf(stage, 'CMD')
}

function unverified({ file, stage }: RunImage): Finding {
  const start = whatStarts(stage)
  const message =
    'The image is deployed, and nothing checks its files when it starts. Write a manifest of SHA-256 sums at build and verify it first, or run it with a read-only root file system.'
  return { message, evidence: evidenceOf({ file, start: start?.at ?? 0, end: start?.end ?? 1 }) }
}

function writable({ manifest, container }: ServiceContainer): Finding {
  const { file, kind, name } = manifest
  const { start, end } = container.image ?? container.node
  const place = { file, start, end }
  const of = name === '' || manifest.templated ? `a ${kind}` : `the ${kind} \`${name}\``
  const message = `A container of ${of} can write its own root file system. Say \`readOnlyRootFilesystem: true\` in its \`securityContext\`.`
  const edit = manifest.templated ? null : readOnlyEdit(file, container)
  if (!edit) return { message, evidence: evidenceOf(place) }
  const edits = [{ kind: 'replace' as const, path: file.path, ...edit }]
  return {
    message,
    evidence: evidenceOf(place),
    patch: { title: 'Make the root file system read-only', safety: 'review', edits },
  }
}

function deployment(context: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  selector: { matchLabels: { app: app } }
  template:
    metadata: { labels: { app: app } }
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/app:1.4
${context}`
}
