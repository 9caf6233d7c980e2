/**
 * A snapshot as it is kept and as it travels: facts as plain data, texts compressed. Whoever holds a token can hand it on
 * without reading what somebody wrote into a repository.
 */
import { compress, decompress } from './compression.ts'
import type { FileMode, ResolvedRef, Snapshot, SourceFile, TreeEntry } from './snapshot.ts'

/** `content`: the text, compressed. `size`: about how many bytes the text has. */
export type PackedFile = { path: string; mode: FileMode; oid: string; size: number; content: Uint8Array }

/** Everything of a snapshot that is neither its tree nor its files. */
export type SnapshotFacts = Omit<Snapshot, 'tree' | 'files' | 'refs' | 'called'> & {
  refs: readonly (readonly [string, ResolvedRef])[]
  called: readonly (readonly [string, string])[]
}

/** `tree`: the entries as JSON, compressed. */
export type PackedSnapshot = { facts: SnapshotFacts; tree: Uint8Array; files: readonly PackedFile[] }

export function pack({ tree, files, refs, called, ...facts }: Snapshot): PackedSnapshot {
  return {
    facts: { ...facts, refs: [...refs], called: [...called] },
    tree: compress(JSON.stringify(tree)),
    files: [...files.values()].map(({ text, ...place }) => ({ ...place, size: text.length, content: compress(text) })),
  }
}

/** `files` are those of the snapshot in their order, unpacked already where they are at hand. */
export function unpack({ facts, tree, files }: PackedSnapshot, unpackFile = unpacked): Snapshot {
  return {
    ...facts,
    tree: JSON.parse(decompress(tree)) as TreeEntry[],
    files: new Map(files.map(file => [file.path, unpackFile(file)])),
    refs: new Map(facts.refs),
    called: new Map(facts.called),
  }
}

export function unpacked({ path, mode, oid, content }: PackedFile): SourceFile {
  return { path, mode, oid, text: decompress(content) }
}
