/** What decides the status of a script: `set`, and what stands behind `||`. */

/** True where what stands behind `||` ends well whatever happened: `true`, `:`, a message. */
export function alwaysSucceeds(words: string): boolean {
  if (leaves(words)) return false
  return /^(?:[({]\s*)?(?:true|:|echo\b|printf\b|exit 0\b)/.test(words.trim())
}

/** True where the words can end the script as failed. */
export function leaves(words: string): boolean {
  return /(?:^|[\s;{(&|])(?:exit(?!\s+0\b)|return(?!\s+0\b)|false)\b/.test(words)
}

/** What `set` with these arguments switches. */
export function optionsOf(args: readonly string[]): { errexit?: boolean; pipefail?: boolean } {
  const found: { errexit?: boolean; pipefail?: boolean } = {}
  args.forEach((arg, index) => {
    const on = arg.startsWith('-')
    if (/^[-+][a-z]*e/.test(arg)) found.errexit = on
    if (/^[-+][a-z]*o$/.test(arg) && args[index + 1] === 'pipefail') found.pipefail = on
    if (/^[-+][a-z]*o$/.test(arg) && args[index + 1] === 'errexit') found.errexit = on
  })
  return found
}
