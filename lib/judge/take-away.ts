/**
 * Loaded before anything else of a judge: takes away the ways out that Node's permission model leaves open before Node 25,
 * which are the network and signals to other processes. Where the system can, it refuses every new descriptor besides.
 */
import { builtinModules, syncBuiltinESMExports } from 'node:module'
import { Writable } from 'node:stream'

const TAKEN = /^(?:_http|_tls|https?|http2|net|tls|dgram|dns|child_process|cluster|worker_threads)(?:_|\/|$)/
const GLOBALS = ['fetch', 'WebSocket', 'EventSource']
const OF_PROCESS = ['kill', '_kill', '_debugProcess', 'binding', '_linkedBinding', 'dlopen']
const STREAMS = ['stdin', 'stdout', 'stderr']

function refuse(): never {
  throw new Error('A judge has no way out.')
}

/** Whoever made one before, or makes one in another way, finds it without its methods. */
function take(made: object): void {
  for (const [name, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(made))) {
    if (typeof value !== 'function' || value === refuse || name === 'constructor') continue
    if (value.prototype) take(value.prototype)
    if (writable) Reflect.set(made, name, refuse)
  }
}

// The streams of a process are sockets underneath; text that a library writes there goes nowhere.
for (const name of STREAMS) {
  const value = new Writable({ write: (_chunk, _encoding, done) => done() })
  Object.defineProperty(process, name, { value, configurable: false })
}
// Some make things when they are loaded; they are all loaded before the first is taken.
const taken = builtinModules.filter(name => TAKEN.test(name)).map(name => process.getBuiltinModule(name) as object)
for (const made of taken) take(made)
syncBuiltinESMExports()
for (const name of GLOBALS) Reflect.deleteProperty(globalThis, name)
for (const name of OF_PROCESS) Object.defineProperty(process, name, { value: refuse, configurable: false })
