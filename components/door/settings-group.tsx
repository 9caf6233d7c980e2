import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { Setting, SettingGroup } from '#lib/api/settings.ts'
import { Submit } from './controls.tsx'

/** `value` null: a secret, or lost. `lost`: no secret of PLUMBLINE_SECRET opens it. */
export type KeptSetting = { name: string; value: string | null; setAt: Date; setBy: string; lost: boolean }

type Props = {
  group: SettingGroup
  byEnvironment: boolean
  kept: readonly KeptSetting[]
  now: Date
  save(form: FormData): Promise<void>
  forget(form: FormData): Promise<void>
}

/** A group of settings: where each comes from, and a form that never holds a secret that is kept. */
export function SettingsGroup({ group, byEnvironment, kept, now, save, forget }: Props) {
  const { id, title, says, settings } = group
  const state = byEnvironment ? 'set by environment' : kept.length > 0 ? 'set here' : 'not set'
  return (
    <Panel id={id} title={title} aside={state}>
      <form action={save} className="grid gap-3 px-4 pt-4 sm:px-5">
        <input type="hidden" name="group" value={id} />
        <p className="text-[0.8125rem] text-ink-2">
          {says}
          {byEnvironment && ' What is kept here counts once the environment sets none of these any more.'}
        </p>
        {settings.map(setting => (
          <SettingField
            key={setting.name}
            setting={setting}
            kept={kept.find(one => one.name === setting.name)}
            now={now}
          />
        ))}
        <div className="pb-4">
          <Submit>Save</Submit>
        </div>
      </form>
      {kept.length > 0 && (
        <form action={forget} className="border-hair border-t px-4 py-3 sm:px-5">
          <input type="hidden" name="group" value={id} />
          <Submit plain>Remove what is kept here</Submit>
        </form>
      )}
    </Panel>
  )
}

const FIELD = 'mt-0.5 block w-full rounded-md border border-line bg-page px-2 text-[0.8125rem] text-ink'

function SettingField({ setting, kept, now }: { setting: Setting; kept: KeptSetting | undefined; now: Date }) {
  const { name, label, secret, hint, long } = setting
  const state = `${name}-state`
  const common = {
    id: name,
    name,
    'aria-describedby': state,
    autoComplete: 'off',
    spellCheck: false,
    maxLength: 10_000,
  }
  const placeholder = secret && kept ? 'kept; write a new one to replace it' : hint
  return (
    <div>
      <label htmlFor={name} className="text-[0.75rem] text-ink-2">
        {label}
        {long ? (
          <textarea {...common} rows={3} placeholder={placeholder} className={`${FIELD} py-1 font-mono`} />
        ) : (
          <input
            {...common}
            key={kept?.value}
            type={secret ? 'password' : 'text'}
            // What a browser takes for a new password it does not fill in with an old one.
            autoComplete={secret ? 'new-password' : 'off'}
            defaultValue={kept?.value ?? ''}
            placeholder={placeholder}
            className={`${FIELD} h-8`}
          />
        )}
      </label>
      <p id={state} className="mt-0.5 text-[0.75rem] text-ink-3">
        <code>{name}</code>
        {kept && (
          <>
            {' · set by '}
            <bdi>{kept.setBy}</bdi> <Moment at={kept.setAt} now={now} />
          </>
        )}
        {kept?.lost && <span className="text-fail"> · encrypted with a secret that is not there any more</span>}
      </p>
    </div>
  )
}
