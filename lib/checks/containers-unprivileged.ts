import { defineCheck, type Finding, type Patch } from '../check.ts'
import { unprivilegedVariant } from '../snapshot/dockerfile/base-users.ts'
import { type DockerStage, isDockerfilePath } from '../snapshot/dockerfile/read.ts'
import { runImagesOf } from '../snapshot/dockerfile/run-images.ts'
import { type ContainerUser, containerUser, dropsPrivileges, startsByS6 } from '../snapshot/dockerfile/user.ts'
import { userEdit } from '../snapshot/dockerfile/user-edit.ts'
import { UNKNOWN } from '../snapshot/image/reference.ts'
import { podsOf } from '../snapshot/kubernetes/pods.ts'
import { evidenceOf, lineAt } from '../snapshot/lines.ts'
import type { Snapshot, SourceFile, Unread } from '../snapshot/snapshot.ts'
import { unreadAmong } from '../snapshot/unread.ts'
import { childOf, textOf } from '../snapshot/yaml.ts'

export const containersUnprivileged = defineCheck({
  id: 'containers-unprivileged',
  item: 'container-images',
  title: 'Containers run as a user other than root',
  severity: 'medium',
  version: 3,
  rationale:
    'Whoever takes over a service that runs as root owns every file of its container, can put tools into it, and is one kernel flaw away from the host. As another user the same flaw reads what the service reads.',
  remediation:
    'End the last stage with `USER` and a user other than root, by number where Kubernetes is to check it (`USER 65532:65532`), or start from an image that does, such as the `nonroot` tags of distroless.',
  mapsTo: { scorecard: [], zizmor: [], osps: [], slsa: [], cis: ['docker-4.1', 'kubernetes-5.2.7'] },
  references: [
    { id: 'user', url: 'https://docs.docker.com/build/building/best-practices/#user' },
    {
      id: 'pod-security-restricted',
      url: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    },
  ],
  reads: ['tree'],

  run(repo) {
    const { images, notes } = runImagesOf(repo)
    const unclear: string[] = []
    const unread: Unread[] = []
    const byBase = new Set<string>()
    const findings: Finding[] = []
    for (const { file, stage } of images) {
      const found = containerUser(file, stage)
      if (found.kind === 'unprivileged' && found.by === null) byBase.add(noteOnBase(found))
      if (found.kind === 'unprivileged' || dropsPrivileges(repo, file, stage)) continue
      if (found.base === UNKNOWN && found.by === null) unclear.push(noteOnUnclear(file))
      else if (startsByS6(repo, stage))
        unread.push(untold(file, 'as whom the services run that s6 starts stands with each of them, and is not read'))
      else if (found.kind === 'unknown') unread.push(untoldBase(file, stage, found))
      else findings.push(findingOf(file, stage, found))
    }
    return {
      examined: images.length - unclear.length - unread.length,
      findings,
      unread: [...unread, ...unreadAmong(repo, isDockerfilePath)],
      notes: [...notes, ...byBase, ...unclear, ...(findings.length > 0 ? notesOnPods(repo) : [])],
    }
  },

  example: {
    failing: { Dockerfile: dockerfile('') },
    fixed: { Dockerfile: dockerfile('USER node\n') },
  },
})

function noteOnUnclear({ path }: SourceFile): string {
  return `Whoever builds \`${path}\` chooses its base, and with it the user. It was not examined.`
}

function noteOnBase({ base, user }: ContainerUser): string {
  return `\`${shownBase(base)}\` is known to run as a user other than root (${user}), so that no \`USER\` is needed.`
}

/** Only the registry knows, and that is not asked: neither good nor bad. */
function untoldBase(file: SourceFile, stage: DockerStage, { base }: ContainerUser): Unread {
  const line = lineAt(file, stage.from.start)
  return untold(
    file,
    `as whom \`${shownBase(base)}\` runs only its registry knows, and the last stage has no \`USER\` (line ${line}); where the base has one, say it again`,
  )
}

function untold({ path }: SourceFile, reason: string): Unread {
  return { part: 'files', path, reason }
}

function shownBase(base: string): string {
  return base.replaceAll(UNKNOWN, '…').replace(/@sha256:.*/, '')
}

/** A pod that demands it is refused by Kubernetes where the image would run as root. */
function notesOnPods(repo: Snapshot): string[] {
  const pods = podsOf(repo).filter(({ isService }) => isService)
  const demanding = pods.filter(({ spec, containers }) =>
    [spec, ...containers.map(({ node }) => node)].some(
      node => textOf(childOf(childOf(node, 'securityContext'), 'runAsNonRoot')) === 'true',
    ),
  )
  return demanding.length === 0
    ? []
    : [`Of ${pods.length} pods in the manifests here ${demanding.length} demand \`runAsNonRoot\`.`]
}

function findingOf(file: SourceFile, stage: DockerStage, { kind, user, by, base }: ContainerUser): Finding {
  const patch = patchFor(file, stage, base)
  if (kind === 'root' && by) {
    const message = `The image runs as root: \`USER ${user}\` is the last word. Say \`USER\` with another user behind what needs root.`
    return { message, evidence: evidenceOf(by), ...patch }
  }
  const instead = unprivilegedVariant(base)
  const message = `No \`USER\` is set, and \`${shownBase(base)}\` runs as root. ${instead ? `Start from ${instead}` : 'End the last stage with `USER` and a user other than root'}.`
  return { message, evidence: evidenceOf({ file, ...stage.from }), ...patch }
}

function patchFor(file: SourceFile, stage: DockerStage, base: string): { patch?: Patch } {
  const found = userEdit(file, stage, base)
  if (!found) return {}
  const { user, ...edit } = found
  const edits = [{ kind: 'replace' as const, path: file.path, ...edit }]
  return { patch: { title: `Run as ${user}`, safety: 'review', edits } }
}

function dockerfile(user: string): string {
  return `FROM node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
WORKDIR /app
COPY dist /app
${user}CMD ["node", "/app/main.js"]
`
}
