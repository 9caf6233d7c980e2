/** Requirements files: each is its own lock, or the source of a compiled one. */
import { type Dependency, manifestFiles } from '../../manifest/manifest.ts'
import { isRequirementsPath, pythonName, type Requirement, readRequirements } from '../../manifest/requirements.ts'
import type { Snapshot, SourceFile } from '../../snapshot.ts'
import { conflictLine } from '../conflict.ts'
import { type Asked, floating, type Judgement, locked, namesOf, passedOn, stale, unlocked } from './judgement.ts'

type Found = Requirement & { file: SourceFile }

const COMPILE =
  'Compile it with hashes (`pip-compile --generate-hashes` or `uv pip compile --generate-hashes`) and commit the result.'

/** The files of pip; prose that only has such a name is left out. */
export function requirementsFiles(repo: Snapshot): SourceFile[] {
  const compiledFrom = new Set<string>()
  const named = manifestFiles(repo, (_, path) => isRequirementsPath(path))
  for (const file of named) for (const source of readRequirements(file).sources) compiledFrom.add(source)
  const others = manifestFiles(
    repo,
    (name, path) => name.endsWith('.in') && compiledFrom.has(path) && !isRequirementsPath(path),
  )
  return [...named, ...others].filter(file => {
    const { requirements, strange } = readRequirements(file)
    return strange * 2 <= requirements.length || conflictLine(file.text) !== null
  })
}

export function judgeRequirements(repo: Snapshot): Judgement[] {
  const files = requirementsFiles(repo)
  const found: Judgement[] = []
  for (const file of files) {
    const own = readRequirements(file).requirements.filter(({ source }) => source !== 'path')
    if (own.length === 0) continue
    const conflict = conflictLine(file.text)
    if (conflict !== null) {
      found.push({
        state: 'unknown',
        manifest: file.path,
        path: file.path,
        reason: `merge conflict markers (line ${conflict})`,
      })
    } else found.push(file.path.endsWith('.in') ? judgeSource(repo, file, own, files) : requirementsState(repo, file))
  }
  return found
}

/** An `.in` is covered by the `.txt` that a compiler made of it. */
function judgeSource(
  repo: Snapshot,
  file: SourceFile,
  own: readonly Requirement[],
  files: readonly SourceFile[],
): Judgement {
  const dependencies: Dependency[] = own.map(({ name, constraint, line, source }) => ({
    name,
    constraint,
    line,
    source,
    optional: false,
  }))
  const asked: Asked = { file, dependencies, advice: COMPILE }
  const namesake = file.path.replace(/\.in$/, '.txt')
  const compiled =
    files.find(other => other.path === namesake) ??
    files.find(other => !other.path.endsWith('.in') && readRequirements(other).sources.has(file.path))
  if (compiled === undefined) return unlocked(asked)
  const everything = allRequirements(repo, compiled, new Set())
  const names = new Set(everything.map(({ name }) => pythonName(name)))
  const absent = dependencies.find(({ name, source }) => source === 'registry' && !names.has(pythonName(name)))
  if (absent !== undefined && !hasMarker(file, absent.line))
    return stale(asked, absent, compiled.path, 'is absent from it')
  return passedOn(requirementsState(repo, compiled), file)
}

/** A compiler leaves out what its own platform does not need. */
function hasMarker(file: SourceFile, line: number): boolean {
  return (file.text.split('\n')[line - 1] ?? '').includes(';')
}

/** How well a requirements file locks itself, with everything that it includes. */
export function requirementsState(repo: Snapshot, file: SourceFile): Judgement {
  const everything = allRequirements(repo, file, new Set()).filter(({ source }) => source !== 'path')
  const pins = constraintsOf(repo, file, new Set())
  const settled = everything.map(found => {
    const pin = found.source === 'registry' && !found.exact ? pins.get(pythonName(found.name)) : undefined
    return pin === undefined ? found : { ...found, exact: pin.exact, hashed: found.hashed || pin.hashed }
  })
  const loose = settled.filter(({ exact }) => !exact)
  if (loose.length > 0) return judgedBy(file, loose, 'floating')
  const bare = settled.filter(({ hashed }) => !hashed)
  return bare.length > 0 ? judgedBy(file, bare, 'locked') : { state: 'hashed', manifest: file.path }
}

function judgedBy(file: SourceFile, wrong: readonly Found[], state: 'floating' | 'locked'): Judgement {
  const first = wrong.find(found => found.file === file) ?? wrong[0]
  const elsewhere = first !== undefined && first.file !== file ? ` (in \`${first.file.path}\`)` : ''
  const line = first?.file === file ? first.line : (readRequirements(file).includes[0]?.line ?? 1)
  const endLine = first?.file === file ? first.endLine : line
  const list = namesOf(wrong)
  if (state === 'floating') {
    return floating(file, line, `\`${file.path}\`${elsewhere} does not fix the version of ${list}. ${COMPILE}`, endLine)
  }
  return locked(
    file,
    line,
    `\`${file.path}\`${elsewhere} fixes versions without a hash: ${list}. ${COMPILE}`,
    file.path,
    endLine,
  )
}

function allRequirements(repo: Snapshot, file: SourceFile, seen: Set<string>): Found[] {
  if (seen.has(file.path)) return []
  seen.add(file.path)
  const read = readRequirements(file)
  const found = read.requirements.map(requirement => ({ ...requirement, file }))
  for (const include of read.includes) {
    const other = include.constraint ? undefined : repo.files.get(include.path)
    if (other !== undefined) found.push(...allRequirements(repo, other, seen))
  }
  return found
}

/** What `-c` files settle, also those of included files. */
function constraintsOf(repo: Snapshot, file: SourceFile, seen: Set<string>): Map<string, Requirement> {
  const pins = new Map<string, Requirement>()
  if (seen.has(file.path)) return pins
  seen.add(file.path)
  for (const include of readRequirements(file).includes) {
    const other = repo.files.get(include.path)
    if (other === undefined) continue
    if (include.constraint)
      for (const pin of allRequirements(repo, other, new Set())) pins.set(pythonName(pin.name), pin)
    for (const [name, pin] of constraintsOf(repo, other, seen)) pins.set(name, pin)
  }
  return pins
}
