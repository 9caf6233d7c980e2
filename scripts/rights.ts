/** `node scripts/rights.ts` writes docs/rights.md: every route, action and API × every role, from the tables that decide. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACTIONS, type Action, isOfOnesOwn, may, ROLES, type Role, seesOf } from '#lib/auth/permit.ts'
import { ROUTE_RIGHTS } from '#tests/route-rights.ts'
import { code, textOf } from '#tests/source-files.ts'

export const FILE = join(import.meta.dirname, '../docs/rights.md')

/** The page as it has to be. */
export function rightsPage(): string {
  const routes = Object.entries(ROUTE_RIGHTS).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `# Who may do what

Written by \`node scripts/rights.ts\` from \`lib/auth/permit.ts\` and \`tests/route-rights.ts\`; a test fails while it is out of date,
and \`tests/e2e/door.spec.ts\` walks the routes in a browser, role by role, with a shown and a hidden repository.

**✓** yes · **shown** yes, of the public repositories and of the private ones that GitHub shows to this person; all else is answered
like what is not there · **own** yes, of the repositories that GitHub lets this person write to; of others that are shown
no: 403 · **–** no: 403. Who is not signed in reaches what is *open* and nothing else: 401, or the sign-in.
An API key does \`read\`, \`export\` and \`fix:take\` at most, and never more than its person may by then.

## Rights
${table(
  'right',
  ACTIONS.map(action => [`\`${action}\``, ...ROLES.map(role => cell(role, action))]),
)}
## Pages and routes
${table(
  'address | needs',
  routes.map(([route, right]) => [`\`${route}\``, right, ...ROLES.map(role => cell(role, right))]),
)}
*open* routes have a door of their own: the sign-in its provider, \`/api/webhooks/github\` a signature, \`/api/metrics\` a token;
\`/api/health\` and \`/api/v1/openapi.json\` name nothing.

## What changes something
${table(
  'server action | needs',
  actions().map(([where, right]) => [where, right, ...ROLES.map(role => cell(role, right))]),
)}`
}

function table(first: string, rows: readonly (readonly string[])[]): string {
  const heads = [...first.split(' | '), ...ROLES]
  return [heads, heads.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |\n`).join('')
}

function cell(role: Role, right: Action | 'open'): string {
  if (right === 'open') return '✓'
  if (!may({ role, scopes: null, sees: seesOf(role, 'x') }, right)) return '–'
  if (isOfOnesOwn(role, right)) return 'own'
  return seesOf(role, 'x').all || !['read', 'export', 'fix:take', 'waiver:ask', 'crawl:start'].includes(right)
    ? '✓'
    : 'shown'
}

/** Every server action with the right that its first line asks for. */
function actions(): [string, Action][] {
  return code
    .filter(path => path.startsWith('app/'))
    .flatMap(path => {
      const text = textOf.get(path) ?? ''
      const found = text.matchAll(/function (\w+)\([^{]*\{\s+'use server'[^']*'([\w:]+)'/g)
      const whole = /^'use server'/.test(text)
        ? text.matchAll(/export async function (\w+)\([^{]*\{[^']*'([\w:]+)'/g)
        : []
      return [...found, ...whole].map(([, name, right]): [string, Action] => [
        `\`${name}\` in \`${path}\``,
        right as Action,
      ])
    })
}

if (import.meta.main) {
  writeFileSync(FILE, rightsPage())
  console.log(`Wrote ${readFileSync(FILE, 'utf8').split('\n').length} lines to docs/rights.md.`)
}
