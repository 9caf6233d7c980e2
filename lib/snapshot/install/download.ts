/** A script or program that is fetched and run without a look at what came: `curl … | sh`, `wget … && bash`. */
import type { Command } from '../commands.ts'
import { expanded } from '../publish/launched.ts'
import { type InstallVerdict, RIGHT, shown, wrong } from './verdict.ts'

const SHELL = /^(?:ba|z|da|k|fi)?sh$/
/** PowerShell's own, and the names that it has for them. */
const FETCHES = /^(?:curl|wget|Invoke-WebRequest|iwr|Invoke-RestMethod|irm)$/i
const CHECKS = /^(?:sha\d+sum|shasum|b2sum|minisign|cosign|slsa-verifier)$/

/** `commands`: all of the repository. Null where the command fetches nothing that is run. */
export function judgeDownload(command: Command, commands: readonly Command[]): InstallVerdict | null {
  if (!FETCHES.test(command.argv[0] ?? '')) return null
  const urls = command.argv.slice(1).filter(word => /^https?:\/\//.test(word))
  const url = urls[0]
  if (url === undefined || urls.length > 1 || /^https?:\/\/(?:localhost|127\.|\[::1\]|[^/]*\$)/.test(url)) return null
  const ran = ranBy(command, commands)
  if (ran === null) return null
  if (/(?:^|[^0-9a-f])[0-9a-f]{40}(?:[^0-9a-f]|$)/i.test(expanded(url, command.env))) return RIGHT
  if (
    commands.some(
      other =>
        other.script.file === command.script.file && other.script.start === command.script.start && isCheck(other.argv),
    )
  )
    return RIGHT
  return wrong(
    `\`${shown(command)}\` fetches code that \`${ran}\` runs, whatever the server sends. Compare a checksum first (\`echo "<sha256>  FILE" | sha256sum -c\`), or fetch it by a full commit.`,
  )
}

function isCheck([program = '', ...rest]: readonly string[]): boolean {
  if (program === 'gpg' || program === 'gpgv') return program === 'gpgv' || rest.includes('--verify')
  if (program === 'gh') return rest[0] === 'attestation' && rest[1] === 'verify'
  if (program === 'openssl') return rest[0] === 'dgst'
  return CHECKS.test(program)
}

/** What runs it: the shell at the end of the pipe or around the substitution, or a later command of the script. */
function ranBy(command: Command, commands: readonly Command[]): string | null {
  if (command.into.some(argv => CHECKS.test(argv[0] ?? ''))) return null
  const runner = command.into.find(takesCode)
  if (runner) return runner[0] ?? null
  const file = outputOf(command)
  if (file === null) return null
  const later = commands.find(other => {
    if (other.unit !== command.unit || other.order <= command.order || other.script.start !== command.script.start)
      return false
    const [program = '', ...rest] = other.argv
    const isFile = (word: string | undefined) =>
      word !== undefined && word.replace(/^\.\//, '') === file.replace(/^\.\//, '')
    if (isFile(program) && (program.includes('/') || program.startsWith('$'))) return true
    return (
      (SHELL.test(program) || /^(?:python3?|node|perl|ruby|php|source|\.)$/.test(program)) &&
      isFile(rest.find(word => !word.startsWith('-')))
    )
  })
  return later ? shown(later) : null
}

function takesCode(argv: readonly string[]): boolean {
  const [program = '', ...rest] = argv
  if (/^(?:iex|Invoke-Expression)$/i.test(program)) return true
  const isSubstituted = rest.some(word => /^(?:\$|<)\((?:curl|wget)\b/.test(word))
  if (program === 'source' || program === '.' || program === 'eval') return isSubstituted
  if (SHELL.test(program)) {
    if (isSubstituted) return true
    // `sh -s -- args` reads the code from the pipe; a file or `-c` does not.
    return (
      !rest.some(word => /^-\w*c$/.test(word)) &&
      (rest.includes('-s') || rest.includes('-') || !rest.some(word => !/^[-+]/.test(word)) || rest[0] === '/dev/stdin')
    )
  }
  return (
    /^(?:python3?|node|perl|ruby|php)$/.test(program) &&
    (rest.length === 0 || rest[0] === '-' || (rest[0] === '--' && rest.length === 1))
  )
}

function outputOf({ argv, redirects }: Command): string | null {
  const [program, ...words] = argv
  const at = words.findIndex(word =>
    (program === 'curl' ? /^(?:-\w*o|--output)$/ : /^(?:-\w*O|--output-document)$/).test(word),
  )
  const named = at === -1 ? undefined : words[at + 1]
  if (named !== undefined && named !== '-') return named
  if (redirects[0] !== undefined) return redirects[0]
  const url = words.find(word => /^https?:\/\//.test(word)) ?? ''
  const base =
    url
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? ''
  const keepsName = program === 'wget' || words.some(word => /^-\w*O\w*$|^--remote-name$/.test(word))
  return keepsName && base !== '' ? base : null
}
