/** The library has no types of its own; only its table of registries is used. */
declare module 'lockfile-lint-api/src/common/constants.js' {
  const constants: { REGISTRY: Readonly<Record<'npm' | 'yarn' | 'verdaccio', string>> }
  export default constants
}
