import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
export const CODE = /\.(ts|tsx|mjs)$/
const SKIPPED = [
  'node_modules',
  '.git',
  '.next',
  '.plumbline',
  '.cache',
  'prisma/generated',
  'test-results',
  'playwright-report',
  'coverage',
]

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (SKIPPED.includes(path)) return []
    if (entry.isDirectory()) return filesBelow(path)
    return [path]
  })
}

export const files = filesBelow('')
export const code = files.filter(path => CODE.test(path) && path !== 'next-env.d.ts')
export const textOf = new Map(code.map(path => [path, readFileSync(join(ROOT, path), 'utf8')]))

export function isIn(path: string, area: string): boolean {
  return path === area || path.startsWith(`${area}/`)
}

/**
 * Everything that a file imports, static or not: project paths resolved to the root, packages as written. `run`: only what
 * is there when it runs, without types.
 */
export function importsOf(path: string, { run = false } = {}): { written: string; target: string | null }[] {
  const text = textOf.get(path) ?? ''
  const found = [
    ...text.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
  ]
  const types = /^\s*(?:import|export)\s+type\b/
  return found
    .filter(match => !run || !types.test(match[0]))
    .map(match => {
      const written = match[1] ?? ''
      if (written.startsWith('.')) return { written, target: normalize(join(dirname(path), written)) }
      if (written.startsWith('#')) return { written, target: written.slice(1) }
      return { written, target: null }
    })
}
