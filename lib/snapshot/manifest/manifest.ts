/** What every manifest reader hands out: what a project asks for by itself, with the line that asks. */

import type { SourceKind } from '../lockfile/lockfile.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'

/** `constraint` as written ('' for none). `optional`: a lock may leave it out without being stale. */
export type Dependency = { name: string; constraint: string; line: number; source: SourceKind; optional: boolean }

/** The directory of a path, '' for the root. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/')
  return at === -1 ? '' : path.slice(0, at)
}

function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Joins and normalises; null where the result leaves the repository. */
export function joinPath(folder: string, relative: string): string | null {
  const parts: string[] = folder === '' ? [] : folder.split('/')
  for (const part of relative.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}

/** `folder` itself and every folder above it, the root last. */
export function ancestorsOf(folder: string): string[] {
  const found = [folder]
  for (let at = folder; at !== ''; ) {
    at = folderOf(at)
    found.push(at)
  }
  return found
}

/** The path of `folder` as seen from `ancestor`. */
export function relativeTo(ancestor: string, folder: string): string {
  return ancestor === '' ? folder : folder === ancestor ? '' : folder.slice(ancestor.length + 1)
}

export function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** People write manifests: above this, in characters, one is refused, since programs are read by patterns. */
const LARGEST_MANIFEST = 1_000_000

const NAMES =
  /^(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|Pipfile|.*requirements.*\.(?:txt|in)|go\.mod|Cargo\.toml|Gemfile|gems\.rb|.*\.gemspec|composer\.json|.*\.(?:cs|fs|vb)proj|packages\.config|pom\.xml|build\.gradle(?:\.kts)?|pubspec\.yaml|mix\.exs|Package(?:@swift-[\d.]+)?\.swift|Podfile|.*\.tf|Chart\.yaml|flake\.nix|environment\.ya?ml|MODULE\.bazel|deno\.jsonc?)$/

/** Manifests that are too large to be read. */
export function hugeManifests(repo: Snapshot): SourceFile[] {
  return [...repo.files.values()].filter(
    ({ path, text }) => text.length > LARGEST_MANIFEST && NAMES.test(fileNameOf(path)),
  )
}

/** The regular files whose name fits, in the order of their paths. */
export function manifestFiles(repo: Snapshot, fits: (name: string, path: string) => boolean): SourceFile[] {
  return [...repo.files.values()]
    .filter(
      file => file.mode !== '120000' && file.text.length <= LARGEST_MANIFEST && fits(fileNameOf(file.path), file.path),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What a lock fetches from elsewhere; the rest is in the repository itself. */
export function thirdParty(dependencies: readonly Dependency[]): Dependency[] {
  return dependencies.filter(({ source }) => source !== 'path' && source !== 'workspace')
}
