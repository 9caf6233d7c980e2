/** The program that a command runs in the end: without `npx`, `bundle exec`, `uv run`, `python -m` and the like. */

type Launcher = { program: RegExp; verbs: RegExp | null; takesValue: RegExp }

const LAUNCHERS: readonly Launcher[] = [
  { program: /^(?:npx|bunx|pnpx)$/, verbs: null, takesValue: /^(?:-p|--package|-c|--call)$/ },
  { program: /^(?:npm|pnpm|yarn|bun)$/, verbs: /^(?:exec|dlx|x)$/, takesValue: /^(?:-p|--package|-C|--filter|-F)$/ },
  { program: /^(?:uvx|pipx)$/, verbs: /^run$/, takesValue: /^(?:--from|--with|--spec|--python)$/ },
  {
    program: /^(?:uv|poetry|pdm|hatch|rye|pipenv|dotnet|mise|pixi)$/,
    verbs: /^(?:run|exec|tool|x)$/,
    takesValue: /^(?:--from|--with|--group|--extra|--python|-p|--project|--directory)$/,
  },
  { program: /^bundle$/, verbs: /^exec$/, takesValue: /^--gemfile$/ },
  { program: /^python[\d.]*$|^py$/, verbs: /^-m$/, takesValue: /^$/ },
  { program: /^xargs$/, verbs: null, takesValue: /^-[IPnLdEs]$/ },
]

/** Programs of packages that pnpm and Yarn run without a word in between. */
const INSTALLED = /^(?:semantic-release|changeset|lerna|nx|jsr|release-it)$/

/** Words from the program on. Its folder or scope, and a version behind its name (`x@24`), are taken off. */
export function launched(argv: readonly string[]): string[] {
  let rest = argv.map(word => word.trim())
  const exec = /^g?find$/.test(rest[0] ?? '') ? rest.findIndex(word => /^-exec(?:dir)?$/.test(word)) : -1
  if (exec !== -1) rest = rest.slice(exec + 1)
  for (let turns = 0; turns < 4; turns++) {
    const launcher = LAUNCHERS.find(one => one.program.test(rest[0] ?? ''))
    if (!launcher) break
    if (/^(?:yarn|pnpm|bun)$/.test(rest[0] ?? '') && INSTALLED.test(rest[1] ?? '')) {
      rest = rest.slice(1)
      break
    }
    let at = 1
    const isVerb = (word: string | undefined) => word !== undefined && launcher.verbs?.test(word) === true
    if (launcher.verbs && !isVerb(rest[at]) && !/^uvx$/.test(rest[0] ?? '')) break
    while (isVerb(rest[at])) at++
    while (rest[at]?.startsWith('-') || /^\$(?!\{\{)\w*(?:guard|dry)/i.test(rest[at] ?? ''))
      at += launcher.takesValue.test(rest[at] ?? '') ? 2 : 1
    if (rest[at] === undefined) break
    // What is piped in stands at the end of the line.
    rest = rest[0] === 'xargs' ? [...rest.slice(at).filter(word => word !== '--'), '$piped'] : rest.slice(at)
  }
  const [program = '', ...others] = rest
  return [
    program.replace(/(?<=.)@(?:\d[\w.+-]*|latest|next)$/, '').replace(/^(?:(?:\.{1,2}\/|\/)+(?:.*\/)?|@[\w.-]+\/)/, ''),
    ...others,
  ]
}

/** `$NAME`, `${NAME}` and `${{ env.NAME }}` by what the environment says; what it does not say stays as it is. */
export function expanded(text: string, env: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$\{\{\s*env\.(\w+)\s*\}\}|\$\{(\w+)\}|\$(\w+)/g,
    (whole, inExpression?: string, inBraces?: string, plain?: string) =>
      env.get(inExpression ?? inBraces ?? plain ?? '') ?? whole,
  )
}
