import type { PolicyFacts } from '#components/policy/drafting.tsx'
import { CHECKS } from '#lib/checks/index.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { registriesKnownBy } from '#lib/policy/registries.ts'

/** What there is to be demanded and what is by default, for the form. */
export const FACTS: PolicyFacts = {
  checks: CHECKS.map(({ id, title, item, severity }) => ({ id, title, item, severity })),
  registries: Object.entries(defaultPolicy.trustedRegistries).map(([ecosystem, hosts]) => ({
    ...{ ecosystem, hosts, knownBy: registriesKnownBy(ecosystem) },
  })),
  leftOut: defaultPolicy.leftOut.segments,
  longestWaiverDays: defaultPolicy.longestWaiverDays,
}
