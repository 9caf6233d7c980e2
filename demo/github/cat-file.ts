import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { spawnGit } from './git-process.ts'

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag'
/** A git object; `body` is empty where only the header was asked for. */
export type GitObject = { oid: string; type: ObjectType; size: number; body: Buffer }

type Waiting = { resolve(object: GitObject | null): void; reject(error: Error): void }

const NOTHING = Buffer.alloc(0)
const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/** One `git cat-file` that lives as long as its store is used; requests are pipelined and answered in order. */
class CatFile {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #withBody: boolean
  readonly #waiting: Waiting[] = []
  #next = 0
  #chunks: Buffer[] = []
  #length = 0
  #header: { oid: string; type: ObjectType; size: number } | null = null

  constructor(gitDir: string, mode: '--batch' | '--batch-check', others: readonly string[]) {
    this.#withBody = mode === '--batch'
    const alternates = others.map(dir => JSON.stringify(join(dir, 'objects'))).join(delimiter)
    this.#child = spawnGit(
      [`--git-dir=${gitDir}`, 'cat-file', mode],
      alternates === '' ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates },
    )
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#length += chunk.length
      this.#drain()
    })
    let said = ''
    this.#child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    this.#child.stdin.on('error', () => undefined)
    this.#child.on('error', error => this.#fail(error))
    this.#child.on('close', () => this.#fail(new Error(`git cat-file on ${gitDir} ended: ${said}`)))
  }

  ask(oid: string): Promise<GitObject | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#child.stdin.write(`${oid}\n`)
    })
  }

  get idle(): boolean {
    return this.#next === this.#waiting.length
  }

  close(): void {
    this.#child.stdin.end()
    this.#child.kill()
  }

  #fail(error: Error): void {
    for (const waiting of this.#waiting.splice(this.#next)) waiting.reject(error)
  }

  #answer(object: GitObject | null): void {
    this.#waiting[this.#next]?.resolve(object)
    this.#next += 1
    if (this.idle || this.#next > 10_000) {
      this.#waiting.splice(0, this.#next)
      this.#next = 0
    }
  }

  #drain(): void {
    for (;;) {
      // A large body arrives in thousands of chunks: they are joined once, when all of it is here.
      if (this.#header !== null && this.#length < this.#header.size + 1) return
      const data = this.#chunks.length === 1 ? (this.#chunks[0] ?? NOTHING) : Buffer.concat(this.#chunks)
      const used = this.#header === null ? this.#takeHeader(data) : this.#takeBody(data, this.#header)
      this.#chunks = used === data.length ? [] : [data.subarray(used)]
      this.#length = data.length - used
      if (used === 0) return
    }
  }

  #takeHeader(data: Buffer): number {
    const end = data.indexOf(10)
    if (end < 0) return 0
    const [oid = '', type = '', size] = data.toString('utf8', 0, end).split(' ')
    if (size === undefined) this.#answer(null)
    else if (this.#withBody) this.#header = { oid, type: type as ObjectType, size: Number(size) }
    else this.#answer({ oid, type: type as ObjectType, size: Number(size), body: NOTHING })
    return end + 1
  }

  #takeBody(data: Buffer, header: { oid: string; type: ObjectType; size: number }): number {
    this.#header = null
    // Copied, so that a small object does not keep the large chunk it came in alive.
    this.#answer({ ...header, body: Buffer.from(data.subarray(0, header.size)) })
    return header.size + 1
  }
}

/** How many stores may have git processes at a time; a folder of a thousand repositories must not mean 2,000 of them. */
const OPEN_AT_ONCE = 128

/**
 * Reads git objects of any number of bare repositories, with a bounded number of long-lived git processes. `pooled`: the
 * repositories of a small folder, whose objects one process reads all together, as in a fork network.
 */
export class ObjectReader {
  readonly #open = new Map<string, CatFile>()
  readonly #pooled: readonly string[]

  constructor(pooled: readonly string[] = []) {
    this.#pooled = pooled
  }

  /** The whole object, or null where the repository does not have it. */
  read(gitDir: string, oid: string): Promise<GitObject | null> {
    return this.#ask(gitDir, '--batch', oid)
  }

  /** Type and size without the body. */
  header(gitDir: string, oid: string): Promise<GitObject | null> {
    return this.#ask(gitDir, '--batch-check', oid)
  }

  close(): void {
    for (const reader of this.#open.values()) reader.close()
    this.#open.clear()
  }

  #ask(gitDir: string, mode: '--batch' | '--batch-check', oid: string): Promise<GitObject | null> {
    // Anything but a full object id could be an expression that git would evaluate, or hold a line end.
    if (!OID.test(oid)) return Promise.resolve(null)
    const [first = gitDir, ...others] = this.#pooled
    const key = `${mode} ${first}`
    const reader = this.#open.get(key) ?? new CatFile(first, mode, others)
    this.#open.delete(key)
    this.#open.set(key, reader)
    const answer = reader.ask(oid)
    answer.catch(() => {
      if (this.#open.get(key) === reader) this.#open.delete(key)
    })
    this.#closeOldest()
    return answer
  }

  #closeOldest(): void {
    for (const [key, reader] of this.#open) {
      if (this.#open.size <= OPEN_AT_ONCE) return
      if (!reader.idle) continue
      this.#open.delete(key)
      reader.close()
    }
  }
}
