/** Audits that a build does by its own configuration: OWASP dependency-check in Maven and Gradle, NuGetAudit in .NET. */
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { ancestorsOf, folderOf, joined } from '../workspaces.ts'
import { folderAt } from './scanners.ts'
import { type Found, type Invocation, optionOf, setOf, type Toothless } from './tool.ts'

export function buildAudit(use: Invocation, name: string): Found | null {
  if (/^mvnw?d?$/.test(name)) return maven(use)
  if (/^gradlew?$/.test(name)) return gradle(use)
  if (name === 'dotnet') return nugetAudit(use)
  if (name === 'dependency-check') return dependencyCheck(use)
  return null
}

/** CVSS goes up to 10; the tool's default of 11 is one that nothing reaches. */
export function cvssTeeth(level: string | undefined): Toothless | null {
  if (level !== undefined && (/\$/.test(level) || Number(level) <= 10)) return null
  const reason =
    level === undefined
      ? 'it names no `failBuildOnCVSS`, and the default of 11 is never reached'
      : `no score reaches its \`failBuildOnCVSS\` of ${level}`
  return { reason, advice: 'Set `failBuildOnCVSS` to 7.' }
}

function maven({ repo, command, args }: Invocation): Found | null {
  const pom = nearest(repo, command.cwd, ['pom.xml'])
  const text = pom?.text ?? ''
  const asked = args.some(arg => /dependency-check(?:-maven)?(?::[\w.]+)?:(?:check|aggregate)\b/.test(arg))
  const isBound =
    /<artifactId>dependency-check-maven<\/artifactId>/.test(text) && /<goal>(?:check|aggregate)<\/goal>/.test(text)
  const bound =
    isBound &&
    args.some(arg => /^(?:verify|install|deploy)$/.test(arg)) &&
    !args.some(arg => /^-Ddependency-check\.skip(?:=true)?$/.test(arg))
  if (!asked && !bound) return null
  const level =
    args.map(arg => /^-DfailBuildOnCVSS=(.+)$/.exec(arg)?.[1]).find(Boolean) ??
    /<failBuildOnCVSS>\s{0,20}([\w.${}]{1,60})/.exec(text)?.[1]
  const anyLevel = /<failBuildOnAnyVulnerability>\s*true/.test(text)
  return built('OWASP dependency-check', 'maven', command.cwd, anyLevel ? null : cvssTeeth(level))
}

function gradle({ repo, command, args }: Invocation): Found | null {
  if (!args.some(arg => /(?:^|:)dependencyCheck(?:Analyze|Aggregate)$/.test(arg))) return null
  const folder = folderAt(command.cwd, optionOf(args, '-p', '--project-dir'))
  const files = [...repo.files.values()].filter(({ path }) => /\.gradle(?:\.kts)?$/.test(path))
  const level = files
    .map(({ text }) => /\bfailBuildOnCVSS(?:[ \t=(]|\.set){0,20}([\d.]+)/.exec(text)?.[1])
    .find(Boolean)
  return built('OWASP dependency-check', 'gradle', folder, cvssTeeth(level))
}

function dependencyCheck({ command, args }: Invocation): Found {
  const toothless = cvssTeeth(optionOf(args, '--failOnCVSS'))
  const scope = { kind: 'tree' as const, folder: folderAt(command.cwd, optionOf(args, '--scan', '-s')) }
  return { tool: 'OWASP dependency-check', ecosystems: 'all', scope, toothless }
}

/** A restore reports known vulnerabilities as warnings NU1901 to NU1904; they audit where they are made errors. */
function nugetAudit({ repo, command, args }: Invocation): Found | null {
  if (
    !/^(?:restore|build|test|publish|pack|run)$/.test(args[0] ?? '') ||
    args.some(arg => /NuGetAudit=false/i.test(arg))
  )
    return null
  const { cwd } = command
  if (cwd === null) return null
  const folders = [cwd, ...ancestorsOf(cwd)]
  const above = folders.flatMap(folder => repo.files.get(joined(folder, 'Directory.Build.props')) ?? [])
  const projects = [...repo.files.values()].filter(({ path }) => /\.(?:cs|fs|vb)proj$/.test(path) && isBelow(path, cwd))
  const texts = [...above, ...projects.slice(0, 200)].map(({ text }) => text)
  if (texts.some(text => /<NuGetAudit>\s*false/i.test(text))) return null
  const told = args.some(arg => /WarningsAsErrors=.*NU190[1-4]|TreatWarningsAsErrors=true/i.test(arg.slice(0, 1_000)))
  const written = texts.some(
    text => /<(?:MSBuild)?WarningsAsErrors>[^<]*NU190[1-4]/.test(text) || /<TreatWarningsAsErrors>\s*true/i.test(text),
  )
  const asErrors = told || written
  const asked = texts.some(text => /<NuGetAudit(?:Mode|Level)?>/.test(text))
  const spared = texts.some(text => /<(?:WarningsNotAsErrors|NoWarn)>[^<]*NU190/.test(text))
  if (!asErrors && !asked) return null
  const toothless: Toothless = {
    reason: spared
      ? 'NU1901 to NU1904 are taken out of what counts as an error'
      : 'NuGetAudit’s findings stay warnings',
    advice: 'Make NU1901 to NU1904 errors with `WarningsAsErrors`.',
  }
  return {
    ...built('NuGetAudit', 'nuget', cwd, asErrors && !spared ? null : toothless),
    scope: { kind: 'tree', folder: cwd },
  }
}

function built(tool: string, ecosystem: string, folder: string | null, toothless: Toothless | null): Found {
  return { tool, ecosystems: setOf(ecosystem), scope: { kind: 'tree', folder }, toothless }
}

function nearest(repo: Snapshot, cwd: string | null, names: readonly string[]): SourceFile | undefined {
  if (cwd === null) return undefined
  return [cwd, ...ancestorsOf(cwd)].flatMap(folder =>
    names.flatMap(name => repo.files.get(joined(folder, name)) ?? []),
  )[0]
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || `${folderOf(path)}/`.startsWith(`${folder}/`)
}
