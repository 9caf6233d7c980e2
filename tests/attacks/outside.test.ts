import { expect, test } from 'vitest'
import { isOutside, refuseInside, refuseInsideIssuer } from '#lib/auth/outside.ts'

const INSIDE = ['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0']
const INSIDE_6 = ['::1', '::', 'fe80::1', 'fc00::1', 'fd00:ec2::254', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe']
const TUNNELLED = ['2002:a9fe:a9fe::1', '2001:0:a9fe::1', '2001:db8::1', '224.0.0.1', '255.255.255.255', 'no address']

test.each([...INSIDE, ...INSIDE_6, ...TUNNELLED])('%s is not out on the internet', address => {
  expect(isOutside(address)).toBe(false)
})

test.each(['140.82.121.4', '8.8.8.8', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])(
  '%s is out on the internet',
  address => expect(isOutside(address)).toBe(true),
)

const OUT = async () => ['140.82.121.4']
const refused = { code: 'invalid-input' }

test.each([
  'http://login.example',
  'file:///etc/passwd',
  'https://user:pass@login.example',
  'https://169.254.169.254/latest/meta-data',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://0251.0376.0251.0376/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'not an address',
])('%s may not be named on a page', async address => {
  await expect(refuseInside(address, OUT)).rejects.toMatchObject(refused)
})

test('a name counts by where it leads, all of it', async () => {
  await refuseInside('https://login.example', OUT)
  const one = async () => ['140.82.121.4', '10.0.0.1']
  await expect(refuseInside('https://login.example', one)).rejects.toMatchObject(refused)
  const nowhere = async () => []
  await expect(refuseInside('https://login.example', nowhere)).rejects.toThrow('There is no host login.example.')
})

/** A provider that says this of itself. */
function saying(document: unknown, init: ResponseInit = {}): typeof fetch {
  return async () => new Response(JSON.stringify(document), init)
}
const ISSUER = 'https://login.example'
const FINE = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/keys`,
}

test('a provider may not send us inside by what it names, nor by a redirect', async () => {
  await refuseInsideIssuer(ISSUER, OUT, saying(FINE))
  for (const name of ['token_endpoint', 'jwks_uri', 'userinfo_endpoint'] as const) {
    const document = { ...FINE, [name]: 'https://169.254.169.254/token' }
    await expect(refuseInsideIssuer(ISSUER, OUT, saying(document))).rejects.toMatchObject(refused)
  }
  let how: RequestInit | undefined
  const noting: typeof fetch = async (_, init) => {
    how = init
    return Response.json(FINE)
  }
  await refuseInsideIssuer(ISSUER, OUT, noting)
  expect(how?.redirect).toBe('error')
})

test.each([
  ['somebody else', saying({ ...FINE, issuer: 'https://other.example' })],
  ['nothing', saying({})],
  ['too much', saying({ ...FINE, more: 'a'.repeat(200_000) })],
  ['a refusal', saying(FINE, { status: 500 })],
])('a provider that answers as %s is none, and no more is told of it', async (_, ask) => {
  await expect(refuseInsideIssuer(ISSUER, OUT, ask)).rejects.toThrow(
    'There is no OpenID Connect provider by that name.',
  )
})
