import { json } from '../files.ts'
import type { Posture } from '../posture.ts'
import type { Dependency, PartOptions } from './part.ts'

/** The manifest that npm, pnpm and Yarn share. A library says what it publishes; everything else is private. */
export function packageJson(
  options: PartOptions,
  posture: Posture,
  direct: readonly Dependency[],
  test: string,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const range = posture.ranges === 'exact' ? '' : '^'
  return json({
    name: options.name,
    version: '1.0.0',
    ...(options.library ? { files: ['src'], exports: './src/index.js' } : { private: true }),
    type: 'module',
    scripts: { test },
    dependencies: Object.fromEntries(direct.map(({ name, version }) => [name, range + version])),
    ...more,
  })
}
