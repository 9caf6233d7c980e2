import type { Part } from '../ecosystem/part.ts'
import { text } from '../files.ts'
import type { Posture } from '../posture.ts'
import { uses } from './uses.ts'

/** A step that uses an action, with inputs. */
export function action(name: string, posture: Posture, inputs: Readonly<Record<string, string>> = {}): string {
  const entries = Object.entries(inputs)
  return text(
    `- uses: ${uses(name, posture)}`,
    entries.length > 0 && '  with:',
    entries.map(([key, value]) => `    ${key}: ${value}`),
  )
}

/** A step that runs a command, in the folder of its part where it is not the root. */
export function run(name: string, command: string, directory = ''): string {
  return text(`- name: ${name}`, directory !== '' && `  working-directory: ${directory}`, `  run: ${command}`)
}

export function checkout(posture: Posture): string {
  return action('actions/checkout', posture, posture.keepsCredentials ? {} : { 'persist-credentials': 'false' })
}

/** The toolchain of a part and what it depends on. */
export function prepare(part: Part, posture: Posture): string[] {
  const install = part.install(posture)
  return [
    ...(part.setup ? [action(part.setup.uses, posture, part.setup.with)] : []),
    ...(install === null ? [] : [run('Install', install, part.directory)]),
  ]
}
