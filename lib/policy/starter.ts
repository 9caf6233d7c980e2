import { ITEMS } from '../check.ts'
import { defaultPolicy } from './policy.ts'

/** The text that a first policy begins with: all of it commented, so that it demands what the defaults do. */
export function starterPolicy(): string {
  const registries = Object.entries(defaultPolicy.trustedRegistries).map(
    ([name, hosts]) => `#   ${name}: [${hosts.join(', ')}]`,
  )
  return `# What the organisation demands. What is not said here is as it is by default.
version: 1

# How much each item counts in the score: 0 to 10, by default 1. 0 leaves it out.
# items:
${ITEMS.map(({ id }) => `#   ${id}: 1`).join('\n')}

# How much a check counts within its item or section, 0 to 10, and how severe it is said to be.
# checks:
#   updates-weekly: { weight: 0, severity: low }

# Which reference is enough for an action: sha, tag or any. The most specific pattern counts.
# actions:
#   - { pattern: 'our-org/*', demand: tag }

# The hosts from which packages may come. A list takes the place of the default one, which is:
# registries:
${registries.join('\n')}

# Folders that are test data or vendored code, besides those that are left out anyway.
# left-out: [examples]

# How long a waiver lasts at most.
# longest-waiver-days: ${defaultPolicy.longestWaiverDays}

# Other demands on some repositories, by topic, team, custom property or visibility. Of several groups the later counts.
# groups:
#   - name: Tier 1
#     match: { topics: [tier-1] }
#     items: { sign-releases: 3 }
#   - name: Regulated
#     match: { properties: { compliance: [pci, sox] } }
#     longest-waiver-days: 30
`
}
