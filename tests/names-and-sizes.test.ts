/** How folders and files are called, and how long a file may be. */
import { describe, expect, test } from 'vitest'
import { CODE, code, files, textOf } from './source-files.ts'

const TOP = [
  '.ci',
  '.github',
  'app',
  'bench',
  'components',
  'demo',
  'docs',
  'lib',
  'prisma',
  'public',
  'scripts',
  'tests',
  'workers',
]
const LIB = [
  'api',
  'auth',
  'checks',
  'crawl',
  'github',
  'http',
  'inventory',
  'judge',
  'patch',
  'policy',
  'queue',
  'score',
  'snapshot',
  'store',
]
const VAGUE = ['utils', 'helpers', 'services', 'types', 'constants', 'hooks', 'core', 'common']
describe('names and sizes', () => {
  test('the folders are those of the plan', () => {
    const known = (path: string): boolean => {
      const [top = '', second] = path.split('/')
      if (second === undefined) return true
      if (!TOP.includes(top)) return false
      return top !== 'lib' || path.split('/').length === 2 || LIB.includes(second)
    }
    const wrong = files
      .filter(path => !known(path))
      .map(path => `${path}: no such folder in the plan; put it under ${TOP.join(', ')} or lib/{${LIB.join(',')}}.`)
    expect(wrong).toEqual([])
  })

  test('no folder or file is named for nothing in particular', () => {
    const wrong = code
      .filter(path => path.split('/').some(part => VAGUE.includes(part.replace(CODE, ''))))
      .map(path => `${path}: name it by the thing it holds.`)
    expect(wrong).toEqual([])
  })

  test('files are named in kebab-case', () => {
    const wrong = code
      .filter(
        path =>
          !/^(\[{1,2}(\.\.\.)?[a-z-]+\]{1,2}|_?[a-z0-9]+(-[a-z0-9]+)*)(\.(test|spec|setup|config|d))?\.(ts|tsx|mjs)$/.test(
            path.split('/').at(-1) ?? '',
          ),
      )
      .map(path => `${path}: write words in lower case with hyphens.`)
    expect(wrong).toEqual([])
  })

  test('the only barrel is lib/checks/index.ts', () => {
    const wrong = code
      .filter(path => /(^|\/)index\.(ts|tsx|mjs)$/.test(path) && path !== 'lib/checks/index.ts')
      .map(path => `${path}: import the file that makes the thing.`)
    expect(wrong).toEqual([])
  })

  test('a file can be read in one sitting', () => {
    const wrong = code
      .map(path => ({ path, lines: (textOf.get(path) ?? '').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 300)
      .map(({ path, lines }) => `${path} has ${lines} lines: split it where its second idea starts.`)
    expect(wrong).toEqual([])
  })
})
