import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bareRepository, temporaryFolder } from './bare-repository.ts'

export const DIGEST = `sha256:${'a'.repeat(64)}`

/** A small organisation: `web` with a year of history and everything a sidecar can tell, `tool` without, `new` empty. */
export async function acme() {
  const dir = temporaryFolder()
  const web = await bareRepository(dir, 'web', [
    { date: '2026-01-10T00:00:00Z', files: { 'README.md': 'old\n' } },
    {
      date: '2026-03-01T00:00:00Z',
      files: { 'README.md': 'new\n', '.github/workflows/ci.yml': 'on: push\n', 'src/a/b.txt': 'deep\n' },
      tag: 'v1.0.0',
    },
  ])
  const tool = await bareRepository(dir, 'tool', [{ date: '2026-02-01T00:00:00Z', files: { 'a.txt': 'a\n' } }])
  await bareRepository(dir, 'new')
  const facts = {
    org: 'acme',
    policy: { shaPinningRequired: false },
    repositories: {
      tool: {
        settings: {
          vulnerabilityAlerts: false,
          secretScanning: true,
          securityUpdates: false,
          shaPinningRequired: true,
          defaultBranchProtected: false,
          protectedEnvironments: [],
        },
      },
      web: {
        id: 5_001,
        description: 'The shop',
        topics: ['shop'],
        language: 'TypeScript',
        teams: ['front'],
        properties: { 'Owning-Team': '@acme/Front, @Ada', maintainers: ['till', 'front'], tier: '1', squad: null },
        formerNames: ['site'],
        settings: {
          vulnerabilityAlerts: true,
          securityUpdates: true,
          secretScanning: false,
          shaPinningRequired: null,
          defaultBranchProtected: true,
          protectedEnvironments: ['production'],
        },
        releases: [
          { tag: 'v0.9.0', publishedAt: '2026-01-15T00:00:00Z' },
          {
            tag: 'v1.0.0',
            publishedAt: '2026-03-02T00:00:00Z',
            immutable: true,
            attested: true,
            assets: [{ name: 'web.tgz', digest: DIGEST }],
          },
        ],
        history: [
          { date: '2026-01-10T00:00:00Z', commit: web[0] ?? '' },
          { date: '2026-03-01T00:00:00Z', commit: web[1] ?? '' },
        ],
      },
    },
  }
  writeFileSync(join(dir, 'plumbline.json'), JSON.stringify(facts))
  return { dir, web, tool }
}
