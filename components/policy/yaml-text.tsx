'use client'

import type { RefObject } from 'react'

type Props = { area: RefObject<HTMLTextAreaElement | null>; text: string; onText(text: string): void }

/** The draft as it is kept: written by hand, taken from a file, or saved as one. */
export function YamlText({ area, text, onText }: Props) {
  function saveAsFile() {
    const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }))
    Object.assign(document.createElement('a'), { href: address, download: 'policy-draft.yaml' }).click()
    URL.revokeObjectURL(address)
  }
  return (
    <section className="panel min-w-0 overflow-hidden">
      <div className="flex flex-wrap items-center justify-between gap-2 border-hair border-b px-4 py-3 sm:px-5">
        <label htmlFor="policy-text" className="text-[0.875rem] font-semibold">
          The policy as YAML
        </label>
        <span className="flex flex-wrap gap-2">
          <label className="control relative cursor-pointer focus-within:outline-2 focus-within:outline-brand">
            Take a file
            <input
              type="file"
              accept=".yaml,.yml,text/yaml"
              className="sr-only"
              onChange={async event => {
                const file = event.target.files?.[0]
                if (file) onText(await file.text())
                event.target.value = ''
              }}
            />
          </label>
          <button type="button" className="control" onClick={saveAsFile}>
            Save the draft as a file
          </button>
        </span>
      </div>
      <textarea
        id="policy-text"
        ref={area}
        value={text}
        onChange={event => onText(event.target.value)}
        spellCheck={false}
        rows={Math.min(34, Math.max(14, text.split('\n').length + 1))}
        aria-describedby="policy-problems"
        className="block w-full resize-y bg-code px-4 py-3 font-mono text-[0.8125rem] leading-relaxed whitespace-pre text-ink sm:px-5"
      />
    </section>
  )
}
