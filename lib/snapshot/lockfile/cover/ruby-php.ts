/** Gemfile and gemspecs against Gemfile.lock; composer.json against composer.lock. */

import { ancestorsOf, type Dependency, folderOf, inFolder, manifestFiles, thirdParty } from '../../manifest/manifest.ts'
import { readComposerJson, readGemfile, readGemspec } from '../../manifest/ruby-php.ts'
import type { Snapshot, SourceFile } from '../../snapshot.ts'
import { listOf, objectOf, parseJsonObject } from '../json.ts'
import { type Lockfile, UnreadableFile } from '../lockfile.ts'
import { lockAt } from '../read.ts'
import { type Asked, byLock, type Judgement, unknown, unlocked, versionsOf } from './judgement.ts'

const GEM_ADVICE = 'Run `bundle lock --add-checksums` (Bundler 2.6 or newer) and commit the lock.'
const COMPOSER_ADVICE = 'Run `composer update --lock` and commit composer.lock.'

export function judgeRuby(repo: Snapshot): Judgement[] {
  const gemfiles = manifestFiles(repo, name => name === 'Gemfile' || name === 'gems.rb').flatMap(file => {
    const dependencies = thirdParty(readGemfile(file.text))
    return dependencies.length === 0 ? [] : [judgeGemfile(repo, { file, dependencies, advice: GEM_ADVICE })]
  })
  const gemspecs = manifestFiles(repo, name => name.endsWith('.gemspec')).flatMap(file => {
    const dependencies = readGemspec(file.text)
    return dependencies.length === 0 ? [] : [judgeGemspec(repo, { file, dependencies, advice: GEM_ADVICE })]
  })
  return [...gemfiles, ...gemspecs]
}

function judgeGemfile(repo: Snapshot, asked: Asked): Judgement {
  const folder = folderOf(asked.file.path)
  const name = asked.file.path.endsWith('gems.rb') ? 'gems.locked' : 'Gemfile.lock'
  const read = lockAt(repo, inFolder(folder, name))
  if (read === null) return unlocked(asked)
  return read.ok ? byGems(asked, read.lock) : unknown(asked.file, read)
}

/** A gemspec is covered by the nearest lock that has its gem as a path. */
function judgeGemspec(repo: Snapshot, asked: Asked): Judgement {
  const folder = folderOf(asked.file.path)
  const gem = asked.file.path.slice(asked.file.path.lastIndexOf('/') + 1, -'.gemspec'.length)
  for (const ancestor of ancestorsOf(folder)) {
    for (const name of ['Gemfile.lock', 'gems.locked']) {
      const read = lockAt(repo, inFolder(ancestor, name))
      if (read === null) continue
      if (!read.ok) return unknown(asked.file, read)
      if (read.lock.entries.some(entry => entry.source === 'path' && entry.name === gem))
        return byGems(asked, read.lock)
    }
  }
  return unlocked(asked)
}

function byGems(asked: Asked, lock: Lockfile): Judgement {
  const versions = versionsOf(lock)
  const direct = lock.importers?.get('')
  return byLock(
    asked,
    lock,
    // Bundler never lists itself among the gems.
    ({ name }) => (name === 'bundler' || versions.has(name) || direct?.has(name) ? null : 'is absent from it'),
    GEM_ADVICE,
  )
}

export function judgePhp(repo: Snapshot): Judgement[] {
  const files = manifestFiles(repo, name => name === 'composer.json')
  const own = new Set(files.flatMap(nameOf))
  return files.flatMap(file => {
    try {
      // What a package of the same repository is stands beside it, and is published with it.
      const dependencies = thirdParty(readComposerJson(file.text)).filter(({ name }) => !own.has(name.toLowerCase()))
      return dependencies.length === 0 ? [] : [judgeComposer(repo, { file, dependencies, advice: COMPOSER_ADVICE })]
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      return [
        { state: 'unknown', manifest: file.path, path: file.path, reason: `${error.message} (line ${error.line})` },
      ]
    }
  })
}

function nameOf({ text }: SourceFile): string[] {
  try {
    const { name } = parseJsonObject(text)
    return typeof name === 'string' ? [name.toLowerCase()] : []
  } catch (error) {
    // A manifest that cannot be read is told where it is judged.
    if (error instanceof UnreadableFile) return []
    throw error
  }
}

function judgeComposer(repo: Snapshot, asked: Asked): Judgement {
  const path = inFolder(folderOf(asked.file.path), 'composer.lock')
  const read = lockAt(repo, path)
  if (read === null) return unlocked(asked)
  if (!read.ok) return unknown(asked.file, read)
  const names = new Set([
    ...read.lock.entries.map(({ name }) => name.toLowerCase()),
    ...standIns(repo.files.get(path)),
    ...standIns(asked.file),
  ])
  const cure = 'Run `composer update` with a repository that tells a commit or checksum, and commit the lock.'
  return byLock(
    asked,
    read.lock,
    ({ name }: Dependency) => (names.has(name.toLowerCase()) ? null : 'is absent from it'),
    cure,
  )
}

/** Names that a package replaces or provides are met without being locked themselves. */
function standIns(file: SourceFile | undefined): string[] {
  if (file === undefined) return []
  const root = parseJsonObject(file.text)
  const packages = [root, ...listOf(root.packages), ...listOf(root['packages-dev'])].map(objectOf)
  return packages
    .flatMap(item => [...Object.keys(objectOf(item.replace)), ...Object.keys(objectOf(item.provide))])
    .map(name => name.toLowerCase())
}
