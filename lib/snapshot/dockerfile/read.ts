/** Dockerfiles as stages with their instructions, each with its place in the file. */
import { DockerfileParser, type Instruction, type JSONInstruction } from 'dockerfile-ast'
import { lineRange } from '../lines.ts'
import type { SourceFile } from '../snapshot.ts'

/** `args` from `start` to `end` as written, without the instruction's flags; `flags` as `name=value` texts. */
export type DockerInstruction = {
  keyword: string
  flags: string[]
  start: number
  end: number
  /** The strings of the exec form with their places inside the quotes; null in the shell form. */
  exec: { text: string; start: number; end: number }[] | null
}
/** `parent`: the earlier stage that this one starts from, if it does. */
export type DockerStage = {
  name: string
  image: string
  index: number
  parent: DockerStage | null
  instructions: DockerInstruction[]
}

const LARGEST = 512 * 1024
const NAME = /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[^/]+)?|[^/]+\.[Dd]ockerfile)$/
/** `Dockerfile.dockerignore` and a template that a program fills in are named like one. */
const OTHER =
  /\.(?:dockerignore|containerignore|md|txt|tmpl|tpl|j2|jinja2?|template|tt|ejs|hbs|mustache|liquid|orig|bak|erb|in|ya?ml|json|sh|py|go|ts|js)$/

export function isDockerfilePath(path: string): boolean {
  return NAME.test(path) && !OTHER.test(path)
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
  for (const instruction of DockerfileParser.parse(file.text).getInstructions()) {
    const keyword = instruction.getKeyword()
    const read = readInstruction(file, keyword, instruction)
    if (keyword === 'FROM') {
      const words = file.text.slice(read.start, read.end).split(/\s+/)
      const [image = '', as = '', name = ''] = words
      const parent = stages.find(stage => stage.name !== '' && stage.name === image.toLowerCase()) ?? null
      stages.push({
        name: as.toLowerCase() === 'as' ? name.toLowerCase() : '',
        image,
        index: stages.length,
        parent,
        instructions: [],
      })
    } else stages.at(-1)?.instructions.push(read)
  }
  return stages
}

function readInstruction(file: SourceFile, keyword: string, instruction: Instruction): DockerInstruction {
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
  return { keyword, flags, start, end, exec: exec.length > 0 ? exec : null }
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
