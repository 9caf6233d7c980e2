/** Gemfile, gemspec and composer.json. The first two are programs: only literal names are taken. */
import { objectOf, parseJsonObject, textOf } from '../lockfile/json.ts'
import type { SourceKind } from '../lockfile/lockfile.ts'
import type { Dependency } from './manifest.ts'
import { entryLines } from './package-json.ts'

export function readGemfile(text: string): Dependency[] {
  const found: Dependency[] = []
  // What stands under a condition may be left out of a lock.
  let depth = 0
  let local = 0
  const blocks: string[] = []
  text.split('\n').forEach((raw, index) => {
    const content = raw.replace(/(^|\s)#.*$/, '').trim()
    const opened =
      /^(if|unless|case|begin|while|def)\b/.exec(content)?.[1] ??
      (/\bdo(?:\s*\|[^|]*\|)?$/.test(content)
        ? /^path\b/.test(content)
          ? 'path'
          : /^install_if\b/.test(content)
            ? 'if'
            : 'do'
        : undefined)
    if (opened !== undefined) {
      blocks.push(opened)
      depth += opened === 'do' || opened === 'path' ? 0 : 1
      local += opened === 'path' ? 1 : 0
    } else if (/^end\b/.test(content)) {
      const closed = blocks.pop()
      depth -= closed === undefined || closed === 'do' || closed === 'path' ? 0 : 1
      local -= closed === 'path' ? 1 : 0
    }
    const [, name, rest = ''] = /^gem[\s(]+["']([^"'#]+)["'](.*)$/.exec(content) ?? []
    if (name === undefined) return
    const constraint = /^\s*,\s*["']([^"']*)["']/.exec(rest)?.[1] ?? ''
    const optional = depth > 0 || /\s(?:if|unless)\s/.test(rest)
    found.push({ name, constraint, line: index + 1, source: local > 0 ? 'path' : gemSource(rest), optional })
  })
  return found
}

function gemSource(rest: string): SourceKind {
  if (/(?:\bpath:|:path\s*=>)/.test(rest)) return 'path'
  return /(?:\b(?:git|github|gist|bitbucket):|:(?:git|github)\s*=>)/.test(rest) ? 'git' : 'registry'
}

export function readGemspec(text: string): Dependency[] {
  const found: Dependency[] = []
  text.split('\n').forEach((raw, index) => {
    const content = raw.replace(/(^|\s)#.*$/, '').trim()
    const [, name, constraint = ''] =
      /\.add_(?:runtime_|development_)?dependency[\s(]+["']([^"'#]+)["'](?:\s*,\s*["']([^"']*)["'])?/.exec(content) ??
      []
    if (name === undefined) return
    found.push({ name, constraint, line: index + 1, source: 'registry', optional: /\s(?:if|unless)\s/.test(content) })
  })
  return found
}

/** Composer calls the platform (`php`, extensions, itself) packages too; a lock has none of them. */
export function readComposerJson(text: string): Dependency[] {
  const root = parseJsonObject(text)
  return ['require', 'require-dev'].flatMap(group => {
    const lines = entryLines(text, group)
    return Object.entries(objectOf(root[group])).flatMap(([name, value]): Dependency[] => {
      const line = lines(name)
      return name.includes('/') ? [{ name, constraint: textOf(value), line, source: 'registry', optional: false }] : []
    })
  })
}
