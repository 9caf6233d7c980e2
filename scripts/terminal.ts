/** One line on the terminal for one thing that goes on. On a terminal it is rewritten in place; in a file each tenth stays. */
export type ProgressLine = { show(done: number, total: number, words: string): void; end(words: string): void }

export function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}

export function progressLine(title: string): ProgressLine {
  const live = process.stdout.isTTY === true
  let tenth = -1
  return {
    show(done, total, words) {
      const share = total === 0 ? 1 : done / total
      if (live) process.stdout.write(`\r\x1b[2K${title} ${bar(share)} ${done}/${total} ${words}`.slice(0, columns()))
      else if (Math.floor(share * 10) > tenth) {
        tenth = Math.floor(share * 10)
        say(`${title} ${done}/${total} ${words}`)
      }
    },
    end(words) {
      if (live) process.stdout.write('\r\x1b[2K')
      say(`${title} ${words}`)
    },
  }
}

function bar(share: number): string {
  const full = Math.round(share * 20)
  return `${'█'.repeat(full)}${'░'.repeat(20 - full)}`
}

// A line that wraps cannot be rewritten in place; the five cover the escape that clears it.
function columns(): number {
  return (process.stdout.columns ?? 80) + 4
}

export function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`
}
