/** The rules of a Makefile: what a target needs and the lines that make runs for it, each in a shell of its own. */
import { type Script, stretchScript } from './shell/script.ts'
import type { SourceFile } from './snapshot.ts'

/** `ignored`: the line begins with `-`, so that make goes on whatever it says. */
export type Recipe = { script: Script; ignored: boolean }
type Rule = { needs: string[]; recipes: Recipe[] }
export type Makefile = { rules: ReadonlyMap<string, Rule>; first: string | null }

const readFiles = new WeakMap<SourceFile, Makefile>()
const RULE = /^([^\t#=:\s][^#=:]*?)\s*::?(?!=)\s*([^=#]*?)(?:\s##?.*)?$/

export function readMakefile(file: SourceFile): Makefile {
  const known = readFiles.get(file)
  if (known) return known
  const read = parse(file)
  readFiles.set(file, read)
  return read
}

function parse(file: SourceFile): Makefile {
  const rules = new Map<string, Rule>()
  let first: string | null = null
  let current: Rule[] = []
  // A line that ends in a backslash goes on; so each match is a logical line, at its offset.
  for (const match of file.text.matchAll(/(?:[^\n\\]|\\[\s\S])*(?:\n|$)/g)) {
    const line = match[0].replace(/\r?\n$/, '')
    if (line.startsWith('\t')) {
      for (const rule of current) rule.recipes.push(recipeOf(file, match.index, line))
      continue
    }
    const rule = RULE.exec(line)
    if (!rule) {
      if (/^\S/.test(line) && !/^(?:#|ifn?|else|endif)/.test(line)) current = []
      continue
    }
    const needs = (rule[2] ?? '').split(/\s+/).filter(word => word !== '' && word !== '|' && word !== '\\')
    current = (rule[1] ?? '').split(/\s+/).map(target => {
      const made = rules.get(target) ?? { needs: [], recipes: [] }
      made.needs.push(...needs)
      rules.set(target, made)
      if (first === null && !target.startsWith('.') && !target.includes('%')) first = target
      return made
    })
  }
  return { rules, first }
}

function recipeOf(file: SourceFile, offset: number, line: string): Recipe {
  const prefix = /^\t[\s@+-]*/.exec(line)?.[0] ?? ''
  // make's own variables look like commands to a shell; braces make them the variables that they are.
  const written = line
    .slice(prefix.length)
    // As long as what it stands for, so that places stay.
    .replace(/\$[({]MAKE[)}]/g, 'make   ')
    .replace(/\$\(([\w.]+)\)/g, (_, name: string) => `$\{${name}}`)
  const start = offset + prefix.length
  const script = stretchScript(file, start, offset + line.length, written.replaceAll('$$', '$'))
  // What is a `$` to the shell is two to make, so the text is shorter than what stands in the file.
  const doubled = [...written.matchAll(/\$\$/g)].map((match, index) => match.index - index)
  const at = (inText: number) => start + inText + doubled.filter(one => one < inText).length
  return { script: { ...script, at }, ignored: prefix.includes('-') }
}

/** The lines that `make target` runs: those of what it needs first. */
export function recipesOf({ rules }: Makefile, target: string, seen = new Set<string>()): Recipe[] {
  const rule = rules.get(target)
  if (!rule || seen.has(target) || seen.size > 200) return []
  seen.add(target)
  return [...rule.needs.flatMap(need => recipesOf({ rules, first: null }, need, seen)), ...rule.recipes]
}
