/** What can be set on the settings page instead of in the environment, by the names that it has there. */

export type Setting = {
  name: string
  label: string
  /** Encrypted like the others, and besides never shown again. */
  secret: boolean
  hint?: string
  /** A text of several lines. */
  long?: boolean
}

export type SettingGroup = {
  id: 'crawl' | 'webhooks' | 'github' | 'oidc'
  title: string
  says: string
  settings: readonly Setting[]
}

/** A group counts as a whole: where the environment has one name of it, nothing of it is taken from here. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    id: 'crawl',
    title: 'What is crawled, and as whom',
    says: 'The organisations, and a token that reads them or a GitHub App that is installed there.',
    settings: [
      { name: 'GITHUB_ORG', label: 'Organisations', secret: false, hint: 'acme, acme-labs' },
      { name: 'GITHUB_TOKEN', label: 'Access token', secret: true, hint: 'github_pat_…' },
      { name: 'GITHUB_APP_ID', label: 'App id', secret: false },
      {
        name: 'GITHUB_APP_PRIVATE_KEY',
        label: 'App private key',
        secret: true,
        hint: 'The whole PEM file',
        long: true,
      },
    ],
  },
  {
    id: 'webhooks',
    title: 'Webhooks',
    says: 'What GitHub signs its deliveries with. During a change the new and the old one, with a space between.',
    settings: [{ name: 'GITHUB_WEBHOOK_SECRET', label: 'Webhook secret', secret: true }],
  },
  {
    id: 'github',
    title: 'Sign-in by GitHub',
    says: 'The OAuth app or GitHub App by which members of the organisations sign in.',
    settings: [
      { name: 'GITHUB_CLIENT_ID', label: 'Client id', secret: false },
      { name: 'GITHUB_CLIENT_SECRET', label: 'Client secret', secret: true },
    ],
  },
  {
    id: 'oidc',
    title: 'Sign-in by OpenID Connect',
    says: 'A provider on the internet. One inside your network can only be named in the environment.',
    settings: [
      { name: 'OIDC_ISSUER', label: 'Issuer', secret: false, hint: 'https://login.example' },
      { name: 'OIDC_CLIENT_ID', label: 'Client id', secret: false },
      { name: 'OIDC_CLIENT_SECRET', label: 'Client secret', secret: true },
    ],
  },
]

export function groupOf(id: string): SettingGroup | null {
  return SETTING_GROUPS.find(group => group.id === id) ?? null
}
