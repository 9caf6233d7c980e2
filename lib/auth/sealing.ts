/** What is secret at rest: encrypted with PLUMBLINE_SECRET, which is not in the database. */
import { createHash } from 'node:crypto'
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'

/** At least one; the first is used, the others still open. */
type Secrets = { secrets: readonly [string, ...string[]] }

/** A token as `Account` keeps it, opened with the secret that is used or one before it. Throws where none fits. */
export async function openToken(sealed: string, { secrets }: Secrets): Promise<string> {
  return symmetricDecrypt({ key: keyring(secrets), data: sealed })
}

/** Encrypted with the newest secret. */
export async function sealToken(token: string, { secrets }: Secrets): Promise<string> {
  return symmetricEncrypt({ key: keyring(secrets), data: token })
}

/**
 * What these secrets can make of it: `newest`, `older`; `foreign`: sealed by a secret that is not among them, which may
 * turn up again; `broken`: nothing that any secret will ever open.
 */
export async function sealedBy(
  sealed: string,
  { secrets }: Secrets,
): Promise<'newest' | 'older' | 'foreign' | 'broken'> {
  const { keys, currentVersion } = keyring(secrets)
  const version = Number(/^\$ba\$(\d+)\$[0-9a-f]+$/.exec(sealed)?.[1] ?? Number.NaN)
  if (Number.isNaN(version)) return 'broken'
  if (!keys.has(version)) return 'foreign'
  const opens = await openToken(sealed, { secrets }).then(
    () => true,
    () => false,
  )
  if (!opens) return 'broken'
  return version === currentVersion ? 'newest' : 'older'
}

/** A secret's number comes from itself, so that it stays the same whichever others stand beside it. */
export function keyring(secrets: Secrets['secrets']) {
  const numbered = secrets.map(value => {
    const version = Number.parseInt(createHash('sha256').update(value).digest('hex').slice(0, 7), 16)
    return { version, value }
  })
  const keys = new Map(numbered.map(({ version, value }) => [version, value]))
  return { keys, currentVersion: numbered[0]?.version ?? 0 }
}
