import { visible } from './visible';

/** What is known of an error, for a log: its message in one line, then the frames of its stack, a line each. */
export function errorLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [visible(String(error))];
  const { name, message, stack = '' } = error;
  const head = visible(message === '' ? name : `${name}: ${message}`);
  // The stack begins with the message, which may have lines of its own: only frames are taken.
  const frames = stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return [head, ...frames.map((frame) => `    ${visible(frame.trim())}`)];
}
