import { CopyButton } from '#components/ui/copy-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { JudgedCheck } from '#lib/api/scorecard.ts'
import { verdictOf } from './verdict.ts'

type Step = JudgedCheck & { title: string; remediation: string; minimum: boolean }

/** What to do, most gain first; what could not be judged comes last, for its gain is not known. */
export function NextSteps({ name, steps }: { name: string; steps: readonly Step[] }) {
  const failing = steps
    .filter(step => step.outcome === 'fail')
    .sort((a, b) => Number(b.minimum) - Number(a.minimum) || b.gain - a.gain)
  const unseen = steps.filter(step => step.outcome === 'unknown')
  const all = [...failing, ...unseen]
  return (
    <Panel
      title="Next, most gain first"
      aside={all.length > 0 && <CopyButton text={markdownOf(name, all)} label="As Markdown" />}
    >
      {all.length === 0 ? (
        <p className="px-5 py-6 text-ink-2">Nothing is left to do.</p>
      ) : (
        <ol>
          {all.map(step => (
            <li
              key={step.id}
              className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-t border-hair px-4 py-2.5 first:border-t-0 sm:px-5"
            >
              <a href={`#${step.id}`} className="underline-offset-3 hover:underline">
                {step.title}
              </a>
              <span className="text-right text-[0.8125rem] whitespace-nowrap">{gainOf(step)}</span>
              <span className="col-span-2 text-[0.8125rem] text-ink-3">{verdictOf(step)}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

function gainOf(step: Step) {
  if (step.outcome === 'unknown') return <span className="text-ink-3">then judged</span>
  const points = `+${step.gain >= 10 ? Math.round(step.gain) : step.gain.toFixed(1)}`
  return step.minimum ? (
    <span className="text-pass">{points}</span>
  ) : (
    <span className="text-ink-2">{points} hardening</span>
  )
}

function markdownOf(name: string, steps: readonly Step[]): string {
  const lines = steps.map(step => {
    const places = step.findings.map(finding => `  - \`${finding.path}:${finding.startLine}\``)
    return [`- [ ] **${step.title}** (${verdictOf(step)}). ${step.remediation}`, ...places].join('\n')
  })
  return `## ${name}: what to do next\n\n${lines.join('\n')}\n`
}
