/** Who is asking, for every page and route; and the one connection to the store that they share. */
import { isIP } from 'node:net'
import { headers } from 'next/headers'
import { forbidden, redirect } from 'next/navigation'
import { cache } from 'react'
import { networkOf } from '#lib/auth/network.ts'
import { type Action, may, type Viewer } from '#lib/auth/permit.ts'
import { createSignIn, type SignIn } from '#lib/auth/sign-in.ts'
import { viewerOf } from '#lib/auth/viewer.ts'
import { readEnv } from '#lib/env.ts'
import { AppError } from '#lib/errors.ts'
import { type Allowance, SharedLimit } from '#lib/http/rate-limit.ts'
import { createLog } from '#lib/log.ts'
import { type Buckets, bucketsIn } from '#lib/store/buckets.ts'
import { type Database, openDatabase } from '#lib/store/database.ts'
import { listOrgs, orgShown } from '#lib/store/orgs.ts'
import { refusing } from '#lib/store/pages/refusing.ts'
import { tellRefusal, tellWrongKey } from './refusals.ts'

type Held = { url: string; db: Database; signIn: SignIn | null; buckets: Buckets }

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
  held.plumblineDoor = { url, db, signIn, buckets: bucketsIn(db) }
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
    return viewerOf(from, { db, signIn, demo, now: new Date(), address: addressOf(from) })
  })
}

/** Who this page is for; null on the pages that come before signing in. Asked once a request. */
export const knownViewer: () => Promise<Viewer | null> = cache(async () => viewerBy(await headers()))

/** Who this page is for. Nobody is known: to the sign-in, and back from there. Without the right: forbidden. */
export async function viewerFor(action: Action): Promise<Viewer> {
  const viewer = await knownViewer()
  if (viewer === null) redirect(`/sign-in?to=${encodeURIComponent((await headers()).get('x-path') ?? '/')}`)
  if (!may(viewer, action)) {
    await tellRefusal(house().db, viewer, action, (await headers()).get('x-path') ?? '')
    forbidden()
  }
  return viewer
}

/**
 * The client's address: the last hop that no proxy of ours is, counted from our own server, which adds its peer
 * (scripts/page-server.ts). What a client wrote before that is not looked at. null where fewer came by than should.
 */
export function addressOf(from: Headers): string | null {
  const hops = (from.get('x-forwarded-for') ?? '').split(',').map(hop => hop.trim())
  const hop = hops.at(-1 - readEnv().proxies) ?? ''
  return isIP(hop) === 0 ? null : hop
}

/** The login of the organisation that a request is about, as proxy.ts found it; null where it is about whichever is first. */
export async function orgAskedFor(): Promise<string | null> {
  return (await headers()).get('x-org')
}

/** The organisation that a request of this viewer is about; throws AppError `not-found` before anything was crawled. */
export async function orgFor({ sees }: Viewer): Promise<number> {
  const orgId = await orgShown(house().db, { sees, asked: await orgAskedFor() })
  if (orgId === null) throw new AppError('not-found', 'Nothing has been crawled yet.')
  return orgId
}

/** By what an asker is counted who need not be known: the address, of version 6 its network. */
export function networkBehind(from: Headers): string {
  return networkOf(addressOf(from) ?? 'unknown')
}

/** Counts one request of this asker, over all processes; throws AppError `rate-limited`. */
export async function count(limit: SharedLimit, asker: string): Promise<Allowance> {
  const { db, url, buckets } = house()
  return refusing(db, url, () => limit.take(buckets, asker, new Date()))
}

const byAddress = new SharedLimit('address', 600)
/** All keys of a person together, or more keys would be more requests. */
const byPerson = new SharedLimit('person', 300)

type Entered = { db: Database; viewer: Viewer; allowances: readonly Allowance[] }

/** Who calls the public API; as `enter`, and counted, by the address before a key is looked up. */
export async function enterCounted(request: Request, action: Action): Promise<Entered> {
  const ofAddress = await count(byAddress, networkBehind(request.headers))
  const viewer = await permitted(request, action)
  return { db: house().db, viewer, allowances: [ofAddress, await count(byPerson, viewer.id)] }
}

/**
 * Who calls this route, by session or key; throws AppError where nobody is known or the role or key does not allow it.
 * A key is counted whatever it asks for; the pages' own calls are not.
 */
export async function enter(request: Request, action: Action): Promise<Entered> {
  if (request.headers.has('authorization')) return enterCounted(request, action)
  return { db: house().db, viewer: await permitted(request, action), allowances: [] }
}

async function permitted(request: Request, action: Action): Promise<Viewer> {
  const viewer = await viewerBy(request.headers)
  if (viewer === null) {
    if (request.headers.has('authorization')) await tellWrongKey(house().db, addressOf(request.headers))
    throw new AppError('unauthenticated', 'Nobody is signed in.', 'Sign in, or send a key: Authorization: Bearer plb_…')
  }
  if (!may(viewer, action)) {
    await tellRefusal(house().db, viewer, action, new URL(request.url).pathname)
    throw new AppError('forbidden', 'Your role, or this key, does not allow it.')
  }
  return viewer
}
