import { DownloadLink } from '#components/ui/download-link.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Words } from '#components/ui/words.tsx'
import { patchHref } from '#lib/api/patches.ts'
import { repositoryHref } from '#lib/api/repositories.ts'
import { Gain } from './next-steps.tsx'
import { linesHref } from './places.ts'
import { isMinimum, stepWords, type TitledStep } from './steps.ts'

type Place = { webUrl: string; org: string; name: string; commit: string }

/** `fixes`: whether the reader may take them as files. */
type Props = { steps: readonly TitledStep[]; place: Place; fixes: boolean }

/** The whole to-do list of a repository, in the order of most gain for least work; on paper with boxes to tick. */
export function RemediationList({ steps, place, fixes }: Props) {
  if (steps.length === 0) {
    return (
      <section className="panel">
        <Empty title="Nothing is left to do">Every check that applies passes.</Empty>
      </section>
    )
  }
  const groups = [
    { title: 'For the score', own: steps.filter(step => step.outcome === 'fail' && isMinimum(step)) },
    { title: 'Hardening', own: steps.filter(step => step.outcome === 'fail' && !isMinimum(step)) },
    { title: 'Could not be looked at', own: steps.filter(step => step.outcome !== 'fail') },
  ].filter(group => group.own.length > 0)
  return (
    <div className="grid gap-6">
      {groups.map(({ title, own }) => (
        <section key={title} aria-label={title}>
          <h2 className="mb-2 text-[0.9375rem] font-semibold">{title}</h2>
          <ol className="panel">
            {own.map(step => (
              <Todo key={step.id} step={step} place={place} fixes={fixes} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function Todo({ step, place, fixes }: Omit<Props, 'steps'> & { step: TitledStep }) {
  const hidden = step.failing - step.places.length
  const fixable = step.fixes.safe + step.fixes.review
  return (
    <li className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-3 border-t border-hair px-4 py-4 sm:grid-cols-[1rem_minmax(0,1fr)_auto] first:border-t-0 sm:px-5">
      <span aria-hidden="true" className="mt-1 size-3.5 rounded-[4px] border-[1.5px] border-ink-3" />
      <div className="min-w-0">
        <h3 className="text-[0.9375rem] font-semibold">
          <a href={`${repositoryHref(place.name)}#${step.id}`} className="underline-offset-3 hover:underline">
            {step.title}
          </a>
        </h3>
        <p className="text-[0.8125rem] text-ink-3">{stepWords(step)}</p>
        <p className="mt-1.5 max-w-[75ch]">
          <Words text={step.outcome === 'fail' ? step.remediation : (step.reason ?? 'It could not be looked at.')} />
        </p>
        {step.places.length > 0 && (
          <ul className="mt-2 grid gap-1 text-[0.8125rem]">
            {step.places.map(one => (
              <li key={one.fingerprint} className="[overflow-wrap:anywhere]">
                <a
                  href={linesHref(place, { ...one, endLine: one.startLine })}
                  rel="noreferrer"
                  className="link font-mono text-[0.75rem]"
                >
                  <ForeignText text={`${one.path}:${one.startLine}`} />
                </a>{' '}
                <span className="text-ink-2">
                  <Words text={one.message} />
                </span>
              </li>
            ))}
            {hidden > 0 && <li className="text-ink-3">and {hidden.toLocaleString('en')} more</li>}
          </ul>
        )}
        {fixes && fixable > 0 && (
          <p className="mt-2">
            <DownloadLink
              href={patchHref(place.name, { check: step.id })}
              label={`Download what fixes ${step.title} as .patch`}
            >
              {fixable === 1 ? 'The fix' : `${fixable} fixes`} as .patch
            </DownloadLink>
          </p>
        )}
      </div>
      <span className="text-[0.9375rem] font-semibold whitespace-nowrap max-sm:col-start-2 max-sm:mt-1.5">
        <Gain step={step} />
      </span>
    </li>
  )
}
