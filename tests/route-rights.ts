import type { Action } from '#lib/auth/permit.ts'

/**
 * What every page and route asks of who comes: a right, or nothing (`open`: before signing in, or behind a token of its
 * own). A new one without a row here fails a test; that the row is true is tried in a browser, role by role.
 */
export const ROUTE_RIGHTS: Readonly<Record<string, Action | 'open'>> = {
  '/': 'read',
  '/access': 'read',
  '/api-docs': 'read',
  '/audit': 'audit:read',
  '/checks': 'read',
  '/checks/[id]': 'read',
  '/claim': 'read',
  '/crawls': 'read',
  '/exports': 'export',
  '/inventory': 'read',
  '/keys': 'key:own',
  '/members': 'members:manage',
  '/owners': 'read',
  '/policy': 'read',
  '/policy/change': 'policy:change',
  '/report': 'read',
  '/repositories': 'read',
  '/repositories/[name]': 'read',
  '/repositories/[name]/changes': 'read',
  '/repositories/[name]/inventory': 'read',
  '/repositories/[name]/remediation': 'read',
  '/trends': 'read',
  '/waivers': 'read',
  '/settings': 'settings:change',
  '/sign-in': 'open',
  '/sign-in/[provider]': 'open',
  '/api/auth/[...all]': 'open',
  '/api/badges/[file]': 'open',
  '/api/crawls': 'read',
  '/api/events': 'read',
  '/api/exports/audit': 'audit:read',
  '/api/exports/[what]': 'export',
  '/api/health': 'open',
  '/api/metrics': 'open',
  '/api/policy': 'read',
  '/api/policy/trials/[id]': 'policy:change',
  '/api/progress': 'read',
  '/api/repositories/[name]': 'read',
  '/api/repositories/[name]/look': 'read',
  '/api/repositories/[name]/patch': 'fix:take',
  '/api/webhooks/github': 'open',
  '/api/v1/actions': 'read',
  '/api/v1/actions/uses': 'read',
  '/api/v1/checks': 'read',
  '/api/v1/crawls': 'read',
  '/api/v1/findings': 'read',
  '/api/v1/openapi.json': 'open',
  '/api/v1/organisation': 'read',
  '/api/v1/packages': 'read',
  '/api/v1/packages/uses': 'read',
  '/api/v1/repositories': 'read',
  '/api/v1/repositories/[name]': 'read',
  '/api/v1/waivers': 'read',
}

/** The address that a file of `app` answers at; null for a file that answers at none. */
export function routeOf(path: string): string | null {
  const match = /^app\/(.*?)\/?(?:page\.tsx|route\.tsx?)$/.exec(path)
  return match === null ? null : `/${match[1]?.replaceAll(/\([^)]*\)\/?/g, '') ?? ''}`
}
