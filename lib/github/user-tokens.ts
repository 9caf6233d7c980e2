/** Tokens of people who signed in by a GitHub App end after eight hours; another token, good once, gets the next pair. */
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { addressesOf } from './addresses.ts'
import { notGitHub, unreachable } from './trouble.ts'

export type UserTokens = { accessToken: string; expiresAt: Date; refreshToken: string; refreshExpiresAt: Date }
export type RefreshWith = { apiUrl: string; clientId: string; clientSecret: string; refreshToken: string; now: Date }

const LONGEST_MS = 30_000

// GitHub tells a refusal with status 200 as well.
const answer = z.union([
  z.object({
    access_token: z.string().min(1),
    expires_in: z.int().positive(),
    refresh_token: z.string().min(1),
    refresh_token_expires_in: z.int().positive(),
  }),
  z.object({ error: z.string() }),
])

/** Throws AppError: `token-rejected` where the token is used up, too old or revoked; unreachable; no GitHub. */
export async function refreshUserTokens(wish: RefreshWith): Promise<UserTokens> {
  const { apiUrl, clientId, clientSecret, refreshToken, now } = wish
  const { web, host } = addressesOf(apiUrl)
  const form = {
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  }
  const response = await fetch(`${web}/login/oauth/access_token`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(form),
    redirect: 'error',
    signal: AbortSignal.timeout(LONGEST_MS),
  }).catch((error: unknown) => {
    throw unreachable(host, error)
  })
  const told = answer.safeParse(await response.json().catch(() => null))
  if (!told.success) throw notGitHub(host)
  if ('error' in told.data)
    throw new AppError('token-rejected', `${host} gives this person no new token.`, 'Signing in again gets one.')
  const after = (seconds: number) => new Date(now.getTime() + seconds * 1000)
  return {
    accessToken: told.data.access_token,
    expiresAt: after(told.data.expires_in),
    refreshToken: told.data.refresh_token,
    refreshExpiresAt: after(told.data.refresh_token_expires_in),
  }
}
