import { KeepOrg } from './keep-org.tsx'

/** Whose repositories these are; where there are several organisations, with the way to the others. */
export function OrgName({ org, orgs }: { org: string; orgs: readonly string[] }) {
  if (orgs.length < 2) return <span className="text-[0.875rem] font-medium text-ink">{org}</span>
  return (
    <>
      <KeepOrg org={org} />
      <details className="relative">
        <summary className="-mx-2 list-none rounded-md px-2 py-0.5 text-[0.875rem] font-medium text-ink hover:bg-brand-soft">
          <span className="sr-only">Organisation: </span>
          {org}
          <span aria-hidden="true" className="ml-1 text-ink-3">
            ▾
          </span>
        </summary>
        <nav
          aria-label="Organisations"
          className="panel absolute left-0 z-20 mt-1 grid max-h-[60vh] min-w-44 gap-0.5 overflow-y-auto p-1.5 shadow-lg"
        >
          {orgs.map(login => (
            // A whole new page: nothing that was read of another organisation stays behind.
            <a
              key={login}
              href={`/?${new URLSearchParams({ org: login })}`}
              aria-current={login === org ? 'true' : undefined}
              className="rounded px-2.5 py-1.5 hover:bg-brand-soft aria-[current=true]:font-medium aria-[current=true]:text-ink"
            >
              {login}
            </a>
          ))}
        </nav>
      </details>
    </>
  )
}
