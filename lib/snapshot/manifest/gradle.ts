/** Gradle build scripts are programs: only the usual literal forms of a dependency are taken. */
import { type Json, objectOf, textOf } from '../lockfile/json.ts'
import { parseToml } from '../lockfile/toml.ts'
import type { SourceFile } from '../snapshot.ts'

/** `alias`: `libs.x.y` of a version catalog, as `x-y`; its name and version stand there. */
export type GradleDependency = { name: string; version: string; alias: string | null; line: number }

const CONFIGURATION =
  /^(?:\w*(?:[aA]pi|[iI]mplementation|[cC]ompileOnly|[rR]untimeOnly|[aA]nnotationProcessor|[kK]apt|[kK]sp|compile|runtime|testCompile|classpath|developmentOnly))\b\s*[( ]?/

export function readGradleBuild(text: string): GradleDependency[] {
  const found: GradleDependency[] = []
  const variables = variablesOf(text)
  let comment = false
  text.split('\n').forEach((raw, index) => {
    let content = raw.trim()
    if (comment) {
      if (!content.includes('*/')) return
      content = content.slice(content.indexOf('*/') + 2).trim()
      comment = false
    }
    if (content.startsWith('/*') && !content.includes('*/')) comment = true
    if (comment || content.startsWith('//')) return
    const rest = content.replace(CONFIGURATION, '')
    if (rest === content) return
    const dependency = readNotation(rest, index + 1, variables)
    if (dependency !== null) found.push(dependency)
  })
  return found
}

function readNotation(rest: string, line: number, variables: ReadonlyMap<string, string>): GradleDependency | null {
  const inner = rest.replace(
    /^\(?\s*(?:(?:enforcedPlatform|platform|testFixtures|variantOf|dependencies\.create)\s*\(\s*)*/,
    '',
  )
  // A build that asks for its own version asks for its own modules.
  if (/\$\{?(?:rootProject\.|project\.)?version\b/.test(inner)) return null
  const alias = /^libs\.([\w.]+)/.exec(inner)?.[1]
  if (alias !== undefined) {
    const bare = alias.replace(/\.get$|\.asProvider.*$/, '').replace(/\./g, '-')
    return { name: `libs.${alias}`, version: '', alias: bare, line }
  }
  const written = /^(["'])([\w.-]+):([\w.-]+)(?::([^"':@]*))?(?::[^"']*)?(?:@\w+)?\1/.exec(inner)
  if (written?.[2] !== undefined)
    return { name: `${written[2]}:${written[3]}`, version: fill(written[4] ?? '', variables), alias: null, line }
  const named =
    /group\s*[:=]\s*["']([\w.-]+)["']\s*,\s*name\s*[:=]\s*["']([\w.-]+)["'](?:\s*,\s*version\s*[:=]\s*["']([^"']+)["'])?/.exec(
      inner,
    )
  if (named?.[1] === undefined) return null
  return { name: `${named[1]}:${named[2]}`, version: fill(named[3] ?? '', variables), alias: null, line }
}

function variablesOf(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const match of text.matchAll(
    /^[ \t]{0,200}(?:(?:val|def|ext|var|String)[ \t]{1,20}|ext\.)?["']?(\w{1,200})["']?[ \t]{0,20}(?:=|:|by extra\()[ \t]{0,20}["']([^"'$\n]+)["']/gm,
  )) {
    if (match[1] !== undefined && match[2] !== undefined) found.set(match[1], match[2])
  }
  return found
}

function fill(version: string, variables: ReadonlyMap<string, string>): string {
  return version.replace(
    /\$\{?(?:rootProject\.|project\.)?(?:ext\.)?(\w+)\}?/g,
    (whole, name: string) => variables.get(name) ?? whole,
  )
}

const catalogs = new WeakMap<SourceFile, ReadonlyMap<string, { name: string; version: string }>>()

/** Alias (`a-b-c`, as `libs.a.b.c` names it) → library. */
export function readVersionCatalog(file: SourceFile): ReadonlyMap<string, { name: string; version: string }> {
  const known = catalogs.get(file)
  if (known) return known
  const root = parseToml(file.text)
  const versions = objectOf(root.versions)
  const found = new Map<string, { name: string; version: string }>()
  for (const [alias, value] of Object.entries(objectOf(root.libraries))) {
    found.set(alias.replace(/[_.]/g, '-'), libraryOf(value, versions))
  }
  catalogs.set(file, found)
  return found
}

function libraryOf(value: unknown, versions: Json): { name: string; version: string } {
  if (typeof value === 'string') {
    const [group = '', name = '', version = ''] = value.split(':')
    return { name: `${group}:${name}`, version }
  }
  const fields = objectOf(value)
  const reference = textOf(objectOf(fields.version).ref)
  const written = reference === '' ? fields.version : versions[reference]
  const name = textOf(fields.module) || `${textOf(fields.group)}:${textOf(fields.name)}`
  return { name, version: textOf(written) || textOf(objectOf(written).strictly) || textOf(objectOf(written).require) }
}
