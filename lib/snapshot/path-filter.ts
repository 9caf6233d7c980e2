/** `paths` and `paths-ignore` of a trigger: whether a change of a file would start the workflow. */
import { globMatches } from './glob.ts'
import { itemsOf, textOf, valuesOf, type YamlNode } from './yaml.ts'

/** True where a change of at least one of the paths starts the workflow, or no path is asked for. */
export function pathFilterTakes(trigger: YamlNode | undefined, paths: readonly string[]): boolean {
  if (paths.length === 0) return true
  const [wanted, ignored] = ['paths', 'paths-ignore'].map(key => valuesOf(trigger, key).at(-1))
  if (wanted) return paths.some(path => takes(patternsOf(wanted), path))
  return !ignored || paths.some(path => !takes(patternsOf(ignored), path))
}

function patternsOf(node: YamlNode): string[] {
  return itemsOf(node).flatMap(item => textOf(item) ?? [])
}

/** The last pattern that fits decides; `!` takes out again. */
function takes(patterns: readonly string[], path: string): boolean {
  let taken = false
  for (const pattern of patterns) {
    const out = pattern.startsWith('!')
    if (fits(out ? pattern.slice(1) : pattern, path)) taken = !out
  }
  return taken
}

/** GitHub's `?` makes the character before it optional, and `**` also stands inside a name. */
function fits(pattern: string, path: string): boolean {
  // Character classes and repetitions are rare; such a pattern is taken to fit.
  if (/[[\]+]/.test(pattern)) return true
  const plain = pattern
    .replace(/([\w.-])\?/g, '{$1,}')
    .replace(/(^|\/)\*\*(?=[^/*])/g, '$1**/*')
    .replace(/(?<=[^/*])\*\*(?=\/|$)/g, '*/**')
  return globMatches(plain, path)
}
