/** `npm run new:check -- ID`: writes the check, its line in the index and its test, ready to be filled in. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { AppError, sentenceOf } from '#lib/errors.ts'

const ROOT = join(import.meta.dirname, '..')
const USAGE = 2
/** As a check's file says it. */
const SNAPSHOT = '../snapshot'

/** The three files of a new check, by path from the root. Throws AppError where the id cannot be used or is taken. */
export function newCheck(root: string, id: string): Map<string, string> {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/.test(id)) {
    throw new AppError(
      'invalid-input',
      `“${id}” is no id of a check.`,
      'Name it in kebab-case by what is true when it passes, such as actions-pinned.',
    )
  }
  const path = `lib/checks/${id}.ts`
  if (existsSync(join(root, path))) throw new AppError('conflict', `There is a check ${id} already.`, `Open ${path}.`)
  const name = id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  const index = readFileSync(join(root, 'lib/checks/index.ts'), 'utf8')
  return new Map([
    [path, checkText(id, name)],
    ['lib/checks/index.ts', withCheck(index, id, name)],
    [`tests/checks/${id}.test.ts`, testText(id)],
  ])
}

function withCheck(index: string, id: string, name: string): string {
  const line = `import { ${name} } from './${id}.ts'`
  const imports = [...(index.match(/^import \{ \w+ \} from '\.\/[\w-]+\.ts'$/gm) ?? []), line].sort((a, b) => {
    return fileOf(a) < fileOf(b) ? -1 : 1
  })
  const without = index.replace(/^import \{ \w+ \} from '\.\/[\w-]+\.ts'\n/gm, '')
  const listed = without.replace(
    /(CHECKS: readonly Check\[\] = \[)([^\]]*?),?\s*\]/,
    (_, start: string, names: string) => {
      return `${start}\n${[
        ...names
          .split(',')
          .map(one => one.trim())
          .filter(one => one !== ''),
        name,
      ]
        .map(one => `  ${one},`)
        .join('\n')}\n]`
    },
  )
  return listed.replace(/(import type \{ Check \}.*\n)/, `$1${imports.join('\n')}\n`)
}

function fileOf(line: string): string {
  return /'(.*)'/.exec(line)?.[1] ?? ''
}

function checkText(id: string, name: string): string {
  return `import { defineCheck, type Finding } from '../check.ts'
import { evidenceOfFile } from '${SNAPSHOT}/lines.ts'

export const ${name} = defineCheck({
  id: '${id}',
  item: 'build-pipeline',
  title: 'A sentence that is true when the check passes',
  severity: 'medium',
  version: 1,
  rationale: 'Say what goes wrong without it, and to whom it happened.',
  remediation: 'Say what to write, and where.',
  mapsTo: { scorecard: [], zizmor: [], osps: [], slsa: [], cis: [] },
  references: [{ id: '${id}', url: 'https://example.com/what-explains-it' }],
  reads: ['tree', 'files'],

  run(repo) {
    const files = [...repo.files.values()].filter(file => file.path === 'example.txt')
    const findings = files.flatMap((file): Finding[] => {
      if (file.text.includes('right')) return []
      return [{ message: \`\${file.path} is wrong. Say what to do.\`, evidence: evidenceOfFile(file) }]
    })
    return { examined: files.length, findings }
  },

  example: {
    failing: { 'example.txt': 'wrong\\n' },
    fixed: { 'example.txt': 'right\\n' },
  },
})
`
}

function testText(id: string): string {
  return `import { expect, test } from 'vitest'
import { places, verdictOf } from './verdict-of.ts'

test('what is wrong is found where it stands', () => {
  const result = verdictOf('${id}', { 'example.txt': 'wrong\\n' })
  expect(result).toMatchObject({ outcome: 'fail', examined: 1 })
  expect(places(result)).toEqual(['example.txt:1'])
})

test('what is right passes', () => {
  expect(verdictOf('${id}', { 'example.txt': 'right\\n' }).outcome).toBe('pass')
})
`
}

function write(id: string): void {
  for (const [path, text] of newCheck(ROOT, id)) {
    writeFileSync(join(ROOT, path), text)
    process.stdout.write(`${path}\n`)
  }
  process.stdout.write(
    `Fill in the check, then: npx vitest run tests/checks/${id}.test.ts tests/checks/conformance.test.ts\n`,
  )
}

if (import.meta.main) {
  try {
    new Command('new:check').argument('<id>', 'kebab-case, by what is true when it passes').action(write).parse()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exitCode = USAGE
  }
}
