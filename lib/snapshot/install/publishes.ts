/** Whether a job puts a package, an image or a release file where others take it from. */
import type { Unit } from '../commands.ts'

const ACTIONS =
  /^(?:softprops\/action-gh-release|ncipollo\/release-action|svenstaro\/upload-release-action|taiki-e\/upload-rust-binary-action|actions\/upload-release-asset|katyo\/publish-crates|goreleaser\/goreleaser-action|pypa\/gh-action-pypi-publish|pyo3\/maturin-action-publish|crate-ci\/release)/
const COMMANDS: readonly [string, RegExp][] = [
  ['cargo', /^(?:publish|release|dist)$/],
  ['npm', /^publish$/],
  ['pnpm', /^publish$/],
  ['twine', /^upload$/],
  ['maturin', /^(?:publish|upload)$/],
  ['docker', /^push$/],
]

export function publishes({ actions, commands }: Unit): boolean {
  if (actions.some(({ name }) => ACTIONS.test(name))) return true
  return commands.some(({ argv }) => {
    const [program = '', ...rest] = argv.filter(word => !word.startsWith('+'))
    if (rest.includes('--dry-run') || rest.includes('-n')) return false
    if (program === 'gh' && rest[0] === 'release')
      return rest[1] === 'upload' || (rest[1] === 'create' && rest.length > 4)
    return COMMANDS.some(([name, verb]) => name === program && verb.test(rest[0] ?? ''))
  })
}
