import Link from 'next/link'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { type Owner, type OwnerSource, ownedHref } from '#lib/api/owners.ts'

export const SOURCE_WORDS: Record<OwnerSource, string> = {
  team: 'team',
  codeowners: 'CODEOWNERS',
  property: 'property',
}

/** Who answers for a repository, each with where that is said; a name leads to all that its owner has. */
export function OwnerNames({ owners }: { owners: readonly Owner[] }) {
  return (
    <span className="inline-flex flex-wrap gap-x-3 gap-y-0.5">
      {owners.map(({ name, sources }) => (
        <span key={name} className="min-w-0">
          <Link href={ownedHref(name)} className="underline-offset-3 [overflow-wrap:anywhere] hover:underline">
            <ForeignText text={name} />
          </Link>{' '}
          <span className="text-[0.75rem] text-ink-3">{sources.map(source => SOURCE_WORDS[source]).join(' · ')}</span>
        </span>
      ))}
    </span>
  )
}
