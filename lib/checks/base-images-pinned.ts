import { defineCheck, type Finding } from '../check.ts'
import { isAside, leftAside } from '../snapshot/aside.ts'
import { isComposePath } from '../snapshot/compose/read.ts'
import { frontendOf, isDockerfilePath } from '../snapshot/dockerfile/read.ts'
import { knownDigests, pinFor } from '../snapshot/image/known-digests.ts'
import { type ImageUse, isByDigest, parseImage, UNKNOWN } from '../snapshot/image/reference.ts'
import { imagesOf } from '../snapshot/image/uses.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import type { Snapshot, Unread } from '../snapshot/snapshot.ts'
import { filesWhere } from '../snapshot/workflow.ts'

const PINNED = 'node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d'

export const baseImagesPinned = defineCheck({
  id: 'base-images-pinned',
  item: 'container-images',
  title: 'Images that builds and jobs start from are pinned by digest',
  severity: 'medium',
  version: 3,
  rationale:
    'A tag names whatever its owner, or whoever took over the account, pushed last. The same Dockerfile then builds something else tomorrow, and nobody reviewed the change. A digest names the content itself.',
  remediation:
    'Write the digest behind the tag: `FROM node:24-slim@sha256:…`. `docker buildx imagetools inspect node:24-slim` tells it, and Dependabot and Renovate raise tag and digest together. No registry is asked here, so that a digest belongs to its tag is not checked.',
  mapsTo: {
    scorecard: ['Pinned-Dependencies'],
    zizmor: ['unpinned-images'],
    osps: [],
    slsa: [],
    cis: ['2.4.2', '3.1.7'],
  },
  references: [
    {
      id: 'pin-base-image-versions',
      url: 'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
    },
  ],
  reads: ['tree', 'workflows'],

  run(repo) {
    const { images, unclear, unread: unreadable } = imagesOf(repo)
    const known = knownDigests(images)
    const own = images.filter(({ place }) => !isAside(place.file.path))
    const findings = own.filter(({ image }) => !isByDigest(image)).map(one => findingOf(one, known))
    const notes = [
      ...leftAside('Images', images.length - own.length),
      ...notesOnUnclear(unclear),
      ...notesOnFrontends(repo),
    ]
    return { examined: own.length, findings, unread: [...unreadable, ...repo.unread.filter(decides)], notes }
  },

  example: {
    failing: { Dockerfile: dockerfile(PINNED, 'node:24-bookworm-slim') },
    fixed: { Dockerfile: dockerfile(PINNED, PINNED) },
  },
})

/** Unread files that can name an image. */
function decides({ part, path }: Unread): boolean {
  return part === 'files' && (path === null || isDockerfilePath(path) || isComposePath(path))
}

function findingOf(use: ImageUse, known: ReadonlyMap<string, string>): Finding {
  const finding = { message: messageFor(use), evidence: evidenceOf(use.place) }
  const pin = pinFor(use, known)
  if (pin === null) return finding
  const edits = [{ kind: 'replace' as const, path: use.place.file.path, ...pin }]
  return { ...finding, patch: { title: `Pin ${use.written} to the digest used elsewhere here`, safety: 'safe', edits } }
}

const PLACES: Record<ImageUse['where'], string> = {
  from: 'A stage starts from',
  copy: 'A stage copies from',
  mount: 'A build step mounts',
  container: 'The job runs in',
  service: 'The job runs beside',
  compose: 'The service runs',
  pod: 'The pod runs',
}

function messageFor({ where, written, image, unknown }: ImageUse): string {
  const [name] = unknown
  if (name !== undefined && image === UNKNOWN)
    return `${PLACES[where]} \`${written}\`, and \`${name}\` has no default: whoever ${where === 'compose' ? 'starts it' : 'builds'} decides what that is. Give it a default that ends in \`@sha256:…\`.`
  const shown = image.replaceAll(UNKNOWN, '…')
  const meant = shown === written || written.includes('{{') ? '' : `, which is \`${shown}\``
  const short = /@sha256:/.test(image) ? ' What stands behind the @ is no whole digest.' : ''
  const tag = parseImage(image)?.tag
  const why = tag === null ? 'without a tag or digest' : 'by a tag, which can be moved'
  return `${PLACES[where]} \`${written}\`${meant}, ${why}.${short} Write its digest behind it: \`${shown}@sha256:…\`.`
}

function notesOnUnclear(unclear: readonly string[]): string[] {
  return [...new Set(unclear)].map(
    text => `Which image \`${text.replaceAll('`', "'")}\` is cannot be told from the file; it was not examined.`,
  )
}

function notesOnFrontends(repo: Snapshot): string[] {
  const frontends = new Set(filesWhere(repo, isDockerfilePath).flatMap(file => frontendOf(file) ?? []))
  return [...frontends]
    .filter(image => !isByDigest(image))
    .map(
      image =>
        `\`# syntax=${image}\` takes the build's own frontend by tag; without the line, the engine's own is used.`,
    )
}

function dockerfile(build: string, run: string): string {
  return `FROM ${build} AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build

FROM ${run}
COPY --from=build /app/dist /app
USER node
CMD ["node", "/app/main.js"]
`
}
