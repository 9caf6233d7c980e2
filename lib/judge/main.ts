/**
 * A judge: the program of a process that has no environment, no network and no file but its own code. It is asked over
 * its input, a snapshot at a time, and answers over its output; what it reads there is hostile. Everything is synchronous:
 * there is nothing to wait for but the next question.
 */
import { readSync, writeSync } from 'node:fs'
import { exit } from 'node:process'
import type { Check } from '../check.ts'
import { inventoriesOf } from '../inventory/blobs.ts'
import { checklistVersion, scan } from '../scan.ts'
import { repositoryOwners } from '../snapshot/code-owners.ts'
import { unpack, unpacked } from '../snapshot/packed.ts'
import type { SourceFile } from '../snapshot/snapshot.ts'
import { type Ask, packedOf } from './ask.ts'
import { asideFor, checksTold, filesTold } from './careful.ts'
import { frameOf, readFrame } from './frames.ts'
import { keyOf } from './held.ts'

const INPUT = 0
const OUTPUT = 1

// Another checklist is named where the bounds themselves are tried.
const { CHECKS } = (await import(process.argv[2] ?? '../checks/index.ts')) as { CHECKS: readonly Check[] }

const held = new Map<string, SourceFile>()

answer({
  checklistVersion: checklistVersion(CHECKS),
  checks: CHECKS.map(({ id, item, version, title }) => ({ id, item, version, title })),
})
for (;;) {
  const { json, bytes } = readFrame(take)
  answer(judge(JSON.parse(json) as Ask, bytes))
}

function judge(ask: Ask, bytes: Buffer): object {
  const { number, policy } = ask
  try {
    for (const key of ask.forget) held.delete(key)
    const kept = new Map(ask.files.map(file => [file.path, file]))
    const plain = unpack(packedOf(ask, bytes), packed => {
      const { bytes: length, keep } = kept.get(packed.path) ?? { bytes: 0, keep: false }
      const found = length === null ? held.get(keyOf(packed)) : undefined
      const file = found ?? unpacked(packed)
      if (keep) held.set(keyOf(packed), file)
      return file
    })
    const checks = asideFor(CHECKS, new Map(ask.aside))
    const snapshot = ask.careful ? filesTold(plain, number) : plain
    const report = scan(snapshot, ask.careful ? checksTold(checks, number) : checks, policy, new Date(ask.now))
    const inventories = inventoriesOf(snapshot)
    if (!ask.inventory) report.inventory = { packages: [], actions: [] }
    return { number, report, inventories, owners: repositoryOwners(snapshot) }
  } catch (error) {
    return { number, failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
  }
}

function take(length: number): Buffer {
  const taken = Buffer.alloc(length)
  for (let at = 0; at < length; ) {
    const read = readSync(INPUT, taken, at, length - at, null)
    // Whoever asked is gone.
    if (read === 0) exit(0)
    at += read
  }
  return taken
}

function answer(what: object): void {
  const frame = frameOf(JSON.stringify(what))
  for (let at = 0; at < frame.byteLength; ) at += writeSync(OUTPUT, frame, at)
}
