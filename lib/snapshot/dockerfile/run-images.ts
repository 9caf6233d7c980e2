/** The images that a repository makes to be run by themselves, as far as its Dockerfiles tell. */
import { isAside, leftAside } from '../aside.ts'
import { isPlaceholder } from '../image/reference.ts'
import { namedContexts } from '../image/uses.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { actionsOf, filesWhere } from '../workflow.ts'
import { folderOf, resolved } from '../workspaces.ts'
import { textOf, valuesOf } from '../yaml.ts'
import { startsNothing } from './base-users.ts'
import { type DockerStage, isDevContainerPath, isDockerfilePath, stagesOf } from './read.ts'
import { chainOf, containerUser, startOf } from './user.ts'

/** `stage`: the last, which is the one that is run. */
export type RunImage = { file: SourceFile; stage: DockerStage }

/** `notes`: which images were not looked at, and why. */
export function runImagesOf(repo: Snapshot): { images: RunImage[]; notes: string[] } {
  const ofActions = actionDockerfiles(repo)
  const contexts = namedContexts(repo)
  const images: RunImage[] = []
  let aside = 0
  let idle = 0
  for (const file of filesWhere(repo, isDockerfilePath)) {
    const stage = stagesOf(file).at(-1)
    if (isAside(file.path) || DEVELOPMENT.test(file.path)) aside++
    else if (!stage || ofActions.has(file.path) || !isRun(file, stage, contexts)) continue
    else if (isIdle(file, stage)) idle++
    else images.push({ file, stage })
  }
  const notes = [
    ...leftAside('Images', aside),
    ...(idle > 0
      ? [`Images that start nothing of their own, as those to build in, were left aside: ${files(idle)}.`]
      : []),
    ...[...ofActions].map(
      path =>
        `\`${path}\` is a Docker action's: GitHub runs those as root and asks for no \`USER\`. It was not examined.`,
    ),
  ]
  return { images, notes }
}

/** Names by which people tell what they build, test and write with from what they ship. */
const DEVELOPMENT =
  /(?:^|\/)(?:(?:Docker|Container)file[.-](?:docs?|build|builder)(?:[.-][\w.-]+)?|(?:Docker|Container)file[.-](?:[\w.-]+[.-])?(?:dev|devel|development|tests?|e2e|cypress|playwright|mkdocs|sphinx|ci|local|debug|lint|tilt)(?:[.-][\w.-]+)?|(?:[\w.-]+[.-])?(?:dev|devel|development|tests?|e2e|cypress|playwright|mkdocs|sphinx|ci|local|debug|lint|docs?|tilt)\.[Dd]ockerfile|(?:rpm|deb)\/(?:Docker|Container)file)$/

function files(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`
}

function isRun({ path }: SourceFile, stage: DockerStage, contexts: ReadonlySet<string>): boolean {
  const base = chainOf(stage).at(-1)?.image ?? ''
  // A dev container's user is set elsewhere; a template's or another build's base is not known here.
  if (isDevContainerPath(path) || isPlaceholder(base) || contexts.has(base) || base === '') return false
  return base.toLowerCase() !== 'scratch' || startOf(stage, 'ENTRYPOINT') !== null || startOf(stage, 'CMD') !== null
}

/** What holds a product of an earlier stage, or says as whom it runs, is run by who names the command. */
function isIdle(file: SourceFile, stage: DockerStage): boolean {
  if (startOf(stage, 'ENTRYPOINT') !== null || startOf(stage, 'CMD') !== null) return false
  const holds = stage.instructions.some(({ keyword, flags }) => keyword === 'COPY' && flags.some(isFrom))
  if (holds || containerUser(file, stage).kind === 'unprivileged') return false
  return startsNothing(chainOf(stage).at(-1)?.image ?? '')
}

function isFrom(flag: string): boolean {
  return flag.startsWith('from=')
}

/** Dockerfiles of Docker actions: GitHub's documentation forbids `USER` there, for they could not write the workspace. */
function actionDockerfiles(repo: Snapshot): Set<string> {
  return new Set(
    actionsOf(repo).actions.flatMap(({ file, runs }) =>
      valuesOf(runs, 'image').flatMap(image => resolved(folderOf(file.path), textOf(image) ?? '') ?? []),
    ),
  )
}
