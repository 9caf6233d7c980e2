// Loaded before a part's own code: a part whose parent is gone, even by kill -9, stops as if it had been asked to. Only in
// the part itself: its own children load this too, and a channel that they wait on must keep them alive.
if (process.channel !== undefined && process.env.PLUMBLINE_STARTER === String(process.ppid)) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
