/** JSON as a tree with places, from files that nobody vouches for. */
import { type Node, type ParseError, type ParseOptions, parseTree } from 'jsonc-parser'

/** `faults` in the order of their places; `tooDeep`: nested so deeply that the parser gave up, then there is no root. */
export type JsonTree = { root: Node | undefined; faults: readonly ParseError[]; tooDeep: boolean }

/** Never throws. With faults the root is what could be made out. */
export function jsonTree(text: string, options: ParseOptions = {}): JsonTree {
  const faults: ParseError[] = []
  try {
    return { root: parseTree(text, faults, options), faults, tooDeep: false }
  } catch (error) {
    if (error instanceof RangeError) return { root: undefined, faults, tooDeep: true }
    throw error
  }
}
