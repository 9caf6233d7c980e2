import { ownPath } from '#lib/http/own-path.ts'
import { addressOf, house } from '../../door.ts'

/** Sends the browser to a provider, and from there back to where it wanted to go. */
export async function GET(request: Request, { params }: { params: Promise<{ provider: string }> }): Promise<Response> {
  const { signIn } = house()
  const { provider } = await params
  if (signIn === null) return new Response('Nobody has to sign in here.\n', { status: 404 })
  const callbackURL = ownPath(new URL(request.url).searchParams.get('to'))
  // As the browser would ask itself: the same checks and the same limits.
  const asked = new Request(`${signIn.url}/api/auth/sign-in/social`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: signIn.url, cookie: request.headers.get('cookie') ?? '' },
    body: JSON.stringify({ provider, callbackURL, disableRedirect: true }),
  })
  const answer = await signIn.handler(asked, addressOf(request.headers))
  if (answer.status === 429) return new Response('Too many sign-ins were begun. Wait a minute.\n', { status: 429 })
  const { url } = (await answer.json()) as { url?: string }
  if (!answer.ok || url === undefined) return new Response('There is no such way to sign in.\n', { status: 404 })
  const redirect = new Response(null, { status: 302, headers: { location: url, 'cache-control': 'no-store' } })
  for (const cookie of answer.headers.getSetCookie()) redirect.headers.append('set-cookie', cookie)
  return redirect
}
