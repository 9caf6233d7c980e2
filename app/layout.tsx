import './globals.css'
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { type ReactNode, Suspense } from 'react'
import { Account } from '#components/door/account.tsx'
import { DemoBanner } from '#components/frame/demo-banner.tsx'
import { LiveProgress } from '#components/frame/live-progress.tsx'
import { Palette } from '#components/frame/palette.tsx'
import { Providers } from '#components/frame/providers.tsx'
import { staleness } from '#components/frame/stale.tsx'
import { Status } from '#components/frame/status.tsx'
import { MAIN_PLACES } from '#components/layout/main-places.ts'
import { QuietBoundary } from '#components/layout/quiet-boundary.tsx'
import { Shell } from '#components/layout/shell.tsx'
import { Bone } from '#components/ui/skeleton.tsx'
import { patienceOf } from '#lib/api/crawls.ts'
import { type Action, may, type Viewer } from '#lib/auth/permit.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { readEnv } from '#lib/env.ts'
import { unheardSince } from '#lib/store/pages/unheard.ts'
import { countAskedWaivers } from '#lib/store/pages/waivers.ts'
import { knownViewer } from './door.ts'
import { currentFrame, currentPlace, currentProgress, read } from './reading.ts'

export const metadata: Metadata = {
  title: { default: 'Plumbline', template: '%s · Plumbline' },
  description: 'Supply-chain posture of a GitHub organisation',
  robots: { index: false, follow: false },
}

// Every page shows what the database holds now, and its scripts carry the nonce of this one answer.
export const dynamic = 'force-dynamic'

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? ''
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <head>
        {/* By this the buttons' own style sheet is let in. */}
        <meta property="csp-nonce" nonce={nonce} />
      </head>
      <body>
        <Providers nonce={nonce}>
          <Shell
            banner={<Quiet fallback={null}>{<Banner />}</Quiet>}
            status={
              <Quiet
                fallback={<p className="text-[0.8125rem] text-fail">The database cannot be read</p>}
                // On a phone it takes two lines.
                bone="h-10 w-72 sm:h-5"
              >
                <CurrentStatus />
              </Quiet>
            }
            counts={{
              '/repositories': (
                <Quiet fallback={null} bone="h-5 w-9">
                  <RepositoryCount />
                </Quiet>
              ),
              '/checks': <span className="text-ink-3">{CHECKS.length}</span>,
              '/waivers': (
                <Quiet fallback={null}>
                  <WaiverCount />
                </Quiet>
              ),
            }}
            palette={
              <Quiet fallback={null} bone="h-8 w-24">
                <CurrentPalette />
              </Quiet>
            }
            account={
              <Quiet fallback={null} bone="h-8 w-32">
                <WhoIsHere />
              </Quiet>
            }
          >
            {children}
          </Shell>
        </Providers>
      </body>
    </html>
  )
}

/** The frame's own parts wait and fail apart from the page, which says what is wrong at length. */
function Quiet({ fallback, bone, children }: { fallback: ReactNode; bone?: string; children: ReactNode }) {
  return (
    <QuietBoundary fallback={fallback}>
      <Suspense fallback={bone ? <Bone className={bone} /> : null}>{children}</Suspense>
    </QuietBoundary>
  )
}

async function Banner() {
  if ((await knownViewer()) === null) return null
  const [shown, progress] = await Promise.all([currentPlace(), currentProgress()])
  const now = new Date()
  const since = await read(db => unheardSince(db, progress.run, patienceOf(readEnv().crawlMinutes), now))
  return (
    <>
      {shown?.demo && <DemoBanner />}
      <LiveProgress initial={progress} instead={staleness({ run: progress.run, since, now })} />
    </>
  )
}

async function CurrentStatus() {
  if ((await knownViewer()) === null) return <span />
  const frame = await currentFrame()
  if (frame === null) return <p className="text-[0.8125rem] text-ink-2">Nothing has been crawled yet</p>
  return <Status frame={frame} now={new Date()} />
}

const PLACES: readonly { href: string; label: string; action: Action }[] = [
  { href: '/members', label: 'Members', action: 'members:manage' },
  { href: '/settings', label: 'Settings', action: 'settings:change' },
  { href: '/keys', label: 'API keys', action: 'key:own' },
  { href: '/api-docs', label: 'API', action: 'read' },
  { href: '/audit', label: 'Audit log', action: 'audit:read' },
]

function placesOf(viewer: Viewer) {
  return PLACES.filter(({ action }) => may(viewer, action)).map(({ href, label }) => ({ href, label }))
}

async function CurrentPalette() {
  const viewer = await knownViewer()
  if (viewer === null) return null
  const pages = [...MAIN_PLACES, ...placesOf(viewer)].map(place => ({ ...place, kind: 'Page' as const }))
  const checks = CHECKS.map(({ id, title }) => ({ href: `/checks/${id}`, label: title, kind: 'Check' as const }))
  return <Palette places={[...pages, ...checks]} />
}

async function WhoIsHere() {
  const viewer = await knownViewer()
  if (viewer === null) return null
  const places = placesOf(viewer)
  return <Account name={viewer.name} role={viewer.role} places={places} leaves={viewer.via === 'session'} />
}

async function RepositoryCount() {
  if ((await knownViewer()) === null) return null
  const frame = await currentFrame()
  const count = frame === null ? 0 : frame.coverage.total - frame.coverage.archived
  return <span className="text-ink-3">{count.toLocaleString('en')}</span>
}

/** Those that wait for a decision. */
async function WaiverCount() {
  if ((await knownViewer()) === null) return null
  const shown = await currentPlace()
  const count = shown === null ? 0 : await read(db => countAskedWaivers(db, shown.scope))
  return count === 0 ? null : (
    <span className="text-ink-3">
      {count}
      <span className="sr-only"> to decide</span>
    </span>
  )
}
