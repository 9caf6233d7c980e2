/** The lines of the first document of a YAML text, each with where its first character stands. */

const [NEWLINE, SPACE, HASH] = [10, 32, 35]

export class YamlLines {
  private readonly text: string
  /** Of each line; -1 for the mark that opens the document. The first character of a blank line is its end. */
  private readonly starts: number[] = []
  private readonly firsts: number[] = []
  /** False where a mark says more than that a document begins or ends. */
  readonly isPlain: boolean

  constructor(text: string) {
    this.text = text
    this.isPlain = this.cut()
  }

  get count(): number {
    return this.starts.length
  }

  private cut(): boolean {
    const { text } = this
    let saysSomething = false
    for (let start = 0; start < text.length; ) {
      const found = text.indexOf('\n', start)
      const end = found === -1 ? text.length : found
      let first = start
      while (first < end && text.charCodeAt(first) === SPACE) first++
      if (text[start] === '%') return false
      const mark = first === start ? text.slice(start, start + 3) : ''
      if ((mark === '---' || mark === '...') && (start + 3 === end || text.charCodeAt(start + 3) === SPACE)) {
        const rest = text.slice(start + 3, end).trim()
        if (rest !== '' && !rest.startsWith('#')) return false
        if (saysSomething) return true
        // A mark in front of everything opens the first document; a second one would leave it empty.
        if (mark === '...' || this.starts.includes(-1)) return false
        this.starts.push(-1)
        this.firsts.push(-1)
      } else {
        this.starts.push(start)
        this.firsts.push(first)
        saysSomething ||= first < end && text.charCodeAt(first) !== HASH
      }
      start = end + 1
    }
    return true
  }

  /** The first line from there on that is neither blank nor a comment. */
  says(from: number): number {
    let at = from
    while (at < this.count && this.isSilent(at)) at++
    return at
  }

  private isSilent(at: number): boolean {
    const first = this.firstOf(at)
    const code = first === -1 ? HASH : this.text.charCodeAt(first)
    return code === HASH || code === NEWLINE || first >= this.text.length
  }

  isBlank(at: number): boolean {
    return this.firstOf(at) === this.endOf(at)
  }

  startOf(at: number): number {
    return this.starts[at] ?? 0
  }

  firstOf(at: number): number {
    return this.firsts[at] ?? 0
  }

  indentOf(at: number): number {
    return this.firstOf(at) - this.startOf(at)
  }

  /** Without the line break. */
  endOf(at: number): number {
    const found = this.text.indexOf('\n', this.startOf(at))
    return found === -1 ? this.text.length : found
  }

  /** With the line break. */
  behind(at: number): number {
    return Math.min(this.endOf(at) + 1, this.text.length)
  }
}
