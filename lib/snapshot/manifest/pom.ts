import { childAt, childrenOf, childText, parseXml, type XmlNode } from '../lockfile/xml.ts'
import type { SourceFile } from '../snapshot.ts'
import type { Dependency } from './manifest.ts'

/** `parent`: `group:artifact`. `managed`: versions that this pom sets for others. */
export type Pom = {
  group: string
  artifact: string
  parent: string
  properties: Map<string, string>
  managed: Map<string, string>
  dependencies: Dependency[]
}

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
  const managed = childrenOf(childAt(root, 'dependencyManagement', 'dependencies'), 'dependency')
  return {
    group,
    artifact: childText(root, 'artifactId'),
    parent: parent === undefined ? '' : nameOf(parent, properties),
    properties,
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

/** The version of a dependency with properties and management of the pom and its parents in the repository filled in. */
export function pomVersion(dependency: Dependency, pom: Pom, all: ReadonlyMap<string, Pom>): string {
  const line: Pom[] = []
  for (
    let at: Pom | undefined = pom;
    at !== undefined && line.length < 30 && !line.includes(at);
    at = all.get(at.parent)
  )
    line.push(at)
  const written =
    dependency.constraint ||
    (line.map(({ managed }) => managed.get(dependency.name)).find(found => found !== undefined) ?? '')
  return line.reduceRight(
    (text, { properties }) => fill(text, properties),
    line.reduce((text, { properties }) => fill(text, properties), written),
  )
}

function fill(text: string, properties: ReadonlyMap<string, string>): string {
  let filled = text
  // Properties may name others; a cycle ends with the bound.
  for (let round = 0; round < 5 && filled.includes('${') && filled.length < 500; round++) {
    filled = filled.replace(/\$\{([^}]+)\}/g, (whole, name: string) => properties.get(name.trim()) ?? whole)
  }
  return filled
}
