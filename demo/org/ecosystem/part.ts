import type { FileMap } from '../files.ts'
import type { Posture } from '../posture.ts'

/** How an image of this part is built. `take` are the files that the install needs. */
export type ImageRecipe = { base: string; tag: string; take: string; run: string; command: string }

/** One package of a repository: a folder with a manifest of one ecosystem, and how CI treats it. */
export type Part = {
  /** Name by which Dependabot knows the ecosystem. */
  ecosystem: string
  directory: string
  files(posture: Posture): FileMap
  /** The action that sets up the toolchain, with its inputs. */
  setup: { uses: string; with?: Readonly<Record<string, string>> } | null
  install(posture: Posture): string | null
  test: string
  /** A command that fails on known vulnerabilities. */
  audit: string
  image?(posture: Posture): ImageRecipe
}

/** `name version` as the company's descriptions write a dependency. */
export type Dependency = { name: string; version: string }

/** What all makers of parts take. */
export type PartOptions = {
  name: string
  uses: readonly string[]
  directory?: string
  image?: boolean
  library?: boolean
}

/** Reads "name 1.2.3"; the first dependency moves on by one patch release with every generation. */
export function dependencies(uses: readonly string[], generation: number): Dependency[] {
  return uses.map((use, index) => {
    const space = use.lastIndexOf(' ')
    const version = use.slice(space + 1)
    return { name: use.slice(0, space), version: index === 0 ? patched(version, generation) : version }
  })
}

/** What a part declares: what it uses, and where somebody mistyped a name that as well. */
export function declared({ uses }: PartOptions, posture: Posture, mistyped: string): Dependency[] {
  return [...dependencies(uses, posture.generation), ...(posture.mistyped ? dependencies([mistyped], 0) : [])]
}

/** Whether this entry is one that lost its hash; every third does. */
export function lostHash(posture: Posture, index: number): boolean {
  return posture.lock === 'gaps' && index % 3 === 1
}

/** The direct dependencies that the lock knows: a stale lock has never heard of the last one. */
export function lockedOf<T>(posture: Posture, direct: readonly T[]): readonly T[] {
  return posture.lock === 'stale' ? direct.slice(0, -1) : direct
}

function patched(version: string, generation: number): string {
  const [major = '0', minor = '0', patch = '0'] = version.split('.')
  return `${major}.${minor}.${Number(patch) + generation}`
}
