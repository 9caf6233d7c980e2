'use client'

import { useMutation } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { LeaveGuard } from '#components/ui/leaving.tsx'
import type { SaveAnswer, TryAnswer } from '#lib/api/policy.ts'
import type { Draft } from '#lib/policy/draft.ts'
import type { PolicyProblem } from '#lib/policy/read-policy.ts'
import { idOf, type PolicyFacts } from './drafting.tsx'
import { EditorTabs, type EditorView } from './editor-tabs.tsx'
import { PolicyForm, type Rules } from './form.tsx'
import { placeOf } from './place.ts'
import { Refused } from './refused.tsx'
import { Trial } from './trial.tsx'
import { YamlText } from './yaml-text.tsx'

type Props = {
  initial: string
  /** What the server read in it: the form is there before what reads YAML has come. */
  initialDraft: Draft
  /** The version in force when the page was made; 0 before there is one. */
  number: number
  view: EditorView
  facts: PolicyFacts
  tryText(text: string, basedOn: number): Promise<TryAnswer>
  save(trialId: number, note: string, basedOn: number): Promise<SaveAnswer>
}

/**
 * Fill in or write, check, see what it does, save. The text is the only draft: form and YAML are two views of it, and what
 * was typed stays, whatever is said of it.
 */
export function PolicyEditor({ initial, initialDraft, number, view: first, facts, tryText, save }: Props) {
  const [text, setText] = useState(initial)
  const [basedOn, setBasedOn] = useState(number)
  const [view, setView] = useState(first)
  const [told, setTold] = useState<string | null>(null)
  const [tried, setTried] = useState<string | null>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const { rules, missing, load } = useRules()
  const draft = useMemo(() => rules?.readDraft(text, idsOf(facts)) ?? initialDraft, [rules, text, facts, initialDraft])
  const check = useMutation({
    mutationFn: (sent: { text: string; base: number }) => tryText(sent.text, sent.base),
    onSuccess: (_, sent) => setTried(sent.text),
  })
  const answer = tried === text && !check.isPending ? check.data : undefined
  const trial = answer && 'trial' in answer ? answer.trial : null

  // Once somebody asked, what is wrong is told until it is mended; in the YAML only of the text that was checked.
  const isTold = told !== null && (view === 'form' || told === text)
  const problems = isTold ? draft.problems : answer && 'problems' in answer ? answer.problems : []

  function see(next: EditorView) {
    setView(next)
    const url = new URL(window.location.href)
    url.searchParams.set('as', next)
    window.history.replaceState(null, '', url)
  }

  async function submit(base: number) {
    const { problems: wrong } = (await load())?.readDraft(text, idsOf(facts)) ?? {}
    if (wrong === undefined) return
    flushSync(() => setTold(wrong.length > 0 ? text : null))
    if (wrong.length === 0) check.mutate({ text, base })
    else if (view === 'form') goTo(wrong[0])
  }

  async function edit(change: (rules: Rules, text: string) => string) {
    const known = rules ?? (await load())
    // At once, so that what was added can take the focus.
    if (known) flushSync(() => setText(before => change(known, before)))
  }

  /** To the field that is wrong, or to its line where no field is. */
  function goTo(problem: Pick<PolicyProblem, 'line'> & Partial<Pick<PolicyProblem, 'path'>> = { line: 1 }) {
    if (view === 'form') {
      const field = fieldOf(problem.path ?? [])
      if (field) return field.focus()
      flushSync(() => see('yaml'))
    }
    const start =
      text
        .split('\n')
        .slice(0, problem.line - 1)
        .join('\n').length + (problem.line > 1 ? 1 : 0)
    const end = text.indexOf('\n', start)
    area.current?.focus()
    area.current?.setSelectionRange(start, end === -1 ? text.length : end)
  }

  function placeIn(problem: object): string | null {
    if ('refused' in draft || !('path' in problem)) return null
    return placeOf(problem.path as PolicyProblem['path'], draft.value, facts)
  }

  function goOn(newest: number) {
    setBasedOn(newest)
    submit(newest)
  }

  return (
    <div className="grid gap-4">
      <LeaveGuard active={text !== initial} lost="What you changed in the policy was not saved, and is gone then." />
      <EditorTabs view={view} onSee={see}>
        {view === 'form' ? (
          <PolicyForm
            draft={draft}
            facts={facts}
            told={told !== null}
            ready={rules !== null}
            edit={edit}
            onYaml={() => goTo(draft.problems[0])}
          />
        ) : (
          <YamlText area={area} text={text} onText={setText} />
        )}
      </EditorTabs>
      <section
        id="policy-problems"
        aria-label="Check"
        className="panel sticky bottom-2 z-10 grid max-h-[50vh] min-w-0 gap-2.5 overflow-y-auto px-4 py-3 shadow-lg sm:px-5"
      >
        {problems.length > 0 && (
          <div role="alert" className="text-[0.8125rem] text-fail">
            <ul className="grid max-h-24 gap-1 overflow-y-auto sm:max-h-40">
              {problems.map(problem => {
                const place = view === 'form' ? placeIn(problem) : null
                return (
                  <li key={`${problem.line} ${problem.sentence}`}>
                    <button
                      type="button"
                      className="text-left underline underline-offset-3"
                      onClick={() => goTo(problem)}
                    >
                      {place ?? `Line ${problem.line}`}
                    </button>
                    {place && 'says' in problem ? `: ${problem.says}` : ` ${problem.sentence}`}
                  </li>
                )
              })}
            </ul>
          </div>
        )}
        {(check.error || missing) && (
          <p role="alert" className="text-[0.8125rem] text-fail">
            {check.error?.message ?? 'A part of this page did not arrive. Copy your text, and load the page again.'}
          </p>
        )}
        {answer && 'refused' in answer && <Refused {...answer} onGoOn={goOn} />}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <button
            type="button"
            disabled={check.isPending}
            onClick={() => submit(basedOn)}
            className="h-8 rounded-md bg-brand px-3 text-[0.8125rem] font-medium text-page"
          >
            {check.isPending ? 'Reading …' : 'Check, and show what it does'}
          </button>
          <span className="text-[0.75rem] text-ink-2">
            {text === initial ? 'Nothing is changed yet.' : 'Changed here, and not saved.'}
          </span>
        </div>
      </section>
      {trial !== null && <Trial key={trial} id={trial} basedOn={basedOn} save={save} onGoOn={goOn} />}
    </div>
  )
}

/** The control at a path, or at the nearest part of it that has one. */
function fieldOf(path: readonly PropertyKey[]): HTMLElement | null {
  for (let length = path.length; length > 0; length--) {
    const field = document.getElementById(idOf(path.slice(0, length).map(String)))
    if (field) return field
  }
  return null
}

function idsOf({ checks }: PolicyFacts): string[] {
  return checks.map(({ id }) => id)
}

/** What reads and writes YAML: it comes once somebody means to edit, not with the page. */
function useRules() {
  const [rules, setRules] = useState<Rules | null>(null)
  const [missing, setMissing] = useState(false)
  const load = useCallback(async () => {
    try {
      const loaded: Rules = await import('#lib/policy/draft.ts')
      setRules(loaded)
      setMissing(false)
      return loaded
    } catch {
      setMissing(true)
      return null
    }
  }, [])
  useEffect(() => {
    const heard = new AbortController()
    for (const kind of ['pointermove', 'pointerdown', 'keydown', 'focusin'])
      window.addEventListener(kind, load, { signal: heard.signal, once: true })
    return () => heard.abort()
  }, [load])
  return { rules, missing, load }
}
