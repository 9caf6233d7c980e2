/** Dockerfiles as stages with their instructions, each with its place in the file. */
import { DockerfileParser, type Instruction, type JSONInstruction, Onbuild } from 'dockerfile-ast'
import { filledIn, UNKNOWN } from '../image/reference.ts'
import { lineRange } from '../lines.ts'
import type { SourceFile } from '../snapshot.ts'
import { addDefaults } from './arguments.ts'

/** `args` from `start` to `end` as written, without the instruction's flags; `flags` as `name=value` texts. */
export type DockerInstruction = {
  keyword: string
  /** Not run here, but where another image starts from this one. */
  onbuild: boolean
  flags: string[]
  /** Where the keyword begins. */
  at: number
  start: number
  end: number
  /** The strings of the exec form with their places inside the quotes; null in the shell form. */
  exec: { text: string; start: number; end: number }[] | null
}
/**
 * `image` is what `from` says with the defaults of the arguments filled in; `unknown` names those without one.
 * `parent`: the earlier stage that this one starts from, if it does; which of several may depend on the platform.
 */
export type DockerStage = {
  name: string
  image: string
  unknown: string[]
  from: { start: number; end: number }
  index: number
  parent: DockerStage | null
  /** The arguments in front of the first stage that have a value. */
  defaults: ReadonlyMap<string, string>
  instructions: DockerInstruction[]
}

const LARGEST = 512 * 1024
const NAME = /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[^/]+)?|[^/]+\.[Dd]ockerfile)$/
/** `Dockerfile.dockerignore` and a template that a program fills in are named like one. */
const OTHER =
  /\.(?:dockerignore|containerignore|md|txt|tmpl|tpl|j2|jinja2?|template|tt|ejs|eex|hbs|mustache|liquid|orig|bak|erb|in|ya?ml|json|sh|py|go|ts|js)$/

export function isDockerfilePath(path: string): boolean {
  return NAME.test(path) && !OTHER.test(path)
}

/** For a person to work in, not to be run as a service; its user and its tools are set elsewhere. */
export function isDevContainerPath(path: string): boolean {
  return /(?:^|\/)\.(?:devcontainer|codesandbox|gitpod)[/.]/.test(path)
}

const readFiles = new WeakMap<SourceFile, DockerStage[]>()

/** The stages in their order; none where the file is too large. Never throws for what the file holds. */
export function stagesOf(file: SourceFile): DockerStage[] {
  const known = readFiles.get(file)
  if (known) return known
  const stages = file.text.length > LARGEST ? [] : parse(file)
  readFiles.set(file, stages)
  return stages
}

function parse(file: SourceFile): DockerStage[] {
  const stages: DockerStage[] = []
  const defaults = new Map<string, string>()
  // A rule of hash signs, as people draw it, takes the parser quadratic time to see that it is no directive.
  const text = file.text.replace(/^#{3,}/gm, rule => `#${' '.repeat(rule.length - 1)}`)
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const trigger = instruction instanceof Onbuild ? instruction.getTriggerInstruction() : null
    const read = readInstruction(file, trigger ?? instruction, trigger !== null)
    const last = stages.at(-1)
    if (read.keyword === 'FROM') stages.push(stageOf(file, read, stages, defaults))
    else if (last) last.instructions.push(read)
    else if (read.keyword === 'ARG') addDefaults(defaults, file.text.slice(read.start, read.end))
  }
  return stages
}

function stageOf(
  file: SourceFile,
  { start, end }: DockerInstruction,
  stages: readonly DockerStage[],
  defaults: ReadonlyMap<string, string>,
): DockerStage {
  const written = file.text.slice(start, end).replace(/[\\`](?=[ \t]*\r?\n)/g, ' ')
  const [first] = written.matchAll(/\S+/g)
  const [word = '', as = '', name = ''] = written.trim().split(/\s+/)
  const { text, unknown } = filledIn(word.replace(/^(["'])(.*)\1$/, '$2'), variable => defaults.get(variable))
  const at = start + (first?.index ?? 0)
  return {
    name: as.toLowerCase() === 'as' ? name.toLowerCase() : '',
    image: text,
    unknown,
    from: { start: at, end: at + word.length },
    index: stages.length,
    parent: stageNamed(stages, text),
    defaults,
    instructions: [],
  }
}

/** The stage of that name, or the first that an unknown part can make it: `FROM base-${TARGETARCH}`. */
export function stageNamed(stages: readonly DockerStage[], image: string): DockerStage | null {
  const wanted = image.toLowerCase()
  const named = stages.findLast(({ name }) => name !== '' && name === wanted)
  if (named || !wanted.includes(UNKNOWN) || wanted === UNKNOWN) return named ?? null
  const [front = '', ...rest] = wanted.split(UNKNOWN)
  const back = rest.at(-1) ?? ''
  const fits = (name: string) =>
    name.length >= front.length + back.length && name.startsWith(front) && name.endsWith(back)
  return stages.find(({ name }) => name !== '' && fits(name)) ?? null
}

/** The image of the build's own frontend (`# syntax=docker/dockerfile:1`), which the first lines may name. */
export function frontendOf(file: SourceFile): string | null {
  for (const line of file.text.slice(0, 2_000).split('\n', 10)) {
    const directive = /^#\s*(\w+)\s*=\s*(\S+)/.exec(line)
    if (!directive) return null
    if (directive[1]?.toLowerCase() === 'syntax') return directive[2] ?? null
  }
  return null
}

function readInstruction(file: SourceFile, instruction: Instruction, onbuild: boolean): DockerInstruction {
  const offset = ({ line, character }: { line: number; character: number }) =>
    lineRange(file, line + 1).start + character
  const range = instruction.getRange()
  const end = offset(range.end)
  let start = offset(instruction.getInstructionRange().end)
  const flags: string[] = []
  const flag = /(?:[ \t]|\\[ \t]*\r?\n)*--([a-z-]+(?:=(?:"[^"]*"|[^\s"])*)?)(?=\s)/y
  for (flag.lastIndex = start; ; start = flag.lastIndex) {
    const found = flag.exec(file.text)
    if (!found || flag.lastIndex > end) break
    flags.push((found[1] ?? '').replaceAll('"', ''))
  }
  const gap = /(?:\s|\\[ \t]*\r?\n)*/y
  gap.lastIndex = start
  start += gap.exec(file.text.slice(0, end))?.[0].length ?? 0
  const isJson = file.text[start] === '['
  const strings = isJson && 'getJSONStrings' in instruction ? (instruction as JSONInstruction).getJSONStrings() : []
  const exec = strings.map(string => {
    const own = string.getRange()
    const [from, to] = [offset(own.start), offset(own.end)]
    return { text: unquoted(file.text.slice(from, to)), start: from + 1, end: to - 1 }
  })
  const at = offset(range.start)
  const keyword = instruction.getKeyword()
  return { keyword, onbuild, flags, at, start, end, exec: exec.length > 0 ? exec : null }
}

function unquoted(written: string): string {
  try {
    return String(JSON.parse(written))
  } catch {
    // Not JSON after all: Docker then takes the instruction for the shell form, and so does whoever reads the words.
    return written.slice(1, -1)
  }
}

/** What a shell sees of a RUN: comments between continued lines taken out, a here-document as the script that it is. */
export function shellTextOf(file: SourceFile, { start, end }: DockerInstruction): string {
  const written = file.text.slice(start, end)
  const opened = /^<<-?\s*(["']?)(\w+)\1[ \t]*\r?\n/.exec(written)
  if (opened) {
    const close = new RegExp(`\\n[ \\t]*${opened[2]}[ \\t\\r\\n]*$`).exec(written)
    const body = written.slice(opened[0].length, close ? close.index + 1 : written.length)
    return ' '.repeat(opened[0].length) + body + ' '.repeat(written.length - opened[0].length - body.length)
  }
  if (written.includes('<<')) return written
  const withoutComments = written.replace(
    /(\\[ \t]*\r?\n)((?:[ \t]*(?:#[^\n]*)?\r?\n)+)/g,
    (_, line: string, comments: string) => line + ' '.repeat(comments.length),
  )
  return withoutComments.replace(/`([ \t]*\r?\n)/g, file.text.startsWith('# escape=`') ? '\\$1' : '`$1')
}
