/** Takes a registry's token out of a step, and lets the job show its identity instead. */
import { permissionEdits, withoutKeys } from '../workflow-edits.ts'
import type { Fix } from './attest-fix.ts'
import type { Credential } from './credentials.ts'

/** Null where more would have to change: a role or a client of a cloud has to be made and named first. */
export function oidcFix({ provider, name, call, unit }: Credential): Fix | null {
  const mapping = provider === 'npm' ? 'env' : provider === 'pypi' && name === 'password' ? 'with' : null
  const permissions = permissionEdits(unit, ['id-token'])
  if (mapping === null || !permissions) return null
  const edits = withoutKeys(call, mapping, mapping === 'env' ? [name] : ['user', 'username', 'password'])
  return (
    edits && {
      title: 'Publish as a trusted publisher, once the registry names this workflow as one',
      safety: 'review',
      edits: [...edits, ...permissions],
    }
  )
}
