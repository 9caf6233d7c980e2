'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useSyncExternalStore } from 'react'

const CHOICES = [
  { value: 'system', label: 'As the system', Icon: Monitor },
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
] as const

const never = () => () => {}

/** Three radio buttons: the arrow keys move between them, as everywhere. */
export function ThemeSwitch() {
  const { theme, setTheme } = useTheme()
  // The server cannot know the reader's choice: nothing is checked until the page runs in the browser.
  const known = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  return (
    <fieldset className="flex w-fit rounded-lg border border-line p-0.5">
      <legend className="sr-only">Colours</legend>
      {CHOICES.map(({ value, label, Icon }) => (
        <label
          key={value}
          title={label}
          className="cursor-pointer rounded-md p-1.5 text-ink-3 has-checked:bg-brand-soft has-checked:text-brand has-focus-visible:outline-2 has-focus-visible:outline-brand"
        >
          <input
            type="radio"
            name="theme"
            value={value}
            className="sr-only"
            checked={known && theme === value}
            onChange={() => setTheme(value)}
          />
          <Icon size={14} aria-hidden="true" />
          <span className="sr-only">{label}</span>
        </label>
      ))}
    </fieldset>
  )
}
