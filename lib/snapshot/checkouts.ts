/** Where in the workspace of a job the repository lies. */
import { resolved } from './workspaces.ts'

/** Folders of the workspace that the job fills: from this repository (`own`) or from another. */
export type Checkouts = { own: string | null; foreign: string[] }

/** A folder as a workflow writes it; null where it cannot be told or lies outside. `actionFolder`: of the action that writes it. */
export function inWorkspace(written: string, actionFolder: string | null): string | null {
  const action = /^\$\{\{\s*github\.action_path\s*\}\}\/?(.*)$/.exec(written)
  if (action) return actionFolder === null ? null : resolved(actionFolder, action[1] ?? '')
  const plain = written.replace(/^\$\{\{\s*github\.workspace\s*\}\}\/?/, '')
  return plain.includes('${{') || /^[/~$]/.test(plain) ? null : resolved('', plain)
}

/** A folder of the workspace as one of the repository; null where another repository, or none, lies there. */
export function inRepository(cwd: string | null, { own, foreign }: Checkouts): string | null {
  if (cwd === null) return null
  const isIn = (folder: string) => folder === '' || cwd === folder || cwd.startsWith(`${folder}/`)
  const best = foreign.filter(isIn).sort((a, b) => b.length - a.length)[0]
  if (best !== undefined && best.length >= (own !== null && isIn(own) ? own.length : 0) && best !== own) return null
  if (own === null || own === '') return cwd
  return isIn(own) ? cwd.slice(own.length).replace(/^\//, '') : null
}
