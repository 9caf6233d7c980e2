/** Every image from elsewhere that builds, jobs and compose files of a repository take. Pods have their own reader. */
import { commandsOf } from '../commands.ts'
import { composeServicesOf } from '../compose/read.ts'
import { imagesOfDockerfile } from '../dockerfile/images.ts'
import { isDockerfilePath } from '../dockerfile/read.ts'
import type { Snapshot, Unread } from '../snapshot.ts'
import { filesWhere, workflowsOf } from '../workflow.ts'
import { folderOf, joined } from '../workspaces.ts'
import { childOf, textOf } from '../yaml.ts'
import { type ImageUse, isByDigest, isPlaceholder, withoutVersion } from './reference.ts'
import { imagesOfJob } from './workflow-images.ts'

/** `unclear`: images that only a run can tell. `unread`: also files that tell an image and are not read. */
export type ImageUses = { images: ImageUse[]; unclear: string[]; unread: Unread[] }

/** Not what this repository builds itself: stages, `build:` of compose, named build contexts. */
export function imagesOf(repo: Snapshot): ImageUses {
  const { workflows, unread } = workflowsOf(repo)
  const contexts = namedContexts(repo)
  const own = imagesBuiltHere(repo)
  const jobs = workflows.flatMap(workflow => workflow.jobs.map(job => imagesOfJob(workflow, job)))
  const built = filesWhere(repo, isDockerfilePath)
    .flatMap(imagesOfDockerfile)
    .filter(({ image }) => !contexts.has(image))
  const compose = composeImages(repo)
  const images = [...built, ...jobs.flatMap(job => job.images), ...compose.images].filter(
    ({ image }) =>
      image !== '' && !isPlaceholder(image) && !/^localhost\//.test(image) && !own.has(withoutVersion(image)),
  )
  return { images, unclear: jobs.flatMap(job => job.unclear), unread: [...unread, ...compose.unread] }
}

function composeImages(repo: Snapshot): Pick<ImageUses, 'images' | 'unread'> {
  const paths = new Set(repo.tree.map(({ path }) => path))
  const { services, unread: unreadable } = composeServicesOf(repo)
  const untold = new Map<string, Set<string>>()
  const built = services.filter(({ builds }) => builds)
  // Files of one folder are laid over each other: one gives the name, another says how it is built.
  const builtHere = new Set(built.map(({ file, name }) => `${folderOf(file.path)}\0${name}`))
  const builtNames = new Set(built.flatMap(({ filled }) => (filled === null ? [] : [filled])))
  const seen = new Set<string>()
  const images: ImageUse[] = []
  for (const { file, name, image, filled, unknown, builds } of services) {
    if (!image || filled === null || builds) continue
    if (builtHere.has(`${folderOf(file.path)}\0${name}`) || builtNames.has(filled)) continue
    const key = `${file.path}\0${image.start}`
    // A value that several aliases lead to is one place.
    if (seen.has(key)) continue
    seen.add(key)
    const settings = joined(folderOf(file.path), '.env')
    if (unknown.length > 0 && !isByDigest(filled) && paths.has(settings)) {
      untold.set(settings, (untold.get(settings) ?? new Set()).add(image.text))
      continue
    }
    images.push({
      where: 'compose',
      written: image.text,
      image: filled,
      unknown,
      place: { file, start: image.start, end: image.end },
    })
  }
  return { images, unread: [...unreadable, ...[...untold].map(([path, texts]) => untoldIn(path, [...texts]))] }
}

function untoldIn(path: string, texts: readonly string[]): Unread {
  const listed = texts.slice(0, 3).map(text => `\`${text.replaceAll('`', "'").slice(0, 100)}\``)
  const more = texts.length > 3 ? ` and ${texts.length - 3} more` : ''
  const reason = `it tells which image ${listed.join(', ')}${more} is, and is not read, for it may hold secrets`
  return { part: 'files', path, reason }
}

const BUILT = /(?:\s|^)(?:-t|--tag)(?:\s+|=)["']?([a-z0-9][\w./-]*(?::\d+\/[\w./-]+)?)(?=[\s:"'\\]|$)/gm
const BUILDERS = /\b(?:docker|podman|buildah|buildx|nerdctl)\b[^\n]*\bbu(?:ild|d)\b/

/** Names of images that workflows, Makefiles and scripts of the repository build: those come from here. */
export function imagesBuiltHere(repo: Snapshot): Set<string> {
  const names = new Set<string>()
  for (const { inputs } of commandsOf(repo).units.flatMap(({ actions }) => actions))
    for (const tag of (inputs.get('tags') ?? '').split(/[\s,]+/)) names.add(withoutVersion(tag))
  const isScript = (path: string) =>
    /\.(?:sh|bash|mk|just)$|(?:^|\/)(?:[Mm]akefile|GNUmakefile|\.?[Jj]ustfile|package\.json)$|^\.github\/workflows\//.test(
      path,
    )
  for (const { text } of filesWhere(repo, isScript)) {
    if (text.length > LARGEST_SCRIPT || !BUILDERS.test(text)) continue
    for (const [, name = ''] of text.matchAll(BUILT)) names.add(name)
  }
  names.delete('')
  return names
}

const LARGEST_SCRIPT = 512 * 1024

/** Names that a build is given for other builds, folders or images; a FROM or COPY may use them like an image's. */
export function namedContexts(repo: Snapshot): Set<string> {
  const names = new Set<string>()
  for (const file of filesWhere(repo, path => /(?:^|\/)docker-bake(?:\.override)?\.(?:hcl|json)$/.test(path)))
    for (const [, block = ''] of file.text.matchAll(/contexts["']?\s*[=:]\s*\{([^{}]*)\}/g))
      for (const [, name = ''] of block.matchAll(/["']?([\w./:@-]+)["']?\s*[=:]\s*["']/g)) names.add(name)
  for (const { node } of composeServicesOf(repo).services) {
    const contexts = childOf(childOf(node, 'build'), 'additional_contexts')
    if (contexts?.kind === 'map') for (const { key } of contexts.entries) names.add(key)
    if (contexts?.kind === 'seq') for (const item of contexts.items) names.add((textOf(item) ?? '').split('=')[0] ?? '')
  }
  const { units, commands } = commandsOf(repo)
  for (const { inputs } of units.flatMap(({ actions }) => actions))
    for (const line of (inputs.get('build-contexts') ?? '').split('\n')) names.add(line.trim().split('=')[0] ?? '')
  for (const { argv } of commands)
    argv.forEach((word, at) => {
      if (word === '--build-context') names.add((argv[at + 1] ?? '').split('=')[0] ?? '')
      else if (word.startsWith('--build-context=')) names.add(word.split('=')[1] ?? '')
    })
  return names
}
