const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Keeps the process alive while calls that change AWS are under way: whoever wants it to end (the client is gone, `exit`,
 * a signal) makes `stop` be called, and the process ends when the returned function is. The protocol's library ends the
 * process by itself, so `process.exit` is the one place to hold it.
 */
export function holdExit(stop: () => void): () => void {
  const real = process.exit;
  let wanted: { readonly code: number | undefined } | undefined;
  const held = (code?: number): void => {
    wanted ??= { code };
    stop();
  };
  const onSignal = (): void => held(1);
  process.exit = held as typeof process.exit;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    process.exit = real;
    for (const signal of signals) process.removeListener(signal, onSignal);
    if (wanted) real.call(process, wanted.code);
  };
}
