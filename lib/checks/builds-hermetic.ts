import { defineCheck, type Finding, type Patch } from '../check.ts'
import { isAside, leftAside } from '../snapshot/aside.ts'
import { type BuildStep, buildStepsOf, builtWithoutNetwork } from '../snapshot/dockerfile/network.ts'
import { isDevContainerPath, isDockerfilePath, stagesOf } from '../snapshot/dockerfile/read.ts'
import { shown } from '../snapshot/install/verdict.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import type { SourceFile } from '../snapshot/snapshot.ts'
import { unreadAmong } from '../snapshot/unread.ts'
import { filesWhere } from '../snapshot/workflow.ts'

export const buildsHermetic = defineCheck({
  id: 'builds-hermetic',
  item: 'build-pipeline',
  title: 'Container builds fetch first and build offline',
  severity: 'low',
  version: 3,
  rationale:
    "A build step that can reach the network can take in anything, from anywhere, at any time: a compiler plugin that downloads, a test that phones home, a package whose build script fetches more. What is not fetched by the lock is in nobody's list.",
  remediation:
    'Fetch what the lock names in a step of its own (`go mod download`, `npm ci`, `pip download`, `cargo fetch`), then build with `RUN --network=none`, or install only from what was fetched (`pip install --no-index --find-links`, `npm ci --offline`, `cargo build --offline`).',
  mapsTo: { scorecard: [], zizmor: [], osps: [], slsa: ['future-directions'], cis: ['2.2.4'] },
  references: [{ id: 'run-network', url: 'https://docs.docker.com/reference/dockerfile/#run---network' }],
  reads: ['tree', 'workflows'],

  run(repo) {
    const withoutNetwork = builtWithoutNetwork(repo)
    let examined = 0
    let aside = 0
    const findings: Finding[] = []
    for (const file of filesWhere(repo, path => isDockerfilePath(path) && !isDevContainerPath(path))) {
      const steps = buildStepsOf(repo, file)
      if (steps.length === 0) continue
      if (isAside(file.path)) {
        aside++
        continue
      }
      examined++
      if (!withoutNetwork.has(file.path)) findings.push(...judge(steps, hasOfflineRun(file)))
    }
    return { examined, findings, notes: leftAside('Images', aside), unread: unreadAmong(repo, isDockerfilePath) }
  },

  example: {
    failing: { Dockerfile: dockerfile('') },
    fixed: { Dockerfile: dockerfile('--network=none ') },
  },
})

/** Whatever it runs: a build may be a program of the repository that no list knows. */
function hasOfflineRun(file: SourceFile): boolean {
  return stagesOf(file).some(({ instructions }) =>
    instructions.some(({ keyword, flags }) => keyword === 'RUN' && flags.includes('network=none')),
  )
}

/** One finding a Dockerfile: the first step that builds with the network, or else that nothing is done without it. */
function judge(steps: readonly BuildStep[], offlineRun: boolean): Finding[] {
  const open = steps.filter(({ offline }) => !offline)
  const builds = open.filter(({ kind }) => kind === 'build')
  const [first] = builds
  if (first) {
    const message = `\`${shown(first.command)}\` builds with the network open. Fetch the dependencies in a step before, then build with \`RUN --network=none\`.`
    return [
      {
        message,
        evidence: evidenceOf({ file: first.command.unit.file, start: first.run.at, end: first.run.end }),
        ...patchFor(steps, builds),
      },
    ]
  }
  if (offlineRun || steps.some(({ kind, offline }) => offline && kind !== 'fetch')) return []
  const install = open.find(({ kind }) => kind === 'install')
  if (!install) return []
  const message = `\`${shown(install.command)}\` fetches and installs in one step with the network open. Fetch in a stage of its own, and install from that with \`RUN --network=none\`.`
  return [
    { message, evidence: evidenceOf({ file: install.command.unit.file, start: install.run.at, end: install.run.end }) },
  ]
}

/** Where what is needed was fetched in a step before, the flag is all that is missing. */
function patchFor(steps: readonly BuildStep[], builds: readonly BuildStep[]): { patch?: Patch } {
  const runs = new Set(builds.map(({ run }) => run))
  const isReady = builds.every(({ command, run }) => {
    const inRun = steps.filter(step => step.run === run)
    const before = steps.filter(step => step.command.unit === command.unit && step.run.start < run.start)
    return inRun.every(({ kind }) => kind === 'build') && before.some(({ kind }) => kind !== 'build')
  })
  const [{ command } = {}] = builds
  if (!isReady || !command) return {}
  const { path } = command.unit.file
  const edits = [...runs].map(({ at }) => ({
    kind: 'replace' as const,
    path,
    start: at + 3,
    end: at + 3,
    text: ' --network=none',
  }))
  return { patch: { title: 'Build without the network', safety: 'review', edits } }
}

function dockerfile(flag: string): string {
  return `FROM golang:1.25 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN ${flag}go build -o /app ./cmd/app

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /app /app
ENTRYPOINT ["/app"]
`
}
