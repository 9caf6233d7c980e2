/** Who the container of an image runs as, as far as the Dockerfile and what it copies in tell. */
import type { Place } from '../lines.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { folderOf, joined } from '../workspaces.ts'
import { filledInStage } from './arguments.ts'
import { dropsByItself, isRootBase, userOfBase } from './base-users.ts'
import type { DockerInstruction, DockerStage } from './read.ts'

/**
 * `unsaid`: no USER anywhere, and the base is known to run as root; `unknown`: nor is the base known. `by`: where it is
 * said. `base`: the image at the bottom of the stages, with what is known of its name.
 */
export type ContainerUser = {
  kind: 'unprivileged' | 'root' | 'unsaid' | 'unknown'
  user: string | null
  by: Place | null
  base: string
}

/** A stage and those that it starts from, the last first. */
export function chainOf(stage: DockerStage): DockerStage[] {
  const chain: DockerStage[] = []
  for (let one: DockerStage | null = stage; one && chain.length < 64; one = one.parent) chain.push(one)
  return chain
}

export function containerUser(file: SourceFile, stage: DockerStage): ContainerUser {
  const chain = chainOf(stage)
  const base = chain.at(-1)?.image ?? ''
  for (const one of chain) {
    const said = one.instructions.findLast(({ keyword, onbuild }) => keyword === 'USER' && !onbuild)
    if (!said) continue
    const written = file.text
      .slice(said.start, said.end)
      .trim()
      .replace(/^["']|["']$/g, '')
    const user = filledInStage(file, one, written, said.start).text
    const by = { file, start: said.at, end: said.end }
    return { kind: isRoot(user) ? 'root' : 'unprivileged', user: written, by, base }
  }
  const user = userOfBase(base)
  const kind = user !== null ? 'unprivileged' : isRootBase(base) ? 'unsaid' : 'unknown'
  return { kind, user, by: null, base }
}

function isRoot(user: string): boolean {
  return /^(?:root|0+|(?:Container)?Administrator)?$/i.test(user.split(':')[0]?.replace(/^["']|["']$/g, '') ?? '')
}

/** The instruction that says what runs; null where the image only holds files for others. */
export function startOf(stage: DockerStage, keyword: 'ENTRYPOINT' | 'CMD'): DockerInstruction | null {
  for (const { instructions } of chainOf(stage)) {
    const found = instructions.findLast(one => one.keyword === keyword && !one.onbuild)
    if (found) return found
  }
  return null
}

const DROPS =
  /(?:^|[\s"'`;&|(/])(?:gosu|su-exec|s6-setuidgid|setuidgid|chpst|setpriv|runuser|su)\s+(?:["']?,\s*["'])?(?!root\b|-{1,2}(?:help|version))\S/m

/** True where what the container starts with gives root away before it runs the service (CIS Docker 4.1 allows it). */
export function dropsPrivileges(repo: Snapshot, file: SourceFile, stage: DockerStage): boolean {
  if (startOf(stage, 'ENTRYPOINT') === null && dropsByItself(chainOf(stage).at(-1)?.image ?? '')) return true
  return (['ENTRYPOINT', 'CMD'] as const).some(keyword => {
    const start = startOf(stage, keyword)
    if (!start) return false
    const words = start.exec?.map(({ text }) => text).join(' ') ?? file.text.slice(start.start, start.end)
    if (DROPS.test(words)) return true
    const [, script] = /(?:^|\/|\s)([\w.-]*entrypoint[\w.-]*|[\w.-]+\.(?:sh|bash))(?:\s|$)/.exec(words) ?? []
    return script !== undefined && givesWayIn(scriptNamed(repo, file, script)?.text ?? '')
  })
}

/** True where s6 starts: each of its services says by itself as whom it runs, in a file that no crawl reads. */
export function startsByS6(repo: Snapshot, stage: DockerStage): boolean {
  const isInit = startOf(stage, 'ENTRYPOINT')?.exec?.[0]?.text === '/init'
  return isInit && repo.tree.some(({ path }) => /(?:^|\/)(?:s6-rc|services)\.d\/[^/]+\/run$/.test(path))
}

/** A lone command that a script runs as somebody else is not the service: that takes its place, is what it was given, or is put together. */
function givesWayIn(script: string): boolean {
  const lines = script.replace(/\\\r?\n/g, ' ').split('\n')
  const runs = /\bexec\b|\$[@*0]|\$\{?(?:[@*0]|BASH_SOURCE)|^\s*(?:local\s+|export\s+)?\w+=/
  return lines.some(line => DROPS.test(line) && runs.test(line))
}

/** The script of the repository that the image most likely holds under that name: the nearest to the Dockerfile. */
export function scriptNamed(repo: Snapshot, file: SourceFile, name: string): SourceFile | undefined {
  const beside = repo.files.get(joined(folderOf(file.path), name)) ?? repo.files.get(name)
  if (beside) return beside
  const paths = [...repo.files.keys()].filter(path => path.endsWith(`/${name}`))
  const near = paths.find(path => path.startsWith(`${folderOf(file.path)}/`)) ?? paths[0]
  return near === undefined ? undefined : repo.files.get(near)
}
