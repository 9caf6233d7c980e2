/** Who is asking, for every page and route; and the one connection to the store that they share. */
import { headers } from 'next/headers'
import { forbidden, redirect } from 'next/navigation'
import { cache } from 'react'
import { type Action, may, type Viewer } from '#lib/auth/permit.ts'
import { createSignIn, type SignIn } from '#lib/auth/sign-in.ts'
import { viewerOf } from '#lib/auth/viewer.ts'
import { readEnv } from '#lib/env.ts'
import { AppError } from '#lib/errors.ts'
import { createLog } from '#lib/log.ts'
import { type Database, openDatabase } from '#lib/store/database.ts'
import { listOrgs } from '#lib/store/orgs.ts'
import { refusing } from '#lib/store/pages/refusing.ts'

type Held = { url: string; db: Database; signIn: SignIn | null }

// One pool for the whole process: the development server loads this module again at every change.
const held = globalThis as { plumblineDoor?: Held }

/** What the process holds open. Throws AppError `invalid-configuration` where no database is named. */
export function house(): Held {
  if (held.plumblineDoor) return held.plumblineDoor
  const { databaseUrl: url, signIn: clients, secrets, githubApiUrl: apiUrl, url: pages, logLevel } = readEnv()
  if (url === null) {
    throw new AppError('invalid-configuration', 'DATABASE_URL is not set.', 'npm start runs a database and sets it.')
  }
  const db = openDatabase(url)
  const [current, ...older] = secrets
  const signIn =
    clients === null || current === undefined
      ? null
      : createSignIn(
          db,
          {
            url: pages,
            secrets: [current, ...older],
            github: clients.github && { ...clients.github, apiUrl, orgs: () => orgsOf(db, apiUrl) },
            oidc: clients.oidc,
          },
          createLog(logLevel),
          () => new Date(),
        )
  held.plumblineDoor = { url, db, signIn }
  return held.plumblineDoor
}

async function orgsOf(db: Database, apiUrl: string): Promise<string[]> {
  return (await listOrgs(db)).filter(org => !org.demo && org.apiUrl === apiUrl).map(org => org.login)
}

/** Who sent a request with these headers; null where nobody is known by them. */
export async function viewerBy(from: Headers): Promise<Viewer | null> {
  const { db, url, signIn } = house()
  return refusing(db, url, async () => {
    const demo = signIn === null && (await listOrgs(db)).some(org => org.demo)
    return viewerOf(from, { db, signIn, demo, now: new Date() })
  })
}

/** Who this page is for; null on the pages that come before signing in. Asked once a request. */
export const knownViewer: () => Promise<Viewer | null> = cache(async () => viewerBy(await headers()))

/** Who this page is for. Nobody is known: to the sign-in, and back from there. Without the right: forbidden. */
export async function viewerFor(action: Action): Promise<Viewer> {
  const viewer = await knownViewer()
  if (viewer === null) redirect(`/sign-in?to=${encodeURIComponent((await headers()).get('x-path') ?? '/')}`)
  if (!may(viewer, action)) forbidden()
  return viewer
}

/**
 * The client's address, as the proxies of ours before this process tell it; null where none are said to be there, since
 * anybody can write the header.
 */
export function addressOf(from: Headers): string | null {
  const { proxies } = readEnv()
  const hops = (from.get('x-forwarded-for') ?? '').split(',').map(hop => hop.trim())
  return proxies === 0 ? null : (hops.at(-proxies) ?? null)
}

/** Who calls this route, by session or key; throws AppError where nobody is known or the role or key does not allow it. */
export async function enter(request: Request, action: Action): Promise<{ db: Database; viewer: Viewer }> {
  const viewer = await viewerBy(request.headers)
  if (viewer === null)
    throw new AppError('unauthenticated', 'Nobody is signed in.', 'Sign in, or send a key: Authorization: Bearer plb_…')
  if (!may(viewer, action)) throw new AppError('forbidden', 'Your role, or this key, does not allow it.')
  return { db: house().db, viewer }
}
