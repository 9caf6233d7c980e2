/** What happens to files: cut, shuffled, half merged, of another encoding, deeper and longer than anybody writes. */
import fc from 'fast-check'
import { decodeText } from '#lib/crawl/text.ts'

const NESTING = ['[', '{', '(', '<a>', '{"a":', '- ', '${', '${{', '$(', '"', "'", '&a ', '*a ', '\\', '`', ' ', '\t']
const STRANGE = [
  '\0',
  '\ufeff',
  '\ufffd',
  '\ud800',
  '\u2028',
  '\r',
  '\v',
  '<<<<<<< HEAD\n',
  '=======\n',
  '>>>>>>> other\n',
  '<<: *a\n',
  '__proto__',
  'constructor',
  `\${x}`,
  `\${{ x }}`,
  '../../..',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '99999999999999999999',
  '%00',
  '%',
]

const bytes = { utf8: 'utf8', wide: 'utf16le', latin: 'latin1' } as const

/** The text that the crawl makes of it in another encoding; `null` where it takes it for no text. */
function decodedAs(text: string, encoding: keyof typeof bytes, marked: boolean): string | null {
  return decodeText(Buffer.from(`${marked ? '\ufeff' : ''}${text}`, bytes[encoding])).text
}

/** What the crawl could hand out for a file that once was `whole`. */
export function mutated(whole: string): fc.Arbitrary<string> {
  const at = fc.nat(whole.length)
  const lines = whole.split('\n')
  const piece = fc.tuple(at, at).map(([a, b]) => whole.slice(Math.min(a, b), Math.max(a, b)))
  const mixed = fc.array(fc.oneof(piece, fc.constantFrom(...STRANGE, ...NESTING), fc.string({ unit: 'binary' })), {
    maxLength: 8,
  })
  return fc.oneof(
    at.map(end => whole.slice(0, end)),
    fc.tuple(at, fc.nat(20)).map(([from, length]) => whole.slice(0, from) + whole.slice(from + length)),
    fc.tuple(at, fc.constantFrom(...STRANGE)).map(([from, word]) => whole.slice(0, from) + word + whole.slice(from)),
    fc
      .tuple(at, fc.constantFrom(...NESTING), fc.nat(400))
      .map(([from, word, times]) => whole.slice(0, from) + word.repeat(times) + whole.slice(from)),
    fc.shuffledSubarray(lines).map(some => some.join('\n')),
    fc.tuple(piece, fc.nat(60)).map(([some, times]) => whole + some.repeat(times)),
    fc
      .tuple(fc.constantFrom('utf8', 'wide', 'latin'), fc.boolean())
      .map(([encoding, marked]) => decodedAs(whole, encoding, marked) ?? ''),
    mixed.map(parts => parts.join('')),
  )
}
