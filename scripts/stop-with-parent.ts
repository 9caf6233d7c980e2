// Loaded before a part's own code: a part whose parent is gone, even by kill -9, stops as if it had been asked to.
if (process.channel !== undefined) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
