import Link from 'next/link'
import { CountsBar } from '#components/judgement/counts-bar.tsx'
import { CountsLinks } from '#components/judgement/counts-links.tsx'
import type { Counts } from '#lib/api/overview.ts'
import { repositoriesHref } from '#lib/api/repositories.ts'
import type { Severity } from '#lib/check.ts'

type Props = { id: string; title: string; severity: Severity; counts: Counts | null }

/** A check in the catalogue, with how it stands over the organisation where anything has been judged. */
export function CatalogueRow({ id, title, severity, counts }: Props) {
  return (
    <li className="grid items-center gap-x-4 gap-y-1.5 border-t border-hair px-4 py-3 first:border-t-0 sm:px-5 md:grid-cols-[minmax(0,1fr)_minmax(4rem,8rem)_17.5rem]">
      <span className="min-w-0">
        <Link href={`/checks/${id}`} className="font-medium underline-offset-3 hover:underline">
          {title}
        </Link>
        <span className="block text-[0.8125rem] text-ink-3">
          <code className="font-mono text-[0.75rem]">{id}</code> · {severity}
        </span>
      </span>
      {counts && (
        <>
          <CountsBar counts={counts} />
          <CountsLinks counts={counts} subject={title} href={outcome => repositoriesHref({ check: id, outcome })} />
        </>
      )}
    </li>
  )
}
