import { WAIVER_REASONS } from '#lib/api/waivers.ts'

export const FIELD = 'mt-0.5 block w-full rounded-md border border-line bg-page px-2 text-[0.8125rem] text-ink'

export const LABEL = 'block text-[0.75rem] text-ink-2'

export function ReasonField() {
  return (
    <label className={LABEL}>
      Reason
      <select name="reason" required defaultValue="" className={`${FIELD} h-8`}>
        <option value="" disabled>
          choose one
        </option>
        {WAIVER_REASONS.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  )
}

export function WhyField({ required }: { required: boolean }) {
  return (
    <label className={LABEL}>
      {required ? 'Why, in a sentence' : 'Why (may stay empty)'}
      <textarea
        name="words"
        rows={2}
        required={required}
        minLength={required ? 10 : undefined}
        maxLength={1000}
        className={`${FIELD} py-1.5`}
      />
    </label>
  )
}

export function LastDayField({ first, latest, value }: { first: string; latest: string; value: string }) {
  return (
    <label className={LABEL}>
      To the end of (until {latest} at most)
      <input
        type="date"
        name="lastDay"
        required
        min={first}
        max={latest}
        defaultValue={value}
        className={`${FIELD} h-8`}
      />
    </label>
  )
}
