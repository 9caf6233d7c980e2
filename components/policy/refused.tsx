import type { PolicyRefusal } from '#lib/api/policy.ts'

/** Why nothing was tried or saved. Where somebody else saved meanwhile the draft stays, and what to do with it is asked. */
export function Refused({ refused, newest, onGoOn }: PolicyRefusal & { onGoOn(newest: number): void }) {
  return (
    <div role="alert" className="text-[0.8125rem]">
      <p className="text-fail">{refused}</p>
      {newest !== null && (
        <p className="mt-1.5 flex flex-wrap items-center gap-2">
          <a href="/policy" target="_blank" rel="noreferrer" className="control">
            See version {newest}
          </a>
          <button type="button" className="control" onClick={() => onGoOn(newest)}>
            Go on: my draft takes the place of version {newest}
          </button>
        </p>
      )}
    </div>
  )
}
