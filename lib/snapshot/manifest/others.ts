/** Direct dependencies of the remaining ecosystems. Programs (Elixir, Swift, Ruby, Nix, Starlark) are read for literals only. */

import { parseJsonc } from '../lockfile/bun-lock.ts'
import { lineCounter, objectOf, textOf } from '../lockfile/json.ts'
import type { SourceKind } from '../lockfile/lockfile.ts'
import { itemsOf, mapOf, parseYaml, scalarOf, type YamlNode } from '../lockfile/yaml.ts'
import type { Dependency } from './manifest.ts'

function dependency(
  name: string,
  constraint: string,
  line: number,
  source: SourceKind = 'registry',
  optional = false,
): Dependency {
  return { name, constraint, line, source, optional }
}

/** Every match of a pattern line by line, without comments of that kind. */
function perLine(
  text: string,
  comment: RegExp,
  take: (content: string, line: number) => Dependency | null,
): Dependency[] {
  return text.split('\n').flatMap((raw, index) => take(raw.replace(comment, ''), index + 1) ?? [])
}

export function readPubspec(text: string): Dependency[] {
  const root = mapOf(parseYaml(text))
  return ['dependencies', 'dev_dependencies'].flatMap(group =>
    [...mapOf(root.get(group))].map(([name, node]) => dependency(name, scalarOf(node), node.line, pubSource(node))),
  )
}

function pubSource(node: YamlNode): SourceKind {
  const fields = mapOf(node)
  if (fields.has('sdk') || fields.has('path')) return 'path'
  return fields.has('git') ? 'git' : 'registry'
}

/** Tuples of other lists have no version, address or option of a dependency after the name. */
const MIX_OPTION = /^(?:"[~><=\d!]|only:|hex:|(?:\w+:[^{}]*)?\b(?:git|github|path|in_umbrella|organization):)/

export function readMixExs(text: string): Dependency[] {
  const lineOf = lineCounter(text)
  const code = text.replace(/#(?!\{).*$/gm, comment => ' '.repeat(comment.length))
  return [...code.matchAll(/\{\s*:(\w+)\s*,\s*([^{}]*)/g)].flatMap(({ 1: name = '', 2: rest = '', index }) => {
    if (!MIX_OPTION.test(rest)) return []
    const local = /\b(?:path|in_umbrella):/.test(rest)
    const conditional = /\b(?:only|optional|targets):/.test(rest)
    const constraint = /^"([^"]*)"/.exec(rest)?.[1] ?? ''
    return [dependency(name, constraint, lineOf(index), local ? 'path' : 'registry', conditional)]
  })
}

export function readPackageSwift(text: string): Dependency[] {
  const found: Dependency[] = []
  const lineOf = lineCounter(text)
  for (const match of text
    .replace(/\/\/(?!\w|\/).*$|^[ \t]{0,200}\/\/.*$/gm, whole => ' '.repeat(whole.length))
    .matchAll(/\.package\s*\(\s*(?:name:\s*"[^"]*"\s*,\s*)?(url|id):\s*"([^"]+)"/g)) {
    const line = lineOf(match.index)
    found.push(
      dependency(
        (match[2] ?? '').replace(/\.git$/, '').replace(/^.*\//, ''),
        '',
        line,
        match[1] === 'url' ? 'git' : 'registry',
      ),
    )
  }
  return found
}

export function readPodfile(text: string): Dependency[] {
  return perLine(text, /(^|\s)#.*$/, (content, line) => {
    const [, name, rest = ''] = /^\s*pod[\s(]+["']([^"'#]+)["'](.*)$/.exec(content) ?? []
    if (name === undefined) return null
    return dependency(name.replace(/\/.*$/, ''), '', line, /(?::path\s*=>|\bpath:)/.test(rest) ? 'path' : 'registry')
  })
}

/** Providers of `required_providers`, by their address without a registry, in the lower case in which Terraform compares them. */
export function readTerraform(text: string): Dependency[] {
  const found: Dependency[] = []
  let depth = 0
  let open: { source: string; constraint: string; line: number } | null = null
  text.split('\n').forEach((raw, index) => {
    const content = raw.replace(/(^|\s)(?:#|\/\/).*$/, '').trim()
    if (depth === 0) {
      if (/^required_providers\s*\{/.test(content)) depth = braces(content)
      return
    }
    // Without a source it is one of HashiCorp's; before Terraform 0.13 a provider was a bare name with its version.
    const [, name, constraint = ''] = (depth === 1 ? /^(\w[\w-]*)\s*=\s*(?:\{|"([^"]*)")/.exec(content) : null) ?? []
    if (name !== undefined) open = { source: name, constraint, line: index + 1 }
    const source = /\bsource\s*=\s*"([^"]+)"/.exec(content)?.[1]
    if (source !== undefined && open !== null) open = { ...open, source, line: index + 1 }
    depth += braces(content)
    if (open !== null && depth <= 1) {
      if (!open.source.includes('builtin/'))
        found.push(dependency(providerName(open.source), open.constraint, open.line))
      open = null
    }
  })
  return found
}

function providerName(source: string): string {
  const [owner, name] = source.toLowerCase().split('/').slice(-2)
  return name === undefined ? `hashicorp/${owner}` : `${owner}/${name}`
}

function braces(content: string): number {
  const bare = content.replace(/"[^"]*"/g, '')
  return [...bare].reduce((sum, letter) => sum + (letter === '{' ? 1 : letter === '}' ? -1 : 0), 0)
}

/** Local modules that a folder's Terraform files call. */
export function moduleFolders(text: string): string[] {
  return [...text.matchAll(/^[ \t]{0,200}source[ \t]{0,20}=[ \t]{0,20}"(\.{1,2}\/[^"]*)"/gm)].map(
    match => match[1] ?? '',
  )
}

export function readChart(text: string): Dependency[] {
  return itemsOf(mapOf(parseYaml(text)).get('dependencies')).map(item => {
    const fields = mapOf(item)
    const local = /^(?:file:|$)/.test(scalarOf(fields.get('repository')))
    return dependency(
      scalarOf(fields.get('name')),
      scalarOf(fields.get('version')),
      item.line,
      local ? 'path' : 'registry',
    )
  })
}

/** Inputs of `inputs = { … }` and `inputs.x.url = …`; only the names at the first level. */
export function readFlake(text: string): Dependency[] {
  const found = new Map<string, Dependency>()
  let depth = 0
  text.split('\n').forEach((raw, index) => {
    const content = raw.replace(/(^|\s)#.*$/, '').trim()
    const dotted = /^inputs\.([\w'-]+)(?:\.url\s*=\s*"([^"]*)"|\s*=\s*\{|\.)/.exec(content)
    if (depth === 0 && dotted?.[1] !== undefined) note(dotted[1], dotted[2] ?? '', index + 1)
    else if (depth === 1) {
      const nested = /^([\w'-]+)(?:\.url\s*=\s*"([^"]*)"|\s*=\s*\{|\.)/.exec(content)
      if (nested?.[1] !== undefined) note(nested[1], nested[2] ?? '', index + 1)
    }
    if (depth > 0) depth = Math.max(0, depth + braces(content))
    else if (/^inputs\s*=\s*(?:rec\s*)?\{/.test(content)) depth = Math.max(0, braces(content))
  })

  function note(name: string, address: string, line: number): void {
    if (!found.has(name)) found.set(name, dependency(name, '', line, /^(?:path:|\.)/.test(address) ? 'path' : 'git'))
  }
  return [...found.values()]
}

export function readCondaEnvironment(text: string): Dependency[] {
  const items = itemsOf(mapOf(parseYaml(text)).get('dependencies'))
  return items.flatMap(item => {
    if (typeof item.value === 'string') return conda(item)
    return itemsOf(mapOf(item).get('pip'))
      .filter(pip => !/^(?:-|\.)/.test(scalarOf(pip)))
      .flatMap(conda)
  })
}

function conda(item: YamlNode): Dependency[] {
  const [, name, constraint = ''] =
    /^(?:[^:]+::)?([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(scalarOf(item)) ?? []
  return name === undefined ? [] : [dependency(name, constraint, item.line)]
}

export function readModuleBazel(text: string): Dependency[] {
  const local = new Set(
    [...text.matchAll(/\blocal_path_override\s{0,20}\([^)]{0,2000}?module_name\s{0,20}=\s{0,20}"([^"]{1,200})"/g)].map(
      match => match[1],
    ),
  )
  const found: Dependency[] = []
  const lineOf = lineCounter(text)
  for (const match of text
    .replace(/#.*$/gm, whole => ' '.repeat(whole.length))
    .matchAll(/\bbazel_dep\s{0,20}\(([^)]{0,2000})\)/g)) {
    const name = /\bname\s*=\s*"([^"]+)"/.exec(match[1] ?? '')?.[1]
    if (name === undefined) continue
    const version = /\bversion\s*=\s*"([^"]*)"/.exec(match[1] ?? '')?.[1] ?? ''
    found.push(dependency(name, version, lineOf(match.index), local.has(name) || version === '' ? 'path' : 'registry'))
  }
  return found
}

/** The import map of a deno.json(c) and its own name; `members`: the folders of its workspace. */
export function readDenoJson(text: string): { name: string; dependencies: Dependency[]; members: string[] } {
  const root = parseJsonc(text)
  const found = new Map<string, Dependency>()
  const lineOf = lineCounter(text)
  let from = Math.max(0, text.indexOf('"imports"'))
  for (const value of Object.values(objectOf(root.imports))) {
    const target = textOf(value)
    const [, name, constraint = ''] = /^(?:npm|jsr):\/?((?:@[^/@]+\/)?[^/@]+)(?:@([^/]*))?/.exec(target) ?? []
    const at = text.indexOf(target, from)
    const line = lineOf(at === -1 ? from : at)
    from = at === -1 ? text.length : at
    if (name !== undefined) found.set(name, dependency(name, constraint, line))
    else if (/^https?:/.test(target)) found.set(target, dependency(target, '', line, 'url'))
  }
  const workspace = Array.isArray(root.workspace) ? root.workspace : objectOf(root.workspace).members
  return {
    name: textOf(root.name),
    dependencies: [...found.values()],
    members: Array.isArray(workspace) ? workspace.filter(member => typeof member === 'string') : [],
  }
}
