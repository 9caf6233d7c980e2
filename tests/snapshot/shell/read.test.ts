/** Scripts as the commands that they run: what a search for words in the text would get wrong. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readShell, type ShellOptions } from '#lib/snapshot/shell/read.ts'

const options: ShellOptions = {
  env: new Map(),
  cwd: '',
  errexit: true,
  pipefail: false,
  enter: (cwd, { text, dynamic }) => (cwd === null || dynamic ? null : `${cwd}/${text}`),
}

function read(text: string, more: Partial<ShellOptions> = {}) {
  return readShell(text, { ...options, ...more }).commands
}

function lines(text: string): string[] {
  return read(text).map(({ words }) => words.map(word => word.text).join(' '))
}

describe('commands', () => {
  const cases: [string, string[]][] = [
    ['npm ci && npm test', ['npm ci', 'npm test']],
    ['if npm ci; then echo a; else echo b; fi', ['npm ci', 'echo a', 'echo b']],
    ['(cd x; npm i)', ['cd x', 'npm i']],
    ['npm \\\n  ci', ['npm ci']],
    [`npm "i" 'a b'`, ['npm i a b']],
    ['FOO=1 sudo -E -u me env A=b npm ci', ['npm ci']],
    ['timeout -k 5 60 npm ci', ['npm ci']],
    ['.venv/bin/pip install x', ['pip install x']],
    ['bash -c "npm ci"', ['npm ci']],
    ['bash <<X\nnpm ci\nX', ['npm ci', 'bash']],
    ['cat <<X\nnpm ci\nX', ['cat']],
    ['echo "npm ci" # npm i', ['echo npm ci']],
    ['for a in b; do npm ci; done', ['npm ci']],
    ['f() { npm ci; }', ['npm ci']],
    ['x=$(npm ci)', ['npm ci']],
    ['corepack yarn install', ['yarn install']],
    ['corepack prepare pnpm@10', ['corepack prepare pnpm@10']],
  ]
  test.each(cases)('%s', (text, expected) => {
    expect(lines(text).toSorted()).toEqual(expected.toSorted())
  })
})

test('an expression of GitHub keeps every offset and hides no syntax', () => {
  const text = `npm i \${{ matrix.x && 'a' || "b" }} && npm ci`
  const [first, second] = read(text)
  expect(first?.words.map(word => [word.text, word.dynamic])).toEqual([
    ['npm', false],
    ['i', false],
    [`\${{ matrix.x && 'a' || "b" }}`, true],
  ])
  expect(text.slice(second?.start, second?.end)).toBe('npm ci')
})

describe('whether a failure counts', () => {
  const fails = (text: string, more: Partial<ShellOptions> = {}) =>
    read(text, more).find(({ words }) => words[0]?.text === 'npm')?.canFail
  test.each([
    'npm audit',
    'npm audit\necho',
    'npm audit || exit 1',
    'if ! npm audit; then exit 1; fi',
    'echo | npm audit',
    'true && npm audit',
  ])('it does: %s', text => expect(fails(text)).toBe(true))
  test.each([
    'npm audit || true',
    'npm audit || echo x',
    'set +e\nnpm audit\necho',
    'npm audit | tee x',
    'npm audit &\nwait',
    '! npm audit',
    'npm audit && echo a\necho b',
  ])('it does not: %s', text => expect(fails(text)).toEqual(expect.any(String)))
  test('without errexit only the last command counts, with pipefail the whole pipe', () => {
    expect(fails('npm audit; echo', { errexit: false })).toEqual(expect.any(String))
    expect(fails('echo; npm audit', { errexit: false })).toBe(true)
    expect(fails('set -o pipefail\nnpm audit | tee x')).toBe(true)
  })
})

test('environment and folder are those in force', () => {
  const found = read('export A=1\nB=2 npm i\ncd web\n(cd x && npm ci)\nnpm test')
  const of = (verb: string) => found.find(({ words }) => words[1]?.text === verb)
  expect([...(of('i')?.env ?? [])]).toEqual([
    ['A', '1'],
    ['B', '2'],
  ])
  expect(of('ci')?.cwd).toBe('/web/x')
  expect(of('test')).toMatchObject({ cwd: '/web' })
  expect([...(of('test')?.env ?? [])]).toEqual([['A', '1']])
})

test('what takes the output is known, by pipe and by substitution', () => {
  expect(read('curl u | sudo bash -s')[0]?.into).toEqual([['bash', '-s']])
  expect(read('bash <(curl u)')[0]?.into[0]?.[0]).toBe('bash')
})

test('no text makes it throw, and every place lies inside', () => {
  const piece = fc.constantFrom(
    'npm ci',
    '&&',
    '|',
    '(',
    ')',
    '{',
    '}',
    '<<X',
    '\n',
    '"',
    "'",
    '$(',
    '`',
    'if',
    'fi',
    '\\',
    '${{',
    '}}',
    ' ',
    '#',
    'é',
    '\0',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), parts => {
      const text = parts.join('')
      for (const { start, end } of read(text)) expect(0 <= start && start <= end && end <= text.length).toBe(true)
    }),
    { seed: 7, numRuns: 300 },
  )
  expect(() => read('('.repeat(20_000))).not.toThrow()
  expect(() => read('$('.repeat(5_000))).not.toThrow()
})
