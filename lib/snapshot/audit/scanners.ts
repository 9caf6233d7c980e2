/** Scanners that read the lockfiles of every ecosystem below a folder: OSV-Scanner, Trivy, Grype, Snyk and their like. */
import { resolved } from '../workspaces.ts'
import { childOf, readYaml, textOf } from '../yaml.ts'
import { type Found, hasOption, type Invocation, optionOf, type Scope, type Toothless } from './tool.ts'

type Reader = (use: Invocation) => Found | null

/** Program → what a call of it audits; null where it looks at something else, such as an image. */
export const SCANNERS: Readonly<Record<string, Reader>> = {
  'osv-scanner': osv,
  trivy,
  grype,
  snyk,
  mend: ({ args, command }) => (args[0] === 'dep' || args[0] === 'sca' ? whole('Mend', command.cwd) : null),
  'nexus-iq-cli': ({ command }) => whole('Sonatype', command.cwd),
  depscan: ({ command }) => whole('depscan', command.cwd),
}

export function whole(tool: string, folder: string | null, toothless: Toothless | null = null): Found {
  return { tool, ecosystems: 'all', scope: { kind: 'tree', folder }, toothless }
}

/** The folder that a path on a command line names, from where the command works. */
export function folderAt(cwd: string | null, path: string | undefined): string | null {
  if (path === undefined || /^\.\/?$|^$/.test(path)) return cwd
  const inWorkspace =
    /^(?:\$\{?GITHUB_WORKSPACE\}?|\$\{\{\s*github\.workspace\s*\}\}|\$\(pwd\)|\$\{?PWD\}?)\/?(.*)$/.exec(path)
  if (inWorkspace) return resolved('', inWorkspace[1] ?? '')
  return cwd === null || /^[/~]|\$/.test(path) ? null : resolved(cwd, path)
}

function osv({ args, command }: Invocation): Found | null {
  const words = args.filter(word => !/^(?:scan|source)$/.test(word))
  if (
    /^(?:fix|update|image|help|experimental-mcp)$/.test(words[0] ?? '') ||
    hasOption(args, '--version', '-h', '--help')
  )
    return null
  return osvBy(words, command.cwd)
}

const OSV_VALUES =
  /^(?:--(?:format|output|output-file|config|call-analysis|no-call-analysis|docker|verbosity|sbom|licenses|serve-port|experimental-\w[\w-]*)|-f|-c|-D)$/

/** What OSV-Scanner's arguments make it read; it fails by itself where it finds something. */
export function osvBy(args: readonly string[], cwd: string | null): Found {
  const locks: string[] = []
  const folders: string[] = []
  args.forEach((arg, index) => {
    const lock = /^(?:--lockfile|-L|--sbom|-S)=(.+)$/.exec(arg)?.[1]
    const before = args[index - 1] ?? ''
    if (lock !== undefined) locks.push(lock)
    else if (/^(?:--lockfile|-L|--sbom|-S)$/.test(before)) locks.push(arg)
    else if (!arg.startsWith('-') && !OSV_VALUES.test(before)) folders.push(arg)
  })
  const isTree = args.some(arg => /^(?:-r|--recursive)(?:=true)?$/.test(arg))
  const tool = 'osv-scanner'
  if (folders.length === 0 && locks.length > 0) {
    const paths = locks.flatMap(lock => folderAt(cwd, lock.replace(/^[\w.-]+:(?=[^/\\])/, '')) ?? [])
    return { tool, ecosystems: 'all', scope: { kind: 'files', paths }, toothless: null }
  }
  const scope: Scope = { kind: isTree ? 'tree' : 'root', folder: folderAt(cwd, folders[0]) }
  return { tool, ecosystems: 'all', scope, toothless: null }
}

function trivy({ args, words, command, repo }: Invocation): Found | null {
  const at = args.findIndex(arg => /^(?:fs|filesystem|repo|repository|rootfs|sbom)$/.test(arg))
  const isOther = args.slice(0, Math.max(at, 0)).some(arg => /^(?:image|i|config|conf|k8s|vm|plugin)$/.test(arg))
  if (at === -1 || isOther) return null
  const scanners = optionOf(args, '--scanners', '--security-checks') ?? command.env.get('TRIVY_SCANNERS')
  if (scanners !== undefined && !/\bvuln\b|\$/.test(scanners)) return null
  if (makesSbom(optionOf(args, '--format', '-f'))) return null
  const rest = args.slice(at + 1)
  const target = rest.findLast((arg, index) => !arg.startsWith('-') && !takesValue(rest[index - 1]))
  const folder = args[at] === 'sbom' ? '' : folderAt(command.cwd, target)
  const exit =
    optionOf(args, '--exit-code') ??
    command.env.get('TRIVY_EXIT_CODE') ??
    trivySetting(repo, optionOf(args, '--config', '-c'))
  const verb = words[at]
  const given = words.findIndex(word => word.text === '--exit-code')
  const value = words[given + 1]
  const fix =
    given !== -1 && value
      ? { kind: 'word' as const, start: value.start, end: value.end, text: '1' }
      : verb && { kind: 'word' as const, start: verb.end, end: verb.end, text: ' --exit-code 1' }
  return whole('trivy', folder, trivyTeeth(exit, fix))
}

/** A bill of materials lists what there is; Trivy looks for no vulnerabilities then. */
export function makesSbom(format: string | undefined): boolean {
  return /^(?:cyclonedx|spdx|spdx-json|github)$/.test(format ?? '')
}

/** Options whose value stands as a word of its own; Trivy's switches that take none are few. */
function takesValue(option: string | undefined): boolean {
  if (option === undefined || !option.startsWith('-') || option.includes('=')) return false
  return !/^--?(?:q|quiet|d|debug|no-progress|ignore-unfixed|list-all-pkgs|skip-db-update|skip-java-db-update|skip-update|offline-scan|include-dev-deps|dependency-tree|insecure|light|show-suppressed|removed-pkgs|skip-version-check)$/.test(
    option,
  )
}

export function trivyTeeth(exit: string | undefined, fix?: Toothless['fix']): Toothless | null {
  if (exit !== undefined && !/^0*$/.test(exit.trim())) return null
  const reason = exit === undefined ? 'it names no `exit-code`, and the default is 0' : 'its `exit-code` is 0'
  return { reason, advice: 'Set `exit-code` to 1.', ...(fix ? { fix } : {}) }
}

/** `exit-code` in trivy.yaml, which Trivy reads where it starts. */
export function trivySetting(repo: Invocation['repo'], path = 'trivy.yaml'): string | undefined {
  const file = repo.files.get(resolved('', path) ?? '')
  const read = file ? readYaml(file) : null
  return read?.ok ? textOf(childOf(read.root, 'exit-code')) : undefined
}

function grype({ args, command, repo }: Invocation): Found | null {
  const [first] = args.filter(
    (arg, index) =>
      !arg.startsWith('-') &&
      !/^-(?:[of]|-(?:output|fail-on|config|file|name|scope|exclude))$/.test(args[index - 1] ?? ''),
  )
  const target = /^(?:dir|file|sbom):(.*)$/.exec(first ?? '')
  if (first === undefined || !(target || /^[./]/.test(first))) return null
  const path = repo.files.get('.grype.yaml')
  const read = path ? readYaml(path) : null
  const setting = read?.ok ? textOf(childOf(read.root, 'fail-on-severity')) : undefined
  const fails =
    hasOption(args, '--fail-on', '-f') || command.env.has('GRYPE_FAIL_ON_SEVERITY') || (setting ?? '') !== ''
  const toothless: Toothless = {
    reason: 'it has no `--fail-on`, and without it Grype only reports',
    advice: 'Add `--fail-on high`.',
  }
  const isFolder = first.startsWith('dir:') || !target
  return whole(
    'grype',
    isFolder ? folderAt(command.cwd, target ? target[1] : first) : '',
    fails ? null : withWord(toothless, command, ' --fail-on high'),
  )
}

function withWord(toothless: Toothless, { words }: Invocation['command'], text: string): Toothless {
  const at = words.find(word => /(?:^|\/)grype$/.test(word.text))?.end
  return at === undefined ? toothless : { ...toothless, fix: { kind: 'word', start: at, end: at, text } }
}

function snyk({ args, command }: Invocation): Found | null {
  return snykBy(args[0] ?? '', args.slice(1), command.cwd)
}

/** `snyk test` fails where it finds something; `snyk monitor` only uploads what it sees. */
export function snykBy(verb: string, args: readonly string[], cwd: string | null): Found | null {
  if (verb !== 'test' && verb !== 'monitor') return null
  const file = optionOf(args, '--file')
  const path = args.find(arg => !arg.startsWith('-'))
  const folder = folderAt(cwd, path)
  const isTree = args.some(arg => /^--(?:all-projects|yarn-workspaces|all-sub-projects)/.test(arg))
  const scope: Scope =
    file !== undefined
      ? { kind: 'files', paths: [folderAt(folder, file) ?? ''] }
      : { kind: isTree ? 'tree' : 'root', folder }
  const toothless =
    verb === 'test' ? null : { reason: '`snyk monitor` only reports to Snyk', advice: 'Run `snyk test`.' }
  return { tool: `snyk ${verb}`, ecosystems: 'all', scope, toothless }
}
