import { childAt, childrenOf, childText, parseXml, type XmlNode } from '../lockfile/xml.ts'
import type { SourceFile } from '../snapshot.ts'
import { type Dependency, folderOf, joinPath } from './manifest.ts'

/**
 * `parent`: `group:artifact`; `parentPath`: where Maven looks for it first, null where it is told not to look. `managed`:
 * versions that this pom sets for others; `imports`: poms whose managed versions it takes in (`<scope>import</scope>`).
 */
export type Pom = {
  group: string
  artifact: string
  parent: string
  parentPath: string | null
  properties: Map<string, string>
  managed: Map<string, string>
  imports: string[]
  dependencies: Dependency[]
}

/** The poms of a repository by their path. Several may have one name, so a parent is looked for where its child says. */
export type Poms = ReadonlyMap<string, Pom>

/** null where the file is no Maven project. */
export function readPom(file: SourceFile): Pom | null {
  const root = parseXml(file.text)
  if (root.name !== 'project') return null
  const parent = childAt(root, 'parent')
  const properties = new Map(childAt(root, 'properties')?.children.map(child => [child.name, child.text]) ?? [])
  const version = childText(root, 'version') || childText(parent, 'version')
  const group = childText(root, 'groupId') || childText(parent, 'groupId')
  for (const prefix of ['project.', 'pom.', '']) {
    properties.set(`${prefix}version`, version)
    properties.set(`${prefix}groupId`, group)
  }
  properties.set('project.parent.version', childText(parent, 'version'))
  const profiles = childrenOf(childAt(root, 'profiles'), 'profile')
  const declared = [root, ...profiles].flatMap(scope => childrenOf(childAt(scope, 'dependencies'), 'dependency'))
  const management = childrenOf(childAt(root, 'dependencyManagement', 'dependencies'), 'dependency')
  const isImport = (node: XmlNode) => childText(node, 'scope') === 'import'
  const managed = management.filter(node => !isImport(node))
  return {
    group,
    artifact: childText(root, 'artifactId'),
    parent: parent === undefined ? '' : nameOf(parent, properties),
    parentPath: parentPathOf(file.path, parent),
    properties,
    imports: management.filter(isImport).map(node => nameOf(node, properties)),
    managed: new Map(managed.map(node => [nameOf(node, properties), childText(node, 'version')])),
    dependencies: declared
      .filter(node => childText(node, 'scope') !== 'system')
      .map(node => ({
        name: nameOf(node, properties),
        constraint: childText(node, 'version'),
        line: node.line,
        source: 'registry',
        optional: false,
      })),
  }
}

function nameOf(node: XmlNode, properties: ReadonlyMap<string, string>): string {
  return `${fill(childText(node, 'groupId'), properties)}:${fill(childText(node, 'artifactId'), properties)}`
}

/** `../pom.xml` where nothing is written; a folder stands for the pom in it; an empty element forbids to look. */
function parentPathOf(path: string, parent: XmlNode | undefined): string | null {
  const written = childAt(parent, 'relativePath')
  if (parent === undefined || written?.text === '') return null
  const at = joinPath(folderOf(path), written?.text ?? '../pom.xml')
  return at === null || at.endsWith('.xml') ? at : joinPath(at, 'pom.xml')
}

const LONGEST_LINE = 30

/** The version of a dependency with properties and management of the pom, its parents and their imports filled in. */
export function pomVersion(dependency: Dependency, pom: Pom, poms: Poms): string {
  const line = lineOf(pom, poms)
  if (dependency.constraint !== '') return interpolated(dependency.constraint, line)
  return managedVersion(dependency.name, line, poms, new Set())
}

/** A pom and its parents, as far as they are in the repository, itself first. */
function lineOf(pom: Pom, poms: Poms): Pom[] {
  const line: Pom[] = []
  for (
    let at: Pom | undefined = pom;
    at !== undefined && line.length < LONGEST_LINE && !line.includes(at);
    at = parentOf(at, poms)
  )
    line.push(at)
  return line
}

function parentOf(pom: Pom, poms: Poms): Pom | undefined {
  if (pom.parent === '') return undefined
  const there = poms.get(pom.parentPath ?? '')
  return there && fullName(there) === pom.parent ? there : namesOf(poms).get(pom.parent)
}

/** What is managed on the line itself goes before what any pom of it imports. */
function managedVersion(name: string, line: readonly Pom[], poms: Poms, seen: Set<Pom>): string {
  for (const { managed } of line) {
    const written = managed.get(name)
    if (written !== undefined) return interpolated(written, line)
  }
  for (const imported of line.flatMap(({ imports }) => imports)) {
    const bom = namesOf(poms).get(imported)
    if (bom === undefined || seen.has(bom)) continue
    seen.add(bom)
    const found = managedVersion(name, lineOf(bom, poms), poms, seen)
    if (found !== '') return found
  }
  return ''
}

function interpolated(text: string, line: readonly Pom[]): string {
  const own = line.reduce((filled, { properties }) => fill(filled, properties), text)
  return line.reduceRight((filled, { properties }) => fill(filled, properties), own)
}

function fullName({ group, artifact }: Pom): string {
  return `${group}:${artifact}`
}

const namesOfPoms = new WeakMap<Poms, ReadonlyMap<string, Pom>>()

/** The poms by `group:artifact`. */
function namesOf(poms: Poms): ReadonlyMap<string, Pom> {
  const known = namesOfPoms.get(poms)
  if (known) return known
  const names = new Map([...poms.values()].map(pom => [fullName(pom), pom]))
  namesOfPoms.set(poms, names)
  return names
}

function fill(text: string, properties: ReadonlyMap<string, string>): string {
  let filled = text
  // Properties may name others; a cycle ends with the bound.
  for (let round = 0; round < 5 && filled.includes('${') && filled.length < 500; round++) {
    filled = filled.replace(/\$\{([^}]+)\}/g, (whole, name: string) => properties.get(name.trim()) ?? whole)
  }
  return filled
}
