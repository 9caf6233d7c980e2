/** A checklist that does what a parser could be brought to do, at the word of a file. Loaded by judges, by its address. */
import childProcess from 'node:child_process'
import { openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import net from 'node:net'
import { Worker } from 'node:worker_threads'
import type { Check, Verdict } from '#lib/check.ts'
import type { Snapshot } from '#lib/snapshot/snapshot.ts'

const NOTHING: Verdict = { examined: 0, findings: [] }

function check(id: string, run: Check['run']): Check {
  const words = { title: `The check ${id}`, rationale: '', remediation: '', references: [] }
  const mapsTo = { scorecard: [], zizmor: [], osps: [], slsa: [], cis: [] }
  const example = { failing: {}, fixed: {} }
  return { id, item: 'build-pipeline', severity: 'low', version: 1, ...words, mapsTo, reads: ['files'], run, example }
}

/** Passes unless a file says its word: then it does what it is there for, once it has read that file. */
function atWord(id: string, word: string, act: (repo: Snapshot) => void): Check {
  return check(id, repo => {
    for (const { text } of repo.files.values()) if (text === word) act(repo)
    return { ...NOTHING, examined: 1 }
  })
}

function forever(): never {
  for (let turns = 0; ; turns++) if (turns < 0) throw new Error('unreachable')
}

/** A whole answer, as if it came from the judge. */
function say(json: string): void {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(Buffer.byteLength(json), 0)
  writeSync(1, Buffer.concat([head, Buffer.from(json)]))
}

const WAYS_OUT: Readonly<Record<string, (given: { port: number; folder: string }) => unknown>> = {
  'reads /etc/passwd': () => readFileSync('/etc/passwd'),
  'reads its environment': () => readFileSync('/proc/self/environ'),
  'reads a folder beside our code': ({ folder }) => readdirSync(folder),
  'reads our own code once it is loaded': () => readFileSync(new URL(import.meta.url)),
  'writes a file': ({ folder }) => writeFileSync(`${folder}/taken`, ''),
  'opens a device': () => openSync('/dev/null', 'r'),
  'starts a program': () => childProcess.execFileSync('true'),
  'starts a thread': () => new Worker('', { eval: true }),
  'connects to a server': ({ port }) => net.connect(port, '127.0.0.1'),
  'connects by another name': ({ port }) => process.getBuiltinModule('node:net').connect(port, '127.0.0.1'),
  'connects by a constructor': ({ port }) => new net.Socket().connect(port, '127.0.0.1'),
  'connects by what TLS is made of': ({ port }) => {
    const { TLSSocket } = process.getBuiltinModule('node:tls')
    return Reflect.construct(TLSSocket, [undefined]).connect(port, '127.0.0.1')
  },
  fetches: ({ port }) => fetch(`http://127.0.0.1:${port}`),
  'takes a socket from its streams': () => Reflect.get(process.stdin, '_handle').constructor,
  'signals its parent': () => process.kill(process.ppid, 0),
  'makes code of text': () => new Function('return 1')(),
}

/** Tries every way, and notes each that was not refused. */
const looksOut = check('looks-out', repo => {
  const given = repo.files.get('ways-out.json')
  if (!given) return NOTHING
  const notes = Object.entries(WAYS_OUT).flatMap(([way, take]) => {
    try {
      take(JSON.parse(given.text))
      return [way]
    } catch {
      return []
    }
  })
  return { examined: 1, findings: [], notes: [...notes, `environment ${JSON.stringify(process.env)}`] }
})

export const CHECKS: readonly Check[] = [
  looksOut,
  atWord('loops', 'loop', forever),
  atWord('eats', 'eat', () => {
    const eaten: number[][] = []
    for (;;) eaten.push(new Array(1_000_000).fill(eaten.length))
  }),
  atWord('takes-a-while', 'take a while', () => {
    for (let turns = 0; turns < 30_000_000; turns++) if (turns < 0) throw new Error('unreachable')
  }),
  atWord('speaks-nonsense', 'speak nonsense', () => say('[]')),
  atWord('speaks-endlessly', 'speak endlessly', () => writeSync(1, Buffer.alloc(8, 0xff))),
  atWord('speaks-of-others', 'speak of others', () => {
    const report = { checks: [] }
    say(JSON.stringify({ number: 1, report, inventories: [{ oid: 'f'.repeat(40), packages: [], actions: [] }] }))
  }),
  atWord('leaves', 'leave', () => process.exit(0)),
  atWord('throws', 'throw', () => {
    throw new TypeError('It was told to.')
  }),
  check('never-ends', repo => (repo.tree.some(({ path }) => path === 'never-end') ? forever() : NOTHING)),
  check('never-ends-with-files', repo => {
    const all = [...repo.files.values()].map(({ text }) => text)
    return all.includes('never end with files') || all.some(text => text.startsWith('one of')) ? forever() : NOTHING
  }),
]
