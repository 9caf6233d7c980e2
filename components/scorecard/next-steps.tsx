import Link from 'next/link'
import { DownloadLink } from '#components/ui/download-link.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { patchHref } from '#lib/api/patches.ts'
import { repositoryHref } from '#lib/api/repositories.ts'
import { inOrder, isMinimum, pointsOf, stepWords, type TitledStep } from './steps.ts'

const SHOWN = 6

type Props = { name: string; steps: readonly TitledStep[]; fixes: boolean }

/** The head of the to-do list, and every safe fix as one file for those who may take it (`fixes`). */
export function NextSteps({ name, steps, fixes }: Props) {
  const all = inOrder(steps)
  const safe = steps.reduce((sum, step) => sum + step.fixes.safe, 0)
  const href = `${repositoryHref(name)}/remediation`
  return (
    <Panel
      title="Next, most gain first"
      aside={
        all.length > 0 && (
          <Link href={href} className="link">
            all {all.length}
          </Link>
        )
      }
    >
      {all.length === 0 ? (
        <p className="px-5 py-6 text-ink-2">Nothing is left to do.</p>
      ) : (
        <ol>
          {all.slice(0, SHOWN).map(step => (
            <li
              key={step.id}
              className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-t border-hair px-4 py-2.5 first:border-t-0 sm:px-5"
            >
              <a href={`#${step.id}`} className="underline-offset-3 hover:underline">
                {step.title}
              </a>
              <span className="text-right text-[0.8125rem] whitespace-nowrap">
                <Gain step={step} />
              </span>
              <span className="col-span-2 text-[0.8125rem] text-ink-3">{stepWords(step)}</span>
            </li>
          ))}
        </ol>
      )}
      {fixes && safe > 0 && (
        <p className="border-t border-hair px-4 py-3 text-[0.8125rem] text-ink-2 sm:px-5">
          <DownloadLink href={patchHref(name, { safe: 'yes' })}>
            {safe === 1 ? 'The safe fix as .patch' : `All ${safe} safe fixes as one .patch`}
          </DownloadLink>
        </p>
      )}
    </Panel>
  )
}

/** The points that a step brings; what could not be looked at is judged first. */
export function Gain({ step }: { step: TitledStep }) {
  if (step.outcome !== 'fail') return <span className="text-ink-3">then judged</span>
  return isMinimum(step) ? (
    <span className="text-pass">{pointsOf(step)}</span>
  ) : (
    <span className="text-ink-2">{pointsOf(step)} hardening</span>
  )
}
