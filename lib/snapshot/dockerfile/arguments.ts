/** Arguments and environment of an image build, as far as the Dockerfile gives them values. */
import { filledIn, UNKNOWN } from '../image/reference.ts'
import type { SourceFile } from '../snapshot.ts'
import type { DockerStage } from './read.ts'

/** `X=1 Y="2"`, as ARG and ENV write it; ENV also `X 1`. */
export function assignmentsOf(written: string, keyword: string): [string, string][] {
  const plain = written.replace(/\\[ \t]*\r?\n/g, ' ')
  const pairs = [...plain.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']*)/g)]
  const isOld = keyword === 'ENV' && !/^\s*[A-Za-z_]\w*=/.test(plain)
  if (pairs.length > 0 && !isOld)
    return pairs.map(([, name = '', value = '']) => [name, value.replace(/^["']|["']$/g, '')])
  const old = /^\s*([A-Za-z_]\w*)\s+(.*)$/s.exec(plain)
  return isOld && old ? [[old[1] ?? '', (old[2] ?? '').trim()]] : []
}

/** Takes in an ARG in front of the first stage. */
export function addDefaults(defaults: Map<string, string>, written: string): void {
  for (const [name, value] of assignmentsOf(written, 'ARG')) {
    const { text } = filledIn(value, variable => defaults.get(variable))
    // Of a default that is itself unknown in part the known part still tells: `ARG IMAGE=${REGISTRY}/x@sha256:…`.
    if (text !== UNKNOWN) defaults.set(name, text)
  }
}

/** What the arguments and the environment of a stage make of a text at a place in it; stages below it are taken in. */
export function filledInStage(file: SourceFile, stage: DockerStage, text: string, place: number) {
  const values = new Map<string, string>()
  const chain: DockerStage[] = []
  for (let one: DockerStage | null = stage; one && chain.length < 64; one = one.parent) chain.unshift(one)
  const lookUp = (name: string) => values.get(name)
  for (const { keyword, start, end } of chain.flatMap(({ instructions }) => instructions)) {
    if ((keyword !== 'ARG' && keyword !== 'ENV') || start >= place) continue
    const written = file.text.slice(start, end)
    for (const [name, value] of assignmentsOf(written, keyword)) values.set(name, filledIn(value, lookUp).text)
    const bare = keyword === 'ARG' ? /^\s*([A-Za-z_]\w*)\s*$/.exec(written)?.[1] : undefined
    const value = bare === undefined ? undefined : stage.defaults.get(bare)
    if (bare !== undefined && value !== undefined) values.set(bare, value)
  }
  return filledIn(text, lookUp)
}
