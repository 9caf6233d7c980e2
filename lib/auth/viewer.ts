/** Who asks: the key, the session, or this machine's own user where nobody has to sign in. */
import type { Database } from '../store/database.ts'
import { viewerOfKey } from './keys.ts'
import { isRole, seesOf, type Viewer } from './permit.ts'
import type { SignIn } from './sign-in.ts'

/** What it takes to tell who asks. `signIn` null: only this machine is served, and whoever sits at it may do everything. */
export type Door = { db: Database; signIn: SignIn | null; demo: boolean; now: Date; address: string | null }

/** null: nobody that is known. A role that was changed or a session that was ended counts from the next request on. */
export async function viewerOf(headers: Headers, { db, signIn, demo, now, address }: Door): Promise<Viewer | null> {
  const authorization = headers.get('authorization')
  if (authorization !== null) return viewerOfKey(db, authorization, { address, now })
  if (signIn === null) return localViewer(demo, address)
  const found = await signIn.api.getSession({ headers })
  if (found === null) return null
  const { id, name, role } = found.user
  if (!isRole(role)) return null
  return { id, name, role, sees: seesOf(role, id), via: 'session', scopes: null, address }
}

/** The demo is to be looked at: what it shows is the same for everybody, so nobody changes it. */
function localViewer(demo: boolean, address: string | null): Viewer {
  const role = demo ? 'auditor' : 'owner'
  return { id: 'local', name: 'This machine', role, sees: { all: true }, via: 'local', scopes: null, address }
}
